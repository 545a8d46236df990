import CRdKafka
import OpenEdXEvents

/// A configuration of librdkafka, until a client takes it.
struct ClientSettings: ~Copyable {
    private let pointer: OpaquePointer
    private var isOwned = true

    /// - Throws: ``InvalidConfiguration`` with each property that librdkafka does not take, in its own words.
    init(_ properties: [(name: String, value: String)]) throws(InvalidConfiguration) {
        pointer = rd_kafka_conf_new()
        var problems: [ConfigurationProblem] = []
        for (name, value) in properties {
            var text = [CChar](repeating: 0, count: 512)
            guard rd_kafka_conf_set(pointer, name, value, &text, text.count) != RD_KAFKA_CONF_OK else { continue }
            // librdkafka repeats the value in its message: what may be a secret is not shown.
            let isSecret = name.contains("password") || name.contains("secret") || name.contains("pem")
            let reason = isSecret ? "the value is not possible" : String(decodingNullTerminated: text)
            problems.append(ConfigurationProblem(nil, name, reason))
        }
        if !problems.isEmpty {
            rd_kafka_conf_destroy(pointer)
            isOwned = false
            throw InvalidConfiguration(problems)
        }
    }

    deinit { if isOwned { rd_kafka_conf_destroy(pointer) } }

    /// Sends librdkafka's reports to the target, which must outlive the client.
    func report(to target: CallbackTarget, isConsumer: Bool) {
        rd_kafka_conf_set_opaque(pointer, Unmanaged.passUnretained(target).toOpaque())
        rd_kafka_conf_set_log_cb(pointer, Callbacks.log)
        rd_kafka_conf_set_error_cb(pointer, Callbacks.error)
        rd_kafka_conf_set_stats_cb(pointer, Callbacks.statistics)
        if isConsumer {
            rd_kafka_conf_set_rebalance_cb(pointer, Callbacks.rebalance)
        } else {
            rd_kafka_conf_set_dr_msg_cb(pointer, Callbacks.delivered)
        }
    }

    /// Makes troubles events, for a client whose queue is read for events.
    func reportErrorsAsEvents() { rd_kafka_conf_set_events(pointer, RD_KAFKA_EVENT_ERROR) }

    /// Says nothing: for a client that only finds out whether the properties go together.
    func beSilent() { rd_kafka_conf_set_log_cb(pointer, nil) }

    /// Makes a client, which begins to look for its brokers.
    consuming func makeClient(_ type: rd_kafka_type_t) throws(TransportError) -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(type, pointer, &text, text.count) else {
            throw TransportError(
                .invalidArgument, "the Kafka client cannot be made: \(String(decodingNullTerminated: text))")
        }
        isOwned = false
        return client
    }
}

extension ClientSettings {
    /// Makes a consuming client that reports to the target, which must outlive it.
    ///
    /// What reading stands on goes over what was configured: nothing is committed but by the transport's own book, and the
    /// end of a partition is told.
    static func makeConsumer(
        _ properties: [(name: String, value: String)], reportingTo target: CallbackTarget
    ) throws(TransportError) -> OpaquePointer {
        let fixed = [
            ("log.queue", "true"), ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
            ("enable.partition.eof", "true"), ("auto.offset.reset", "earliest"),
        ]
        let settings: ClientSettings
        do throws(InvalidConfiguration) {
            settings = try ClientSettings(properties + fixed.map { (name: $0.0, value: $0.1) })
        } catch {
            throw TransportError(.invalidArgument, error.description)
        }
        settings.report(to: target, isConsumer: true)
        return try settings.makeClient(RD_KAFKA_CONSUMER)
    }
}

extension String {
    /// The text up to the first zero.
    init(decodingNullTerminated characters: [CChar]) {
        self.init(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
