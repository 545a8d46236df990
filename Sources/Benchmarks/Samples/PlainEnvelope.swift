import EventSchemas
import OpaqueKeys
import OpenEdXEvents

/// The same event as one would write it with nothing but Foundation: plain `Codable`, its times as strings, which is
/// the fastest that Foundation's coders can have it.
struct PlainEnvelope: Codable {
    let specversion: String
    let id: String
    let type: String
    let source: String
    let sourcehost: String
    let time: String
    let minorversion: Int
    let datacontenttype: String
    let data: Payload

    struct Payload: Codable {
        let enrollment: Enrollment
    }

    struct Enrollment: Codable {
        let user: User
        let course: Course
        let mode: String
        let isActive: Bool
        let creationDate: String
        let createdBy: User?

        enum CodingKeys: String, CodingKey {
            case user, course, mode
            case isActive = "is_active"
            case creationDate = "creation_date"
            case createdBy = "created_by"
        }
    }

    struct User: Codable {
        let id: Int
        let isActive: Bool
        let pii: PersonalData

        enum CodingKeys: String, CodingKey {
            case id, pii
            case isActive = "is_active"
        }
    }

    struct PersonalData: Codable {
        let username: String
        let email: String
        let name: String
    }

    struct Course: Codable {
        let courseKey: String
        let displayName: String
        let start: String?
        let end: String?

        enum CodingKeys: String, CodingKey {
            case courseKey = "course_key"
            case displayName = "display_name"
            case start, end
        }
    }
}

extension PlainEnvelope {
    /// The envelope with the content of an event of ours.
    init(_ event: CourseEnrollmentCreated, _ head: EventHead) {
        func user(_ user: EventSchemas.User) -> User {
            User(
                id: Int(user.id), isActive: user.isActive,
                pii: PersonalData(username: user.pii.username, email: user.pii.email, name: user.pii.name))
        }
        let enrollment = event.enrollment
        self.init(
            specversion: "1.0", id: head.id.description, type: head.type.name, source: head.source.description,
            sourcehost: head.sourceHost.description, time: head.time.description, minorversion: head.minorVersion,
            datacontenttype: "application/json",
            data: Payload(
                enrollment: Enrollment(
                    user: user(enrollment.user),
                    course: Course(
                        courseKey: enrollment.course.courseKey.text, displayName: enrollment.course.displayName,
                        start: enrollment.course.start, end: enrollment.course.end),
                    mode: enrollment.mode, isActive: enrollment.isActive, creationDate: enrollment.creationDate,
                    createdBy: enrollment.createdBy.map(user))))
    }
}

/// The head alone, as one decodes it to learn the type.
struct PlainHead: Codable {
    let specversion: String
    let id: String
    let type: String
    let source: String
    let sourcehost: String
    let time: String
    let minorversion: Int
    let datacontenttype: String
}
