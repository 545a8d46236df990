// Emits one event and says where it is stored.
import InMemoryTransport
import OpenEdXEvents

struct NoteCreated: Event, Codable {
    static let type: EventType = "org.openedx.learning.note.created.v1"
    let noteID: String
    let course: String
}

let transport = InMemoryTransport()
let producer = try EventProducer(
    transport: transport,
    configuration: .init(
        source: try EventSource(service: "notes", process: .web),
        routes: [Route(NoteCreated.type, to: "notes", key: "course")]))

let receipt = try await producer.emit(NoteCreated(noteID: "17", course: "course-v1:edX+DemoX+Demo_Course"))
print("stored at", receipt.positions)
