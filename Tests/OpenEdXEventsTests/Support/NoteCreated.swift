import OpenEdXEvents

/// A small event with nothing but `Codable`.
struct NoteCreated: Event, Codable, Hashable {
    static let type: EventType = "org.openedx.learning.note.created.v1"
    static let minorVersion = 2

    var course: String
    var number: Int
}

/// Its next major version.
struct NoteCreatedV2: Event, Codable, Hashable {
    static let type: EventType = "org.openedx.learning.note.created.v2"

    var courseKey: String
    var number: Int
}

/// Another event of the same subject.
struct NoteDeleted: Event, Codable, Hashable {
    static let type: EventType = "org.openedx.learning.note.deleted.v1"

    var number: Int
}
