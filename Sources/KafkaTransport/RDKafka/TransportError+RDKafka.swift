import CRdKafka
import OpenEdXEvents

extension TransportError {
    /// An error of librdkafka.
    ///
    /// - Parameters:
    ///   - code: What librdkafka says.
    ///   - subject: What was being done to what, such as `a message of topic “t”`.
    ///   - detail: librdkafka's own words for this very failure, where it has any.
    init(
        _ code: rd_kafka_resp_err_t, _ subject: String, detail: String? = nil, isFatal: Bool = false
    ) {
        let kind = Self.kind(of: code)
        self.init(
            kind, "\(subject): \(detail ?? String(cString: rd_kafka_err2str(code)))",
            isRetriable: !isFatal && Self.isRetriable(code, kind), isFatal: isFatal || code == RD_KAFKA_RESP_ERR__FATAL,
            underlyingCode: code.rawValue)
    }

    private static func kind(of code: rd_kafka_resp_err_t) -> Code {
        switch code {
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            .timedOut
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
            .unavailable
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: .full
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            .unknownTopic
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .messageTooLarge
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL, RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
            .authentication
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            .authorization
        case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
            RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
            .notAssigned
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT, RD_KAFKA_RESP_ERR__DESTROY: .closed
        case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__CONFLICT, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
            RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
            RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT, RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
            .invalidArgument
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
            RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
            .unsupported
        default: .other
        }
    }

    private static func isRetriable(_ code: rd_kafka_resp_err_t, _ kind: Code) -> Bool {
        switch kind {
        case .timedOut, .unavailable, .full: true
        case .notAssigned: code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS
        default:
            code == RD_KAFKA_RESP_ERR_INVALID_MSG || code == RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT
                || code == RD_KAFKA_RESP_ERR__BAD_MSG || code == RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER
        }
    }

    /// Takes an error object of librdkafka, and frees it.
    static func taking(_ error: OpaquePointer?, _ subject: String) -> TransportError? {
        guard let error else { return nil }
        defer { rd_kafka_error_destroy(error) }
        return TransportError(
            rd_kafka_error_code(error), subject, detail: String(cString: rd_kafka_error_string(error)),
            isFatal: rd_kafka_error_is_fatal(error) != 0)
    }

    /// What a list's own error, or else its elements', says.
    static func of(_ code: rd_kafka_resp_err_t, _ subject: String) -> TransportError? {
        code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : TransportError(code, subject)
    }
}

extension ClientReports {
    /// Why a message was not stored, by librdkafka's number and by what is known of the client.
    func error(_ number: Int32, ofTopic topic: String) -> TransportError {
        let code = rd_kafka_resp_err_t(rawValue: number)
        let subject = "a message of topic “\(topic)”"
        let trouble = lastTrouble
        switch code {
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE where !isShuttingDown:
            guard let trouble else { break }
            return TransportError(
                trouble.code, "\(subject): \(trouble.message)", underlyingCode: trouble.underlyingCode)
        case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
            return TransportError(.closed, "shut down before \(subject) was stored", underlyingCode: number)
        case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
            return TransportError(
                .closed, "shut down while \(subject) was under way: it may or may not be stored", underlyingCode: number
            )
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
            guard let trouble else { break }
            let isRefused = trouble.code == .authentication
            return TransportError(
                isRefused ? .authentication : .timedOut,
                "\(subject): not acknowledged in time; the last trouble was: \(trouble.message)",
                isRetriable: !isRefused, underlyingCode: number)
        default: break
        }
        return TransportError(code, subject)
    }
}
