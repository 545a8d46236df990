import CRdKafka
import OpenEdXEvents

/// A client of librdkafka that neither sends nor reads, and the queue on which its answers and troubles arrive.
///
/// Lives on one thread; every call blocks it until there is an answer or the deadline has passed.
final class AdminSession {
    let client: OpaquePointer
    private let queue: OpaquePointer
    private let reports: ClientReports
    private var number = 0
    /// The last trouble, which may be why no answer comes.
    private var trouble: TransportError?
    private var isKnownMock: Bool?

    static func make(_ properties: [(name: String, value: String)]) -> Result<AdminSession, TransportError> {
        do throws(TransportError) {
            return .success(try AdminSession(properties))
        } catch {
            return .failure(error)
        }
    }

    private init(_ properties: [(name: String, value: String)]) throws(TransportError) {
        let settings: ClientSettings
        do throws(InvalidConfiguration) {
            settings = try ClientSettings(properties)
        } catch {
            throw TransportError(.invalidArgument, error.description)
        }
        reports = ClientReports(
            "the admin client", label: "admin", observer: nil, properties: properties,
            libraryVersion: PropertyCatalogue.versionNumber)
        // Troubles come as events, so that one wait sees them and the answers.
        settings.beSilent()
        settings.reportErrorsAsEvents()
        client = try settings.makeClient(RD_KAFKA_CONSUMER)
        queue = rd_kafka_queue_new(client)
        let main = rd_kafka_queue_get_main(client)
        rd_kafka_queue_forward(main, queue)
        rd_kafka_queue_destroy(main)
    }

    deinit {
        let main = rd_kafka_queue_get_main(client)
        rd_kafka_queue_forward(main, nil)
        rd_kafka_queue_destroy(main)
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy(client)
    }

    /// Whether it is librdkafka's mock cluster, which neither lists groups nor says who is in one.
    ///
    /// It is not asked: a client of librdkafka 2.0 that was told that a broker cannot describe groups is never freed.
    func isMockCluster(_ deadline: Deadline) throws(TransportError) -> Bool {
        if let isKnownMock { return isKnownMock }
        _ = try cluster(deadline)
        // Came with the topics, where the brokers say it at all.
        let id = rd_kafka_clusterid(client, deadline.milliseconds(atMost: 1_000) ?? 0)
        defer { if let id { rd_kafka_mem_free(client, id) } }
        let isMock = id.map { String(cString: $0).hasPrefix("mockCluster") } ?? false
        isKnownMock = isMock
        return isMock
    }

    /// When a call must have its answer.
    struct Deadline {
        private let end: ContinuousClock.Instant

        init(_ limit: Duration) { end = .now + limit }

        private init(until end: ContinuousClock.Instant) { self.end = end }

        /// The deadline of a first try: so long from now, and no later than this one.
        func part(_ limit: Duration) -> Deadline { Deadline(until: min(end, .now + limit)) }

        /// What is left, in milliseconds, at least 1 and at most the limit; `nil` if nothing is.
        func milliseconds(atMost limit: Int32 = .max) -> Int32? {
            let left = (end - .now).wholeMilliseconds
            return left < 1 ? nil : Int32(clamping: min(left, Int64(limit)))
        }
    }

    /// Makes a request and returns its answer, to be freed by ``Answer``.
    ///
    /// - Parameters:
    ///   - operation: The kind of request.
    ///   - subject: What is asked, for errors: `creating topics`.
    ///   - start: Makes the request with these options, for this queue.
    func request(
        _ operation: rd_kafka_admin_op_t, _ subject: String, _ deadline: Deadline, onlyChecks: Bool = false,
        _ start: (OpaquePointer, OpaquePointer) -> Void
    ) throws(TransportError) -> Answer {
        number += 1
        let tag = UnsafeMutableRawPointer(bitPattern: number)
        guard let options = rd_kafka_AdminOptions_new(client, operation) else {
            throw TransportError(.unsupported, "\(subject): this librdkafka does not know the request")
        }
        defer { rd_kafka_AdminOptions_destroy(options) }
        rd_kafka_AdminOptions_set_opaque(options, tag)
        var text = [CChar](repeating: 0, count: 256)
        guard let milliseconds = deadline.milliseconds(atMost: 3_600_000) else { throw tooLate(subject) }
        _ = rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, &text, text.count)
        if operation == RD_KAFKA_ADMIN_OP_CREATETOPICS {
            _ = rd_kafka_AdminOptions_set_operation_timeout(options, milliseconds, &text, text.count)
            _ = rd_kafka_AdminOptions_set_validate_only(options, onlyChecks ? 1 : 0, &text, text.count)
        }
        start(options, queue)
        while let milliseconds = deadline.milliseconds() {
            guard let event = rd_kafka_queue_poll(queue, milliseconds) else { continue }
            // Destroyed at the end of the round, unless it is the answer.
            let answer = Answer(event)
            if rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR {
                try note(event, subject)
            } else if rd_kafka_event_opaque(event) == tag {
                let code = rd_kafka_event_error(event)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    // Where the request could not even be sent, the trouble says why.
                    if code == RD_KAFKA_RESP_ERR__TIMED_OUT { throw tooLate(subject) }
                    throw TransportError(code, subject, detail: String(cString: rd_kafka_event_error_string(event)))
                }
                return answer
            }
        }
        throw tooLate(subject)
    }

    /// Asks again while a broker says that it will know later, as one does that has just begun to lead a group.
    func retrying<Value>(
        _ subject: String, _ deadline: Deadline, _ body: () throws(TransportError) -> Value
    ) throws(TransportError) -> Value {
        while true {
            do throws(TransportError) {
                return try body()
            } catch {
                // What librdkafka itself found out has a negative number; it has waited already.
                guard error.isRetriable, error.underlyingCode ?? -1 > 0, deadline.milliseconds() != nil else {
                    throw error
                }
            }
            try noteTroubles(subject, for: deadline.milliseconds(atMost: 50) ?? 1)
        }
    }

    /// An answer, freed with its owner; what points into it must not outlive it.
    struct Answer: ~Copyable {
        let event: OpaquePointer

        init(_ event: OpaquePointer) { self.event = event }

        deinit { rd_kafka_event_destroy(event) }
    }

    /// Takes note of the troubles that have come, or come within so many milliseconds; throws one that no waiting mends.
    func noteTroubles(_ subject: String, for milliseconds: Int32 = 0) throws(TransportError) {
        while let event = rd_kafka_queue_poll(queue, milliseconds) {
            let event = Answer(event)
            if rd_kafka_event_type(event.event) == RD_KAFKA_EVENT_ERROR { try note(event.event, subject) }
        }
    }

    private func note(_ event: OpaquePointer, _ subject: String) throws(TransportError) {
        let error = reports.explained(
            TransportError(
                rd_kafka_event_error(event), subject, detail: String(cString: rd_kafka_event_error_string(event))))
        if error.code == .authentication { throw error }
        trouble = error
    }

    /// The error of a call without an answer, with the last trouble as the reason.
    func tooLate(_ subject: String) -> TransportError {
        guard let trouble else {
            return TransportError(.timedOut, "\(subject): no answer in time", isRetriable: true)
        }
        return TransportError(
            .unavailable, "\(subject): no answer in time; the last trouble was: \(trouble.message)", isRetriable: true,
            underlyingCode: trouble.underlyingCode)
    }

    /// Forgets the last trouble: an answer came.
    func noteSuccess() { trouble = nil }
}
