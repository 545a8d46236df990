public import OpenEdXEvents

/// The grade of a user in a course run was computed anew.
public struct PersistentGradeSummaryChanged: Event, Hashable {
    /// The event type's name.
    public static let type: EventType = "org.openedx.learning.course.persistent_grade_summary.changed.v1"

    /// The grade.
    public let grade: PersistentCourseGrade

    /// Creates a persistent grade summary changed from its parts.
    public init(grade: PersistentCourseGrade) {
        self.grade = grade
    }
}

extension PersistentGradeSummaryChanged {
    private static let names: JSONFieldNames = ["grade"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var grade: PersistentCourseGrade?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: grade = try json.read(PersistentCourseGrade.self)
            default: try json.skipValue()
            }
        }
        guard let grade else { throw json.missing("grade") }
        self.init(
            grade: grade)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("grade", grade)
        json.endObject()
    }
}

extension PersistentGradeSummaryChanged: Codable {
    private enum CodingKeys: String, CodingKey {
        case grade
    }
}
