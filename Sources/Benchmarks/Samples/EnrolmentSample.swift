import EventSchemas
import OpaqueKeys
import OpenEdXEvents

/// The event that is measured: an enrolment whose envelope is about 1.3 KB, with nested objects, an escape and text
/// beyond ASCII.
enum EnrolmentSample {
    static let event = event(course: "course-v1:OpenedX+DistributedSystems101+2026_T1", learner: 1_815)

    /// Events of so many courses, so that they have as many keys, each of another learner: what repeats on a bus is
    /// what is said of courses.
    static func events(_ count: Int, courses: Int) -> [CourseEnrollmentCreated] {
        (0..<count).map {
            event(course: "course-v1:OpenedX+DistributedSystems101+2026_T\(100 + $0 % courses)", learner: 1_000 + $0)
        }
    }

    static func event(course key: String, learner: Int) -> CourseEnrollmentCreated {
        CourseEnrollmentCreated(
            enrollment: CourseEnrollment(
                user: User(
                    id: 4_815_160_000 + learner, isActive: true,
                    pii: UserPersonalData(
                        username: "grace.lovelace_\(learner)", email: "grace.lovelace.\(learner)@students.example.org",
                        name: "Grace Émilie Lovelace-Žluťoučká the \(learner)th")),
                course: Course(
                    courseKey: CourseKey(key),
                    displayName: "Distributed systems, from \"it works here\" to a bus that loses nothing: consensus, "
                        + "clocks, queues and back-pressure – with exercises in Swift, weekly office hours and a "
                        + "final project that is reviewed by two other learners and by the course team 🎓 (credit-bearing, "
                        + "self-paced, transcripts in nine languages)",
                    start: "2026-01-12T09:00:00Z", end: "2026-06-26T17:30:00Z"),
                mode: "verified", isActive: true, creationDate: "2026-01-07T11:42:08.12\(learner)Z",
                createdBy: User(
                    id: 100_042, isActive: true,
                    pii: UserPersonalData(
                        username: "enrolment_bot_of_the_registrar", email: "registrar+bot@university.example.org",
                        name: "Registrar’s office (automatic enrolment from the student information system)"))))
    }

    /// Where the events' keys stand in their data.
    static let keyPath = "enrollment.course.course_key"

    static func key(of event: CourseEnrollmentCreated) -> String { event.enrollment.course.courseKey.text }

    static func source() throws -> EventSource { try EventSource(service: "lms", process: .web) }

    static func host() throws -> SourceHost { try SourceHost("lms-web-7f9c4d6b58-x2x9q.apps.example.org") }

    /// The envelope's attributes, prepared: making an id and reading the clock are not part of encoding.
    static func head(id: EventID = EventID(), time: EventTime = EventTime.now()) throws -> EventHead {
        EventHead(
            type: CourseEnrollmentCreated.type, id: id, time: time,
            source: try source(), sourceHost: try host(), minorVersion: 0)
    }

    /// The event as structured JSON, as the library writes it.
    static func document() throws -> [UInt8] {
        var writer = JSONWriter()
        return try EncodedEvent.encode(event, head: try head(), into: &writer).document
    }
}
