import CRdKafka
import OpenEdXEvents

/// A client of librdkafka that reads partitions without a group.
// Unchecked: all is for the client's thread alone but `wake`, which may be called from any thread.
final class RDKafkaReader: @unchecked Sendable {
    /// When brokers are to have answered.
    struct TimeLimit: Sendable {
        let end: ContinuousClock.Instant
        /// Whether nobody waits any more.
        let isCancelled: @Sendable () -> Bool

        /// What is left.
        var milliseconds: Int32 { Int32(clamping: max(0, ContinuousClock.now.duration(to: end).wholeMilliseconds)) }
    }

    /// What came in one go.
    struct Received {
        var messages: [IncomingMessage] = []
        /// The offset behind the last message, of partitions whose end was reached.
        var ends: [TopicPartition: Int64] = [:]
        var failure: TransportError?
    }

    private let client: OpaquePointer
    /// Messages and reports alike.
    private let queue: OpaquePointer
    private let target: CallbackTarget
    private var reader = MessageReader()
    private var topics: [String: OpaquePointer] = [:]
    private var started: [TopicPartition] = []

    init(_ properties: [(name: String, value: String)], reports: ClientReports) throws(TransportError) {
        target = CallbackTarget(reports)
        client = try ClientSettings.makeConsumer(
            properties + [(name: "allow.auto.create.topics", value: "false")], reportingTo: target)
        queue = rd_kafka_queue_get_main(client)
        rd_kafka_set_log_queue(client, queue)
    }

    /// Ends a wait, now or as soon as it begins. From any thread.
    func wake() { rd_kafka_queue_yield(queue) }

    /// Waits until a broker answers.
    func reach(within limit: TimeLimit) throws(TransportError) {
        rd_kafka_metadata_destroy(try metadata(of: nil, "looking for a broker", within: limit))
    }

    private func metadata(
        of topic: OpaquePointer?, _ subject: String, within limit: TimeLimit
    ) throws(TransportError) -> UnsafePointer<rd_kafka_metadata> {
        while true {
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(client, 0, topic, &metadata, min(limit.milliseconds, 250))
            if let metadata { return metadata }
            // What went wrong is known from the reports.
            rd_kafka_poll(client, 0)
            let trouble = target.reports.lastTrouble
            if limit.isCancelled() { throw TransportError(.cancelled, "\(subject) was cancelled") }
            // A broker that is not there yet may come; one that refuses the credentials goes on to do so.
            if limit.milliseconds <= 0 || trouble?.code == .authentication || !Self.mayPass(code) {
                throw trouble ?? TransportError(code, subject)
            }
        }
    }

    private static func mayPass(_ code: rd_kafka_resp_err_t) -> Bool {
        code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT
    }

    /// How many partitions a topic has.
    func partitions(of topic: String, within limit: TimeLimit) throws(TransportError) -> Int32 {
        let subject = "topic “\(topic)”"
        let metadata = try metadata(of: try handle(topic), subject, within: limit)
        defer { rd_kafka_metadata_destroy(metadata) }
        guard metadata.pointee.topic_cnt > 0 else { throw TransportError(.unknownTopic, "\(subject) does not exist") }
        let found = metadata.pointee.topics[0]
        guard found.err == RD_KAFKA_RESP_ERR_NO_ERROR else { throw TransportError(found.err, subject) }
        guard found.partition_cnt > 0 else { throw TransportError(.unknownTopic, "\(subject) does not exist") }
        return found.partition_cnt
    }

    /// The time that means the oldest message to ``offsets(_:from:within:)``.
    static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
    /// The time that means behind the newest message.
    static let end = Int64(RD_KAFKA_OFFSET_END)

    /// The first offsets whose messages are not older than a time, in milliseconds since 1970; none where there is none.
    func offsets(
        _ partitions: [TopicPartition], from time: Int64, within limit: TimeLimit
    ) throws(TransportError) -> [TopicPartition: Int64] {
        let list = PartitionList(partitions.map { (key: $0, value: time) })
        let subject = "asking for offsets"
        let code = rd_kafka_offsets_for_times(client, list.pointer, max(1, limit.milliseconds))
        rd_kafka_poll(client, 0)
        if let error = TransportError.of(code, subject) { throw target.reports.lastTrouble ?? error }
        if let code = list.firstError { throw TransportError(code, subject) }
        return list.offsets
    }

    /// Begins to read partitions at these offsets.
    func start(_ offsets: [TopicPartition: Int64]) throws(TransportError) {
        for (partition, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            let code = rd_kafka_consume_start_queue(
                try handle(partition.topic), partition.partition, offset, queue)
            guard code == 0 else { throw TransportError(rd_kafka_last_error(), "reading \(partition)") }
            started.append(partition)
        }
    }

    /// Waits at most so many milliseconds for the first message or report, and takes what has come.
    func receive(milliseconds: Int32, atMost limit: Int) -> Received {
        var received = Received()
        var timeout = milliseconds
        while received.messages.count < limit, let message = rd_kafka_consume_queue(queue, timeout) {
            defer { rd_kafka_message_destroy(message) }
            timeout = 0
            let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? ""
            switch message.pointee.err {
            case RD_KAFKA_RESP_ERR_NO_ERROR:
                received.messages.append(reader.read(message, topic: topic, assignment: AssignmentID(0)))
            case RD_KAFKA_RESP_ERR__PARTITION_EOF:
                received.ends[TopicPartition(topic: topic, partition: message.pointee.partition)] =
                    message.pointee.offset
            default:
                let error = TransportError(
                    message.pointee.err, topic.isEmpty ? "reading" : "reading topic “\(topic)”",
                    detail: rd_kafka_message_errstr(message).map { String(cString: $0) })
                if !error.isRetriable { received.failure = received.failure ?? error }
            }
        }
        for case .failed(let error) in target.events where error.isFatal || error.code == .authentication {
            received.failure = received.failure ?? error
        }
        target.events.removeAll(keepingCapacity: true)
        return received
    }

    /// Stops reading and frees the client.
    func destroy() {
        for partition in started {
            if let topic = topics[partition.topic] { rd_kafka_consume_stop(topic, partition.partition) }
        }
        for topic in topics.values { rd_kafka_topic_destroy(topic) }
        rd_kafka_queue_destroy(queue)
        rd_kafka_destroy(client)
    }

    private func handle(_ topic: String) throws(TransportError) -> OpaquePointer {
        if let known = topics[topic] { return known }
        guard let new = rd_kafka_topic_new(client, topic, nil) else {
            throw TransportError(rd_kafka_last_error(), "topic “\(topic)”")
        }
        topics[topic] = new
        return new
    }
}
