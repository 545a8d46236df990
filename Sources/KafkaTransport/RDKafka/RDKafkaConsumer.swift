import CRdKafka
import OpenEdXEvents
import Synchronization

/// A consuming client of librdkafka.
// Unchecked: all is for the client's thread alone but `wake` and `stir`; the handles may be used from any thread.
final class RDKafkaConsumer: @unchecked Sendable {
    /// Messages of one partition in order, under one assignment.
    struct Run {
        let assignment: AssignmentID
        var messages: [IncomingMessage] = []
        var bytes = 0
    }

    /// What came in one go.
    struct Received {
        var runs: [Run] = []
        /// The partitions whose end was reached, each with the offset behind the last message.
        var ends: [(TopicPartition, Int64)] = []
        var events: [ClientEvent] = []
    }

    private let client: OpaquePointer
    private let queue: OpaquePointer
    /// Answers to commits, and log lines, apart from the messages so that they do not wait behind them.
    private let replies: OpaquePointer
    /// What still comes once the client leaves its group.
    private var lastWords: OpaquePointer?
    private let target: CallbackTarget
    private let isAlive = Locked(true)
    private var reader: MessageReader

    /// librdkafka took a thousandth of a seek's time-out before 2.1.0.
    private static let seekTimeoutFactor: Int32 = rd_kafka_version() < 0x0201_0000 ? 1_000 : 1

    /// - Parameter pool: Where spent messages are, to be made anew.
    init(
        _ properties: [(name: String, value: String)], reports: ClientReports, pool: MessagePool? = nil
    ) throws(TransportError) {
        reader = MessageReader(pool)
        target = CallbackTarget(reports)
        // The log tells what no function does: where the member is in its group.
        let debug = properties.last { $0.name == "debug" }.map { $0.value + ",cgrp" } ?? "cgrp"
        client = try ClientSettings.makeConsumer(
            properties + [(name: "debug", value: debug)], reportingTo: target)
        rd_kafka_poll_set_consumer(client)
        queue = rd_kafka_queue_get_consumer(client)
        replies = rd_kafka_queue_new(client)
        rd_kafka_queue_cb_event_enable(replies, Callbacks.replied, UnsafeMutableRawPointer(queue))
        // Beside the messages too: what they say of the group is wanted at once.
        rd_kafka_set_log_queue(client, replies)
    }

    // MARK: From any thread

    /// Ends a wait, now or as soon as it begins; does nothing once the client is freed, which a late settlement may find.
    func wake() {
        isAlive.withLock { isAlive in
            guard isAlive else { return }
            rd_kafka_queue_yield(queue)
            rd_kafka_queue_yield(replies)
        }
    }

    /// Whether the member has asked to join and its number of the generation may be out of date. Known as of the last
    /// ``rest(milliseconds:)``.
    var isRejoining: Bool { target.isRejoining }

    /// Whether the group has taken the member in, and not told it yet what is for it. Known like ``isRejoining``.
    var awaitsFirstAssignment: Bool { target.awaitsFirstAssignment }

    // MARK: Receiving

    func subscribe(to topics: [String]) throws(TransportError) {
        let list = PartitionList(topics: topics)
        if let error = TransportError.of(
            rd_kafka_subscribe(client, list.pointer), "subscribing to \(topics.joined(separator: ", "))")
        {
            throw error
        }
    }

