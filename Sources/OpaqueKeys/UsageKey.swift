/// The key of a block: of a problem, a video, a unit, wherever it is used.
///
/// | Form | As in |
/// | --- | --- |
/// | ``Form/course`` | `block-v1:EduX+Physics101+2026+type@video+block@intro` |
/// | ``Form/ccx`` | `ccx-block-v1:EduX+Physics101+2026+ccx@7+type@video+block@intro` |
/// | ``Form/library`` | `lb:EduX:Physics:problem:pendulum` |
/// | ``Form/oldLibrary`` | `lib-block-v1:EduX+Physics+type@problem+block@pendulum` |
/// | ``Form/location`` | `i4x://EduX/Physics101/video/intro`, as old course runs have it |
/// | ``Form/aside`` | `aside-usage-v2:…::…`: what a service keeps beside a block |
public struct UsageKey: OpaqueKey {
    /// The forms of usage keys.
    public enum Form: Hashable, Sendable, CaseIterable {
        case course, ccx, library, oldLibrary, location, aside
    }

    /// The text, as it was given.
    public let text: String

    /// Takes any text as it is.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// The key of a block of a course run by its parts. Throws if the course key has another form than
    /// ``CourseKey/Form/course``, or a part is empty or holds anything but letters, digits and `_-~.:`.
    public init(course: CourseKey, blockType: String, blockID: String) throws(InvalidKey) {
        guard course.form == .course else { throw InvalidKey(kind: CourseKey.kind) }
        try self.init(validating: "block-v1:\(course.text.dropFirst(10))+type@\(blockType)+block@\(blockID)")
    }

    /// What such a key names.
    public static let kind = "usage key"

    /// Whether the text has a known form.
    public var isKnown: Bool { parts != nil }
    /// The form; `nil` if it is not known.
    public var form: Form? { parts?.form }
    /// The kind of block, such as `video`. Asides have none of their own.
    public var blockType: String? { parts?.blockType }
    /// What tells the block from the others of its kind.
    public var blockID: String? { parts?.blockID }
    /// The course run that the block is in, where the key says so: keys of the form ``Form/location`` lack the run.
    public var courseKey: CourseKey? { parts?.courseKey }
    /// The library that the block is in, where it is in one.
    public var libraryKey: LibraryKey? { parts?.libraryKey }

    private struct Parts {
        let form: Form
        var blockType: String?
        var blockID: String?
        var courseKey: CourseKey?
        var libraryKey: LibraryKey?
    }

    private var parts: Parts? {
        if let body = KeyGrammar.body(of: text, behind: "block-v1:") {
            return parts(of: body, .course, placed: 3, named: ["branch?", "version?"], context: "course-v1:")
        }
        if let body = KeyGrammar.body(of: text, behind: "ccx-block-v1:") {
            return parts(of: body, .ccx, placed: 3, named: ["branch?", "version?", "ccx"], context: "ccx-v1:")
        }
        if let body = KeyGrammar.body(of: text, behind: "lib-block-v1:") {
            return parts(of: body, .oldLibrary, placed: 2, named: ["branch?", "version?"], context: "library-v1:")
        }
        if let body = KeyGrammar.body(of: text, behind: "lb:") {
            guard let parts = KeyGrammar.colonParts(body, .ascii, .words, .ascii, .words) else { return nil }
            return Parts(
                form: .library, blockType: String(parts[2]), blockID: String(parts[3]),
                libraryKey: LibraryKey("lib:\(parts[0]):\(parts[1])"))
        }
        if let body = KeyGrammar.body(of: text, behind: "i4x://") { return location(body) }
        for prefix in ["aside-usage-v1:", "aside-usage-v2:"] {
            guard let body = KeyGrammar.body(of: text, behind: prefix) else { continue }
            let separator = body.utf8.indices.dropFirst().last { body.utf8[$0...].starts(with: "::".utf8) }
            guard let separator, body.utf8.distance(from: separator, to: body.endIndex) > 2 else { return nil }
            return Parts(form: .aside)
        }
        return nil
    }

    private func parts(
        of body: Substring, _ form: Form, placed: Int, named names: [String], context: String
    ) -> Parts? {
        guard let parts = PlusParts(body, placed: placed, named: names + ["type", "block"]),
            let type = parts["type"], let block = parts["block"]
        else { return nil }
        let end = body.utf8.count - "+type@+block@".utf8.count - type.utf8.count - block.utf8.count
        let place = body[..<body.utf8.index(body.startIndex, offsetBy: end)]
        let whole = context + place
        return Parts(
            form: form, blockType: type, blockID: block, courseKey: CourseKey(whole),
            libraryKey: form == .oldLibrary ? LibraryKey(whole) : nil)
    }

    /// Organization, course, kind of block and block, perhaps with `@` and a revision.
    private func location(_ body: Substring) -> Parts? {
        let parts = body.split(separator: "/", omittingEmptySubsequences: false)
        // The kind of block was never checked.
        guard parts.count == 4, parts[..<2].allSatisfy({ KeyGrammar.isPart($0, .slash) }), !parts[2].isEmpty else {
            return nil
        }
        let name = parts[3].split(separator: "@", omittingEmptySubsequences: false)
        guard name.count <= 2, name.allSatisfy({ KeyGrammar.isPart($0, .name) }) else {
            return nil
        }
        return Parts(form: .location, blockType: String(parts[2]), blockID: String(name[0]))
    }
}
