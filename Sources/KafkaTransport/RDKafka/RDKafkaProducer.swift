import CRdKafka
import OpenEdXEvents
import Synchronization

/// A producing client of librdkafka.
// Unchecked: librdkafka's handles may be used from any thread. `poll`, `flush` and `destroy` are for the client's thread
// alone, and `destroy` is its last act, when nobody sends any more.
final class RDKafkaProducer: @unchecked Sendable {
    private let client: OpaquePointer
    private let queue: OpaquePointer
    private let target: CallbackTarget
    private let isAlive = Locked(true)
    /// Handles by topic name: as many as topics were published to.
    private let topics = Locked<[String: TopicHandle]>([:])

    /// A topic as librdkafka knows it; lives as long as the client.
    private struct TopicHandle: @unchecked Sendable {
        // Unchecked: usable from any thread, as librdkafka says.
        let pointer: OpaquePointer
    }

    init(_ properties: [(name: String, value: String)], reports: ClientReports) throws(TransportError) {
        target = CallbackTarget(reports)
        do throws(InvalidConfiguration) {
            let settings = try ClientSettings(properties + [("log.queue", "true")])
            settings.report(to: target, isConsumer: false)
            client = try Self.make(settings)
        } catch {
            throw TransportError(.invalidArgument, error.description)
        }
        queue = rd_kafka_queue_get_main(client)
        rd_kafka_set_log_queue(client, nil)
    }

    private static func make(_ settings: consuming ClientSettings) throws(InvalidConfiguration) -> OpaquePointer {
        do throws(TransportError) {
            return try settings.makeClient(RD_KAFKA_PRODUCER)
        } catch {
            throw InvalidConfiguration([ConfigurationProblem(nil, "kafka", error.message)])
        }
    }

    /// librdkafka's version, two hexadecimal digits each for major, minor and revision, and two more.
    static var libraryVersion: Int32 { rd_kafka_version() }

    /// The number with which a broker refuses a request as too large.
    static var requestTooLarge: Int32 { RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue }

    /// Finds out whether librdkafka takes the properties, also together, without looking for brokers.
    static func check(_ properties: [(name: String, value: String)]) throws(InvalidConfiguration) {
        _ = try ClientSettings(properties)
        let alone = try ClientSettings(
            properties.filter { $0.name != "bootstrap.servers" && $0.name != "metadata.broker.list" })
        alone.beSilent()
        rd_kafka_destroy(try make(alone))
    }

    // MARK: Sending

    /// Hands messages over from an index on; those that cannot be sent are resolved.
    ///
    /// - Returns: The index of the first message for which there is no room; `nil` if all were handed over.
    func send(_ batch: DeliveryBatch, from first: Int) -> Int? {
        target.handOver.send()
        return withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 7) { parts in
            parts[0].vtype = RD_KAFKA_VTYPE_RKT
            parts[1].vtype = RD_KAFKA_VTYPE_PARTITION
            parts[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
            // Lent, not copied: see `lend`.
            parts[2].u.i = 0
            parts[3].vtype = RD_KAFKA_VTYPE_OPAQUE
            parts[4].vtype = RD_KAFKA_VTYPE_VALUE
            parts[5].vtype = RD_KAFKA_VTYPE_KEY
            parts[6].vtype = RD_KAFKA_VTYPE_HEADERS
            return batch.messages.withUnsafeBufferPointer { messages in
                var topic = ""
                for index in first..<messages.count {
                    if index == first || messages[index].topic != topic {
                        topic = messages[index].topic
                        guard let handle = handle(of: topic) else {
                            DeliveryBatch.resolve(
                                batch.slot(index), error: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue)
                            topic = ""
                            continue
                        }
                        parts[0].u.rkt = handle
                    }
                    parts[3].u.ptr = UnsafeMutableRawPointer(batch.slot(index))
                    let code = send(messages[index], parts)
                    if code == RD_KAFKA_RESP_ERR_NO_ERROR { continue }
                    if code == RD_KAFKA_RESP_ERR__QUEUE_FULL { return index }
                    DeliveryBatch.resolve(batch.slot(index), error: code.rawValue)
                }
                return nil
            }
        }
    }

