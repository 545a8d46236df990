import OpenEdXEvents

/// An event whose number may be one that JSON cannot hold.
struct GradeMeasured: Event, Codable {
    static let type: EventType = "org.openedx.learning.grade.measured.v1"

    var learner: String
    var grade: Double
}

/// An event whose own coder throws, and says too much.
struct NoteRefused: Event {
    static let type: EventType = "org.openedx.learning.note.refused.v1"

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    var author: String

    init(author: String) { self.author = author }

    init(from decoder: any Decoder) throws { throw Refusal(description: "is never read") }

    func encode(to encoder: any Encoder) throws { throw Refusal(description: "refused for \(author)") }
}

extension NoteRefused: Codable {}

/// An event of a name on the legacy list.
struct RoleAssigned: Event, Codable {
    static let type: EventType = "org.openedx.authz.role_assignment.created"

    var user: String
}
