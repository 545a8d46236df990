/// A typed event: what a service emits and a handler receives.
///
/// A conforming type is the payload alone; the library makes the envelope (rule 24). Types generated from `schemas/`
/// bring their own direct coders. A hand-written `Codable` type needs nothing but its name:
///
/// ```swift
/// struct NoteCreated: Event, Codable {
///     static let type: EventType = "org.openedx.learning.note.created.v1"
///     let noteID: String
/// }
/// ```
public protocol Event: JSONPayload {
    /// The event type's name, with its major version (rule 10).
    static var type: EventType { get }

    /// The minor version that this declaration writes, from 0 (rule 05). Readers accept higher ones.
    static var minorVersion: Int { get }
}

extension Event {
    /// Without a declaration of its own, an event is of minor version 0.
    public static var minorVersion: Int { 0 }
}

/// An event that brings the schema of its data along, as the types generated from `schemas/` do.
public protocol SchemaDescribed: Event {
    /// The schema as JSON: what validation needs, the marks of personal data (rule 28), and in `x-event` the event's own
    /// facts, its owner (rule 20) among them. Words for people are left out.
    static var schemaText: StaticString { get }
}