    private func send(
        _ message: OutgoingMessage, _ parts: UnsafeMutableBufferPointer<rd_kafka_vu_t>
    ) -> rd_kafka_resp_err_t {
        parts[1].u.i32 = message.partition ?? RD_KAFKA_PARTITION_UA
        var headers: OpaquePointer?
        var count = 6
        if !message.headers.isEmpty {
            headers = Self.makeHeaders(message.headers)
            parts[6].u.headers = headers
            count = 7
        }
        (parts[4].u.mem.ptr, parts[4].u.mem.size) = Self.lend(message.value)
        let error = Self.withBytes(of: message.key) { key, size in
            parts[5].u.mem.ptr = key
            parts[5].u.mem.size = size
            return rd_kafka_produceva(client, parts.baseAddress, count)
        }
        guard let error else { return RD_KAFKA_RESP_ERR_NO_ERROR }
        defer { rd_kafka_error_destroy(error) }
        // Taken over with the message only.
        if let headers { rd_kafka_headers_destroy(headers) }
        return rd_kafka_error_code(error)
    }

    /// The bytes of a value, which stay where they are until the message is resolved.
    // Unsafe: the pointer outlives the call that lends it. An array's storage does not move while it is neither changed
    // nor freed, and the batch keeps its messages, as constants, until librdkafka has reported on each of them.
    private static func lend(_ value: [UInt8]?) -> (UnsafeMutableRawPointer?, Int) {
        withBytes(of: value) { ($0, $1) }
    }

    /// Lends bytes as C takes them: no bytes are a pointer all the same, nothing is none.
    private static func withBytes<Result>(
        of bytes: [UInt8]?, _ body: (UnsafeMutableRawPointer?, Int) -> Result
    ) -> Result {
        guard let bytes else { return body(nil, 0) }
        return bytes.withUnsafeBytes { buffer in
            // librdkafka never writes.
            body(UnsafeMutableRawPointer(mutating: buffer.baseAddress ?? Self.somewhere), buffer.count)
        }
    }

    /// Where an array without bytes may point.
    // Unsafe, but never read nor written.
    nonisolated(unsafe) private static let somewhere = UnsafeRawPointer(
        UnsafeMutablePointer<UInt8>.allocate(capacity: 1))

    private static func makeHeaders(_ headers: [MessageHeader]) -> OpaquePointer? {
        let list = rd_kafka_headers_new(headers.count)
        for header in headers {
            var name = header.name
            name.withUTF8 { name in
                withBytes(of: header.value) { value, size in
                    name.withMemoryRebound(to: CChar.self) { name in
                        _ = rd_kafka_header_add(list, name.baseAddress, name.count, value, size)
                    }
                }
            }
        }
        return list
    }

    private func handle(of topic: String) -> OpaquePointer? {
        topics.withLock { topics -> TopicHandle? in
            if let known = topics[topic] { return known }
            guard let new = rd_kafka_topic_new(client, topic, nil) else { return nil }
            let handle = TopicHandle(pointer: new)
            topics[topic] = handle
            return handle
        }?.pointer
    }

    // MARK: The client's thread

    /// Ends a poll, now or as soon as it begins; does nothing once the client is freed. From any thread.
    func wake() {
        isAlive.withLock { if $0 { rd_kafka_queue_yield(queue) } }
    }

    /// Serves reports, waiting for the first at most so many milliseconds; returns what else happened.
    func poll(milliseconds: Int32) -> [ClientEvent] {
        rd_kafka_poll(client, milliseconds)
        defer { target.events.removeAll(keepingCapacity: true) }
        return target.events
    }

    /// Sends what waits to be filled up, and serves reports, at most so many milliseconds; true if nothing is left.
    func flush(milliseconds: Int32) -> Bool {
        let code = rd_kafka_flush(client, milliseconds)
        target.events.removeAll(keepingCapacity: true)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Fails what is not sent yet, and with `inFlight` also what is sent but not answered.
    func purge(inFlight: Bool) {
        rd_kafka_purge(client, inFlight ? RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT : RD_KAFKA_PURGE_F_QUEUE)
    }

    /// How many messages have not been reported on.
    var unreported: Int32 { rd_kafka_outq_len(client) }

    /// Frees the client.
    func destroy() {
        isAlive.withLock { $0 = false }
        let handles = topics.withLock { topics in
            defer { topics = [:] }
            return Array(topics.values)
        }
        for handle in handles { rd_kafka_topic_destroy(handle.pointer) }
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy(client)
    }
}