    /// Waits at most so many milliseconds for the first message or event, and takes what has come.
    ///
    /// - Parameter assignment: Under which assignment a partition is read; its messages are dropped if there is none.
    func receive(
        milliseconds: Int32, atMost limit: Int, bytes: Int, assignment: (TopicPartition) -> AssignmentID?
    ) -> Received {
        var received = Received()
        var run: (topic: OpaquePointer?, partition: Int32, name: TopicPartition, index: Int?)?
        var timeout = milliseconds
        var count = 0
        var size = 0
        reader.restock()
        while count < limit, size < bytes, let message = rd_kafka_consumer_poll(client, timeout) {
            defer { rd_kafka_message_destroy(message) }
            timeout = 0
            guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                note(message, &received)
                continue
            }
            if run == nil || run?.topic != message.pointee.rkt || run?.partition != message.pointee.partition {
                let name = Self.name(of: message)
                var index: Int?
                if let id = assignment(name) {
                    index = received.runs.count
                    received.runs.append(Run(assignment: id))
                }
                run = (message.pointee.rkt, message.pointee.partition, name, index)
            }
            count += 1
            guard let (_, _, name, index) = run, let index else { continue }
            let weight = message.pointee.len + message.pointee.key_len
            size += weight
            received.runs[index].bytes += weight
            received.runs[index].messages.append(
                reader.read(message, topic: name.topic, assignment: received.runs[index].assignment))
            if !target.events.isEmpty { break }
        }
        received.events += target.events
        target.events.removeAll(keepingCapacity: true)
        if count > 0 { target.reports.succeeded() }
        return received
    }

    /// Waits at most so many milliseconds for answers to commits, without taking messages.
    func rest(milliseconds: Int32) -> [ClientEvent] {
        rd_kafka_queue_poll_callback(replies, milliseconds)
        defer { target.events.removeAll(keepingCapacity: true) }
        return target.events
    }

    /// How many messages and events librdkafka holds for the client.
    var queued: Int { rd_kafka_queue_length(queue) }

    /// Whether a broker's thread that has fetched enough looks by itself, before a second is over, if more is wanted.
    static let fetchesByItself = rd_kafka_version() >= 0x0202_0000

    /// Has the brokers' threads look whether more is to be fetched, by asking the partitions' leaders for something. From
    /// any thread.
    ///
    /// Waits for their answers, which are not wanted, at most so many milliseconds.
    func stir(_ partitions: [TopicPartition], milliseconds: Int32) {
        _ = try? askForOffsets(partitions, from: Self.end, milliseconds: milliseconds)
    }

    private func note(_ message: UnsafeMutablePointer<rd_kafka_message_t>, _ received: inout Received) {
        if message.pointee.err == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            received.ends.append((Self.name(of: message), message.pointee.offset))
            return
        }
        var subject = target.reports.client
        if message.pointee.rkt != nil { subject += ", \(Self.name(of: message))" }
        let error = TransportError(
            message.pointee.err, subject, detail: rd_kafka_message_errstr(message).map { String(cString: $0) })
        received.events.append(.failed(target.reports.noting(error)))
    }

    private static func name(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> TopicPartition {
        TopicPartition(
            topic: message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "",
            partition: message.pointee.partition)
    }

    // MARK: Assignments

    private var isCooperative: Bool { String(cString: rd_kafka_rebalance_protocol(client)) == "COOPERATIVE" }

    /// Takes partitions over and reads them from these offsets on.
    func assign(_ offsets: [TopicPartition: Int64]) -> TransportError? {
        let list = PartitionList(offsets)
        let subject = "taking over partitions in \(target.reports.client)"
        if isCooperative { return .taking(rd_kafka_incremental_assign(client, list.pointer), subject) }
        return .of(rd_kafka_assign(client, list.pointer), subject)
    }

    /// Gives partitions up: these, or all where groups rebalance the eager way.
    func unassign(_ partitions: [TopicPartition]) -> TransportError? {
        let subject = "giving up partitions in \(target.reports.client)"
        let list = PartitionList(partitions)
        // A pause would else outlive the assignment.
        rd_kafka_resume_partitions(client, list.pointer)
        if isCooperative {
            return .taking(rd_kafka_incremental_unassign(client, list.pointer), subject)
        }
        return .of(rd_kafka_assign(client, nil), subject)
    }

    /// Fetches nothing more of these partitions, and drops what was fetched ahead.
    func pause(_ partitions: [TopicPartition]) {
        let list = PartitionList(partitions)
        rd_kafka_pause_partitions(client, list.pointer)
    }

    /// Fetches again. The place is sought before, since it is not the one where librdkafka stopped.
    func resume(_ offsets: [TopicPartition: Int64]) -> TransportError? {
        let error = seek(offsets)
        let list = PartitionList(offsets.keys)
        rd_kafka_resume_partitions(client, list.pointer)
        return error
    }

    /// Goes on reading elsewhere. What was fetched before does not come any more.
    func seek(_ offsets: [TopicPartition: Int64]) -> TransportError? {
        let list = PartitionList(offsets)
        let subject = "moving partitions of \(target.reports.client)"
        let error = TransportError.taking(
            rd_kafka_seek_partitions(client, list.pointer, 5_000 * Self.seekTimeoutFactor), subject)
        return error ?? list.firstError.map { TransportError($0, subject) }
    }

    /// Asks which topics there are, so that the group takes notice of new ones; returns those that can be read.
    @discardableResult
    func refreshTopics(milliseconds: Int32) -> Set<String> {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        guard rd_kafka_metadata(client, 1, nil, &metadata, milliseconds) == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata
        else { return [] }
        defer { rd_kafka_metadata_destroy(metadata) }
        let topics = UnsafeBufferPointer(start: metadata.pointee.topics, count: Int(metadata.pointee.topic_cnt))
        return Set(topics.lazy.filter { $0.err == RD_KAFKA_RESP_ERR_NO_ERROR }.map { String(cString: $0.topic) })
    }

    // MARK: Offsets

    /// What the group has committed.
    func committed(
        _ partitions: [TopicPartition], milliseconds: Int32
    ) throws(TransportError) -> [TopicPartition: CommittedPlace] {
        guard !partitions.isEmpty else { return [:] }
        let list = PartitionList(partitions)
        let subject = "asking what \(target.reports.client) has committed"
        if let error = TransportError.of(rd_kafka_committed(client, list.pointer, milliseconds), subject) {
            throw error
        }
        if let code = list.firstError { throw TransportError(code, subject) }
        return list.places
    }

    /// The first offsets whose messages are not older than a time, in milliseconds since 1970; none where there is none.
    ///
    /// The leaders are asked as librdkafka knows them. If one of them says that it leads no more, librdkafka would go on
    /// to ask it until it next refreshes what it knows of topics, minutes later: it is made to, and asked once more.
    ///
    /// - Parameter dispensable: Partitions that may be missing in the answer, if they have no leader even then.
    func offsets(
        _ partitions: [TopicPartition], from time: Int64, milliseconds: Int32, dispensable: Set<TopicPartition> = []
    ) throws(TransportError) -> [TopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        do throws(TransportError) {
            return try askForOffsets(partitions, from: time, milliseconds: milliseconds)
        } catch {
            guard let code = error.underlyingCode, Self.staleLeaders.contains(code) else { throw error }
            refreshTopics(milliseconds: min(milliseconds, 1_000))
            // What did not answer in time need not be asked in vain again: the caller comes back.
            guard code > 0 else { throw error }
            return try askForOffsets(
                partitions, from: time, milliseconds: milliseconds, dispensable: dispensable)
        }
    }

    /// What brokers answer that do not lead a partition any more, or not yet; or that none answers.
    private static let staleLeaders: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT,
        ].map(\.rawValue))

    private func askForOffsets(
        _ partitions: [TopicPartition], from time: Int64, milliseconds: Int32, dispensable: Set<TopicPartition> = []
    ) throws(TransportError) -> [TopicPartition: Int64] {
        let list = PartitionList(partitions.map { (key: $0, value: time) })
        let subject = "asking for offsets in \(target.reports.client)"
        if let error = TransportError.of(rd_kafka_offsets_for_times(client, list.pointer, milliseconds), subject) {
            throw error
        }
        for (name, element) in PartitionList.elements(of: list.pointer) where element.err != RD_KAFKA_RESP_ERR_NO_ERROR
        {
            if dispensable.contains(name), Self.staleLeaders.contains(element.err.rawValue) { continue }
            throw TransportError(element.err, subject)
        }
        return list.offsets
    }

    /// The time that means the oldest message to ``offsets(_:from:milliseconds:)``.
    static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
    /// The time that means behind the newest message.
    static let end = Int64(RD_KAFKA_OFFSET_END)

    /// The offset behind the newest message, as the last fetch has told; `nil` before the first.
    func lastKnownEnd(of partition: TopicPartition) -> Int64? {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(client, partition.topic, partition.partition, &low, &high)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    /// Commits; the event that tells the result carries the number.
    func commit(_ places: [TopicPartition: CommittedPlace], number: UInt64) throws(TransportError) {
        let list = PartitionList(places)
        let code = rd_kafka_commit_queue(
            client, list.pointer, replies, Callbacks.committed, UnsafeMutableRawPointer(bitPattern: UInt(number)))
        if let error = TransportError.of(code, "a commit of \(target.reports.client)") { throw error }
    }

    // MARK: The end

    /// Begins to leave the group. Events go on until ``isClosed``.
    func beginClose() -> TransportError? {
        lastWords = rd_kafka_queue_new(client)
        return .taking(rd_kafka_consumer_close_queue(client, lastWords), "leaving \(target.reports.client)")
    }

    var isClosed: Bool { rd_kafka_consumer_closed(client) != 0 }

    /// Before 2.3.0 librdkafka ends the process when a client is freed that joined a group by `cooperative-sticky` and
    /// never got to know what is for it (its issue 4312).
    private static let diesUnassigned = rd_kafka_version() < 0x0203_0000

    /// Frees the client; without closing it before, the group does not notice until its session is over.
    ///
    /// Where that would end the process, the client stays, with its threads, and `false` is returned: it has left its
    /// group, and does nothing any more.
    @discardableResult
    func destroy() -> Bool {
        isAlive.withLock { $0 = false }
        // What the log still says of the group.
        while rd_kafka_queue_poll_callback(replies, 0) > 0 {}
        // An answer that comes now must not wake a queue that is freed.
        rd_kafka_queue_cb_event_enable(replies, nil, nil)
        guard !(Self.diesUnassigned && target.awaitsFirstAssignment) else {
            // Nobody reads what it would still have to say: a queue that is freed takes nothing in.
            rd_kafka_set_log_level(client, 0)
            let sink = rd_kafka_queue_new(client)
            rd_kafka_queue_forward(queue, sink)
            rd_kafka_queue_destroy(sink)
            // Its callbacks come back here.
            _ = Unmanaged.passRetained(self)
            return false
        }
        rd_kafka_queue_destroy(queue)
        rd_kafka_queue_destroy(replies)
        if let lastWords { rd_kafka_queue_destroy(lastWords) }
        rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
        return true
    }
}
