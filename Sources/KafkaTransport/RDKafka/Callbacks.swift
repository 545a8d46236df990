import CRdKafka
import OpenEdXEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What happened at a client, for its thread to act upon once librdkafka has returned.
enum ClientEvent: Sendable {
    case assigned([TopicPartition])
    /// To be given up; `isLost` if they belong to others already.
    case revoked([TopicPartition], isLost: Bool)
    /// A commit that was begun under this number is through.
    case committed(UInt64, CommitResult)
    case failed(TransportError)
}

/// What became of a commit: an error for all, or for some partitions.
struct CommitResult: Sendable {
    var error: TransportError?
    var failed: [TopicPartition: TransportError] = [:]
}

/// Where librdkafka's callbacks of one client leave what they learn.
// Unchecked: librdkafka calls back only while it is polled, so that only the client's thread touches this.
final class CallbackTarget: @unchecked Sendable {
    let reports: ClientReports
    var events: [ClientEvent] = []
    /// Whether a consumer waits for its group: what no function of librdkafka tells, its log does.
    var isRejoining = false
    /// Whether the group has taken a consumer in, and not told it yet, for the first time, what is for it.
    var awaitsFirstAssignment = false
    private var wasAssigned = false
    /// Orders what a publisher wrote before what the client's thread reads; librdkafka's locks do so too, but the thread
    /// sanitizer cannot see them.
    let handOver = HandOver()

    init(_ reports: ClientReports) { self.reports = reports }

    /// Takes note of the state of a consumer's membership, as librdkafka's log names it.
    func note(joinState state: Substring) {
        isRejoining = ["wait-join", "wait-metadata", "wait-sync"].contains(state)
        if state == "wait-assign-call" { wasAssigned = true }
        if ["wait-metadata", "wait-sync"].contains(state) || wasAssigned { awaitsFirstAssignment = !wasAssigned }
    }

    static func of(_ opaque: UnsafeMutableRawPointer?) -> CallbackTarget? {
        opaque.map { Unmanaged<CallbackTarget>.fromOpaque($0).takeUnretainedValue() }
    }
}

/// The functions that librdkafka calls.
enum Callbacks {
    static let delivered:
        @convention(c) (
            OpaquePointer?, UnsafePointer<rd_kafka_message_t>?, UnsafeMutableRawPointer?
        ) -> Void = { _, message, opaque in
            guard let message, let slot = message.pointee._private else { return }
            if let target = CallbackTarget.of(opaque) {
                target.handOver.receive()
                if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR { target.reports.succeeded() }
            }
            DeliveryBatch.resolve(
                slot.assumingMemoryBound(to: DeliveryBatch.Slot.self), error: message.pointee.err.rawValue,
                partition: message.pointee.partition, offset: message.pointee.offset)
        }

    static let log: @convention(c) (OpaquePointer?, Int32, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Void = {
        client, level, facility, text in
        guard let client, let text, let facility, let target = CallbackTarget.of(rd_kafka_opaque(client)) else {
            return
        }
        if level > 4 {
            if strcmp(facility, "CGRPJOINSTATE") == 0 { noteJoinState(String(cString: text), target) }
            return
        }
        target.reports.log(level: level, facility: String(cString: facility), String(cString: text))
    }

    /// Reads `changed join state A -> B (state C)`, as all versions write it. Without it a commit may meet a rebalance,
    /// and what it said be done again.
    private static func noteJoinState(_ text: String, _ target: CallbackTarget) {
        guard let arrow = text.firstRange(of: "-> ") else { return }
        target.note(joinState: text[arrow.upperBound...].prefix { $0 != " " })
    }

    static let error: @convention(c) (OpaquePointer?, Int32, UnsafePointer<CChar>?, UnsafeMutableRawPointer?) -> Void =
        {
            client, code, text, opaque in
            guard let client, let target = CallbackTarget.of(opaque) else { return }
            var code = rd_kafka_resp_err_t(rawValue: code)
            var detail = text.map { String(cString: $0) } ?? ""
            let isFatal = code == RD_KAFKA_RESP_ERR__FATAL
            if isFatal {
                var text = [CChar](repeating: 0, count: 512)
                code = rd_kafka_fatal_error(client, &text, text.count)
                detail = String(decodingNullTerminated: text)
            }
            let error = target.reports.noting(
                TransportError(code, target.reports.client, detail: detail, isFatal: isFatal))
            target.events.append(.failed(error))
            rd_kafka_yield(client)
        }

    static let statistics:
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, Int, UnsafeMutableRawPointer?) -> Int32 = {
            _, json, count, opaque in
            if let json, let target = CallbackTarget.of(opaque) {
                target.reports.note(statistics: Array(UnsafeRawBufferPointer(start: json, count: count)))
            }
            // librdkafka frees the text.
            return 0
        }

    static let rebalance:
        @convention(c) (
            OpaquePointer?, rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
            UnsafeMutableRawPointer?
        ) -> Void = { client, code, list, opaque in
            guard let client, let target = CallbackTarget.of(opaque) else { return }
            let partitions = list.map(PartitionList.names) ?? []
            switch code {
            case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: target.events.append(.assigned(partitions))
            case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
                target.events.append(.revoked(partitions, isLost: rd_kafka_assignment_lost(client) != 0))
            default:
                target.events.append(.failed(TransportError(code, "the rebalance of \(target.reports.client)")))
                target.events.append(.revoked(partitions, isLost: true))
            }
            rd_kafka_yield(client)
        }

    static let committed:
        @convention(c) (
            OpaquePointer?, rd_kafka_resp_err_t, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?,
            UnsafeMutableRawPointer?
        ) -> Void = { client, code, list, opaque in
            guard let client, let target = CallbackTarget.of(rd_kafka_opaque(client)) else { return }
            var result = CommitResult()
            let subject = "a commit of \(target.reports.client)"
            if code != RD_KAFKA_RESP_ERR__NO_OFFSET { result.error = TransportError.of(code, subject) }
            if let list {
                for (name, element) in PartitionList.elements(of: list) {
                    result.failed[name] = TransportError.of(element.err, subject)
                }
            }
            target.events.append(.committed(UInt64(UInt(bitPattern: opaque)), result))
            rd_kafka_yield(client)
        }

    /// Called by librdkafka's own threads: the client's thread, which may wait for messages, is to look at its replies.
    static let replied: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> Void = { _, queue in
        if let queue { rd_kafka_queue_yield(OpaquePointer(queue)) }
    }
}
