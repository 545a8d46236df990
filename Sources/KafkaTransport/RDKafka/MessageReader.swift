import CRdKafka
import OpenEdXEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Copies messages out of librdkafka's memory: each byte once, and headers that repeat not at all.
struct MessageReader {
    /// The headers of the message before: in structured mode all messages have the same.
    private var last: [MessageHeader] = []
    private var maker: MessageMaker

    /// - Parameter pool: Where spent messages are, to be made anew.
    init(_ pool: MessagePool? = nil) { maker = MessageMaker(pool) }

    /// Looks for spent messages: to be called before several are read.
    mutating func restock() { maker.restock() }

    /// Copies a message.
    mutating func read(
        _ message: UnsafePointer<rd_kafka_message_t>, topic: String, assignment: AssignmentID
    ) -> IncomingMessage {
        maker.make(
            at: IncomingMessage.Place(
                topic: topic, partition: message.pointee.partition, offset: message.pointee.offset,
                assignment: assignment),
            key: Self.bytes(message.pointee.key, message.pointee.key_len), headers: headers(of: message),
            value: Self.bytes(message.pointee.payload, message.pointee.len),
            timestamp: EventTime(milliseconds: max(0, rd_kafka_message_timestamp(message, nil))))
    }

    private static func bytes(_ pointer: UnsafeRawPointer?, _ count: Int) -> UnsafeRawBufferPointer? {
        pointer.map { UnsafeRawBufferPointer(start: $0, count: count) }
    }

    private static func copy(_ pointer: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        bytes(pointer, count).map { Array($0) }
    }

    private mutating func headers(of message: UnsafePointer<rd_kafka_message_t>) -> [MessageHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        let count = rd_kafka_header_cnt(list)
        var headers: [MessageHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        for index in 0..<count {
            guard rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR, let name
            else { break }
            let isRepeated = index < last.count && Self.equals(last[index], name, value, size)
            // As long as all are as before, nothing is made.
            if isRepeated, headers.isEmpty { continue }
            if headers.isEmpty {
                headers.reserveCapacity(count)
                headers.append(contentsOf: last.prefix(index))
            }
            headers.append(
                isRepeated ? last[index] : MessageHeader(String(cString: name), Self.copy(value, size)))
        }
        if headers.isEmpty, count == last.count { return last }
        if headers.isEmpty { headers = Array(last.prefix(count)) }
        last = headers
        return headers
    }

    private static func equals(
        _ header: MessageHeader, _ name: UnsafePointer<CChar>, _ value: UnsafeRawPointer?, _ size: Int
    ) -> Bool {
        switch (header.value, value) {
        case (nil, nil): break
        case (let known?, let value?):
            guard known.count == size, known.withUnsafeBytes({ isEqual($0, value) })
            else { return false }
        default: return false
        }
        var known = header.name
        return known.withUTF8 { known in
            strlen(name) == known.count && isEqual(UnsafeRawBufferPointer(known), name)
        }
    }

    private static func isEqual(_ known: UnsafeRawBufferPointer, _ other: UnsafeRawPointer) -> Bool {
        guard let start = known.baseAddress else { return true }
        return memcmp(start, other, known.count) == 0
    }
}
