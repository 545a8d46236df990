public import OpenEdXEvents

/// A key of Open edX: a text that names a course run, a block, a library or a part of one, and that is opaque to whoever
/// only passes it on.
///
/// A key keeps its text byte for byte, and any text is kept: an event whose key has a form that is not known here is read
/// and written like any other (rule 23). What the text says is parsed when it is asked for, never when an event is read.
/// Keys are equal if their bytes are.
///
/// ```swift
/// let key: CourseKey = "course-v1:EduX+Physics101+2026"
/// key.run                                     // "2026"
/// try CourseKey(validating: "EduX.Physics")   // throws: no known form
/// ```
public protocol OpaqueKey: JSONPayload, Codable, Hashable, LosslessStringConvertible, ExpressibleByStringLiteral {
    /// What such a key names, for messages: `course key`.
    static var kind: String { get }

    /// The text, as it was given.
    var text: String { get }

    /// Takes any text as it is.
    init(_ text: String)

    /// Whether the text has a form that is known, and keeps the form's grammar.
    var isKnown: Bool { get }
}

extension OpaqueKey {
    /// Takes a text of a known form. Throws ``InvalidKey`` if it has none.
    public init(validating text: String) throws(InvalidKey) {
        self.init(text)
        guard isKnown else { throw InvalidKey(kind: Self.kind) }
    }

    /// Takes the text as it is; ``isKnown`` tells whether it has a known form.
    @inlinable
    public init(stringLiteral text: String) { self.init(text) }

    /// The text.
    public var description: String { text }

    /// Whether both texts have the same bytes.
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the text's bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    // MARK: - Coding

    /// Reads a string.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) { self.init(try json.readString()) }

    /// Writes a string.
    @inlinable
    public func write(to json: inout JSONWriter) { json.write(text) }

    /// Reads a string.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A text is no key of a known form. The text itself is not in the error.
public struct InvalidKey: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, such as `course key`.
    /// What was expected, such as `course key`.
    public let kind: String

    package init(kind: String) { self.kind = kind }

    /// The value as text, for people.
    public var description: String {
        "OEP41-23: the text is no \(kind) of a known form; compare it with the key's page"
    }
}
