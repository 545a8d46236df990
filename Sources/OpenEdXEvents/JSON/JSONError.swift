/// Why bytes are not a JSON document, and where.
public struct JSONError: Error, Hashable, Sendable {
    /// The kind of failure. The list may grow: a `switch` over it needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let number: UInt8

        private init(_ number: UInt8) { self.number = number }

        /// The document ends within a value.
        public static let unexpectedEnd = Code(0)
        /// A byte that the grammar does not allow there.
        public static let unexpectedByte = Code(1)
        /// A string holds bytes that are not UTF-8: overlong, a surrogate, above U+10FFFF, or cut short.
        public static let invalidUTF8 = Code(2)
        /// A string holds a control character that is not escaped.
        public static let controlCharacter = Code(3)
        /// A backslash is followed by something that is no escape.
        public static let invalidEscape = Code(4)
        /// An escaped surrogate stands alone.
        public static let loneSurrogate = Code(5)
        /// A number that the grammar does not allow.
        public static let invalidNumber = Code(6)
        /// A name stands twice in one object.
        public static let duplicateName = Code(7)
        /// Arrays and objects are nested more than 512 deep.
        public static let tooDeep = Code(8)
        /// Something follows the document.
        public static let trailingBytes = Code(9)
        /// The document begins with a byte order mark.
        public static let byteOrderMark = Code(10)
        /// The document is larger than 2 GiB.
        public static let tooLarge = Code(11)

        /// What is wrong, in words.
        public var description: String {
            switch self {
            case .unexpectedEnd: "the document ends too early"
            case .unexpectedByte: "a byte that is not allowed there"
            case .invalidUTF8: "bytes that are not UTF-8"
            case .controlCharacter: "a control character that is not escaped"
            case .invalidEscape: "an escape that JSON does not have"
            case .loneSurrogate: "an escaped surrogate without its other half"
            case .invalidNumber: "a number that is not formed as JSON wants it"
            case .duplicateName: "a name that stands twice in its object"
            case .tooDeep: "arrays and objects nested more than 512 deep"
            case .trailingBytes: "bytes after the end of the document"
            case .byteOrderMark: "a byte order mark, which JSON does not allow"
            default: "a document of more than 2 GiB"
            }
        }
    }

    /// The kind of failure.
    public let code: Code
    /// Where it is, in bytes from the beginning of the document. For a name that stands twice, the second one.
    public let offset: Int

    package init(_ code: Code, offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// The value as text, for people.
    public var description: String { "not JSON: \(code) at byte \(offset)" }
}
