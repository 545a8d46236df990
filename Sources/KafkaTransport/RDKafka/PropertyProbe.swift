import CRdKafka

/// A configuration of librdkafka that is made only to be asked whether it takes a value.
struct PropertyProbe: ~Copyable {
    /// What librdkafka thinks of a value.
    enum Verdict: Equatable {
        case accepted
        case unknown
        /// Refused, in librdkafka's words, which may repeat the value.
        case refused(String)
    }

    private let configuration = rd_kafka_conf_new()

    deinit { rd_kafka_conf_destroy(configuration) }

    /// Sets a property and says what came of it.
    borrowing func set(_ name: String, _ value: String) -> Verdict {
        var text = [CChar](repeating: 0, count: 512)
        switch rd_kafka_conf_set(configuration, name, value, &text, text.count) {
        case RD_KAFKA_CONF_OK: return .accepted
        case RD_KAFKA_CONF_UNKNOWN: return .unknown
        default:
            let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return .refused(words.split(whereSeparator: \.isNewline).joined(separator: " "))
        }
    }
}
