/// Why a payload could not be read or written: what, and where in the payload, never with which value.
public struct PayloadError: Error, Sendable {
    /// The kind of failure. The list may grow: a `switch` over it needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        package init(_ name: String) { description = name }

        /// The bytes are not JSON.
        public static let notJSON = Code("not JSON")
        /// There is no payload to read, or it is not JSON.
        public static let noData = Code("no JSON data")
        /// A value has another type than the one that is asked for.
        public static let wrongType = Code("wrong type")
        /// A required member is absent.
        public static let missing = Code("missing")
        /// A number does not fit in its type.
        public static let outOfRange = Code("out of range")
        /// A value is of the right type but not one of those allowed.
        public static let invalid = Code("invalid value")
        /// A number is infinite or not a number, which JSON cannot hold.
        public static let notFinite = Code("not finite")
        /// Values are nested more than 512 deep.
        public static let tooDeep = Code("too deep")
        /// A coder called the reader or the writer in an order that makes no JSON.
        public static let misuse = Code("coder misuse")
        /// A `Codable` type's own code threw.
        public static let coderFailed = Code("coder failed")
    }

    /// One reference, so that a call that may throw costs nothing where it does not.
    private final class Storage: Sendable {
        let code: Code
        let pointer: String?
        let offset: Int?
        let message: String

        init(code: Code, pointer: String?, offset: Int?, message: String) {
            self.code = code
            self.pointer = pointer
            self.offset = offset
            self.message = message
        }
    }

    private let storage: Storage

    /// Creates an error. Put no payload value into the message: events hold personal data.
    ///
    /// A coder need not say where it happened: the reader knows, and adds it.
    public init(_ code: Code, _ message: String) {
        self.init(code, pointer: nil, offset: nil, message)
    }

    package init(_ code: Code, pointer: String? = nil, offset: Int?, _ message: String) {
        storage = Storage(code: code, pointer: pointer, offset: offset, message: message)
    }

    package init(_ error: JSONError) {
        self.init(.notJSON, pointer: "", offset: error.offset, "\(error.code)")
    }

    /// The kind of failure.
    public var code: Code { storage.code }

    /// Where in the payload, as a JSON Pointer (RFC 6901): `/enrollment/user/id`, empty for the whole.
    public var pointer: String { storage.pointer ?? "" }

    /// Where in the payload, in bytes from its beginning, if it is known.
    public var offset: Int? { storage.offset }

    /// What is wrong and what to do, without payload values.
    public var message: String { storage.message }

    /// Whether the error already says where in the payload it happened.
    package var isLocated: Bool { storage.pointer != nil }

    /// The error with the place where it happened, kept if it has one.
    package func located(pointer: @autoclosure () -> String, offset: Int?) -> PayloadError {
        if isLocated { return self }
        return PayloadError(code, pointer: pointer(), offset: self.offset ?? offset, message)
    }
}

extension PayloadError: CustomStringConvertible {
    /// The value as text, for people.
    public var description: String {
        var text = "\(code)"
        if isLocated { text += pointer.isEmpty ? " in the payload" : " at \(pointer)" }
        if let offset { text += " (byte \(offset))" }
        return text + ": " + message
    }
}

extension PayloadError: Equatable {
    /// Errors are equal if code and pointer are.
    public static func == (left: PayloadError, right: PayloadError) -> Bool {
        left.code == right.code && left.pointer == right.pointer
    }
}
