/// The key of a course run.
///
/// | Form | As in |
/// | --- | --- |
/// | ``Form/course`` | `course-v1:EduX+Physics101+2026`, perhaps with `+branch@…` and `+version@…` |
/// | ``Form/slashes`` | `EduX/Physics101/2026`, as old course runs have it |
/// | ``Form/ccx`` | `ccx-v1:EduX+Physics101+2026+ccx@7`, a custom course that a coach leads |
/// | ``Form/library`` | `library-v1:EduX+Physics`, an old content library, which passes for a course run |
public struct CourseKey: OpaqueKey {
    /// The forms of course keys.
    public enum Form: Hashable, Sendable, CaseIterable {
        case course, slashes, ccx, library
    }

    /// The text, as it was given.
    public let text: String

    /// Takes any text as it is.
    @inlinable
    public init(_ text: String) { self.text = text }

    /// The key of a course run by its parts. Throws if a part is empty or holds anything but letters, digits and `_-~.:`.
    public init(organization: String, course: String, run: String) throws(InvalidKey) {
        try self.init(validating: "course-v1:\(organization)+\(course)+\(run)")
    }

    /// What such a key names.
    public static let kind = "course key"

    /// Whether the text has a known form.
    public var isKnown: Bool { parts != nil }
    /// The form; `nil` if it is not known.
    public var form: Form? { parts?.form }
    /// The organization's short name.
    public var organization: String? { parts?.organization }
    /// The course's number or code; of an old library, its own.
    public var course: String? { parts?.course }
    /// The run; libraries have none.
    public var run: String? { parts?.run }
    /// The branch, such as `draft`, where the key has one.
    public var branch: String? { parts?.named?["branch"] }
    /// The version, where the key has one.
    public var version: String? { parts?.named?["version"] }
    /// The number of the custom course, where it is one.
    public var ccx: String? { parts?.named?["ccx"] }

    private struct Parts {
        let form: Form
        let organization: String
        let course: String
        var run: String?
        var named: PlusParts?
    }

    private var parts: Parts? {
        if let body = KeyGrammar.body(of: text, behind: "course-v1:") {
            return parts(of: body, form: .course, named: ["branch?", "version?"])
        }
        if let body = KeyGrammar.body(of: text, behind: "ccx-v1:") {
            return parts(of: body, form: .ccx, named: ["branch?", "version?", "ccx"])
        }
        if let body = KeyGrammar.body(of: text, behind: "library-v1:") {
            guard let parts = PlusParts(body, placed: 2, named: ["branch?", "version?"]) else { return nil }
            return Parts(
                form: .library, organization: String(parts.placed[0]), course: String(parts.placed[1]), named: parts)
        }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ KeyGrammar.isPart($0, .slash) }) else { return nil }
        return Parts(
            form: .slashes, organization: String(parts[0]), course: String(parts[1]), run: String(parts[2]))
    }

    private func parts(of body: Substring, form: Form, named names: [String]) -> Parts? {
        guard let parts = PlusParts(body, placed: 3, named: names) else { return nil }
        return Parts(
            form: form, organization: String(parts.placed[0]), course: String(parts.placed[1]),
            run: String(parts.placed[2]), named: parts)
    }
}
