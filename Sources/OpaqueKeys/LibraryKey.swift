/// The key of a content library.
///
/// | Form | As in |
/// | --- | --- |
/// | ``Form/library`` | `lib:EduX:Physics` |
/// | ``Form/oldLibrary`` | `library-v1:EduX+Physics`, perhaps with `+branch@…` and `+version@…` |
public struct LibraryKey: OpaqueKey {
    /// The forms of library keys.
    public enum Form: Hashable, Sendable, CaseIterable {
        case library, oldLibrary
    }

    /// The text, as it was given.
    public let text: String

    /// Takes any text as it is.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// The key of a library by its parts. Throws if a part is empty or holds anything but letters,
    /// digits and `_-.`; those of the organization are of ASCII.
    public init(organization: String, library: String) throws(InvalidKey) {
        try self.init(validating: "lib:\(organization):\(library)")
    }

    /// What such a key names.
    public static let kind = "library key"

    /// Whether the text has a known form.
    public var isKnown: Bool { parts != nil }
    /// The form; `nil` if it is not known.
    public var form: Form? { parts?.form }
    /// The organization's short name.
    public var organization: String? { parts.map { String($0.names[0]) } }
    /// What tells the library from the others of the organization.
    public var library: String? { parts.map { String($0.names[1]) } }

    private var parts: (form: Form, names: [Substring])? {
        if let body = KeyGrammar.body(of: text, behind: "lib:") {
            return KeyGrammar.colonParts(body, .ascii, .words).map { (.library, $0) }
        }
        return KeyGrammar.body(of: text, behind: "library-v1:")
            .flatMap { PlusParts($0, placed: 2, named: ["branch?", "version?"]) }
            .map { (.oldLibrary, $0.placed) }
    }
}

/// The key of a section, subsection or unit of a content library: `lct:EduX:Physics:unit:pendulum-1`.
public struct ContainerKey: OpaqueKey {
    /// The text, as it was given.
    public let text: String

    /// Takes any text as it is.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// What such a key names.
    public static let kind = "container key"

    /// Whether the text has the known form.
    public var isKnown: Bool { parts != nil }
    /// The library that the container is in.
    public var libraryKey: LibraryKey? { parts.map { LibraryKey("lib:\($0[0]):\($0[1])") } }
    /// The kind of container: `section`, `subsection` or `unit`.
    public var containerType: String? { parts.map { String($0[2]) } }
    /// What tells the container from the others of the library.
    public var containerID: String? { parts.map { String($0[3]) } }

    private var parts: [Substring]? {
        KeyGrammar.body(of: text, behind: "lct:").flatMap { KeyGrammar.colonParts($0, .ascii, .words, .ascii, .words) }
    }
}

/// The key of a collection of a content library: `lib-collection:EduX:Physics:mechanics`.
public struct CollectionKey: OpaqueKey {
    /// The text, as it was given.
    public let text: String

    /// Takes any text as it is.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// What such a key names.
    public static let kind = "collection key"

    /// Whether the text has the known form.
    public var isKnown: Bool { parts != nil }
    /// The library that the collection is in.
    public var libraryKey: LibraryKey? { parts.map { LibraryKey("lib:\($0[0]):\($0[1])") } }
    /// What tells the collection from the others of the library.
    public var collectionID: String? { parts.map { String($0[2]) } }

    private var parts: [Substring]? {
        KeyGrammar.body(of: text, behind: "lib-collection:").flatMap {
            KeyGrammar.colonParts($0, .ascii, .words, .words)
        }
    }
}
