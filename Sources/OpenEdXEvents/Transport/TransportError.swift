/// Why a transport could not do what was asked.
///
/// Errors are equal if their codes are.
public struct TransportError: Error, Sendable {
    /// The kind of failure. The list may grow: a `switch` over it needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        package init(_ name: String) { description = name }

        /// The transport or subscription is shut down.
        public static let closed = Code("closed")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
        /// No broker answers.
        public static let unavailable = Code("unavailable")
        /// Not acknowledged in time: the message may or may not be stored.
        public static let timedOut = Code("timed out")
        /// There is no room for the message, and waiting for room is not configured.
        public static let full = Code("full")
        /// The topic or partition does not exist.
        public static let unknownTopic = Code("unknown topic")
        /// The message is larger than the transport takes.
        public static let messageTooLarge = Code("message too large")
        /// The credentials are refused.
        public static let authentication = Code("authentication failed")
        /// The operation is not permitted.
        public static let authorization = Code("not authorized")
        /// The partition belongs to another member now.
        public static let notAssigned = Code("not assigned")
        /// The transport cannot do this at all.
        public static let unsupported = Code("unsupported")
        /// An argument or a setting is wrong.
        public static let invalidArgument = Code("invalid argument")
        /// Anything else.
        public static let other = Code("other")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do, without payload values.
    public let message: String
    /// Whether the same call may succeed later.
    public let isRetriable: Bool
    /// Whether the transport as a whole is beyond repair and must be made anew.
    public let isFatal: Bool
    /// The transport's own number for the failure, such as librdkafka's.
    public let underlyingCode: Int32?

    /// Creates a transport error from its parts.
    public init(
        _ code: Code, _ message: String, isRetriable: Bool = false, isFatal: Bool = false,
        underlyingCode: Int32? = nil
    ) {
        self.code = code
        self.message = message
        self.isRetriable = isRetriable
        self.isFatal = isFatal
        self.underlyingCode = underlyingCode
    }
}

extension TransportError: Equatable {
    /// Whether the two are equal.
    public static func == (left: TransportError, right: TransportError) -> Bool { left.code == right.code }
}

extension TransportError: CustomStringConvertible {
    /// The value as text, for people.
    public var description: String { "\(code): \(message)" }
}
