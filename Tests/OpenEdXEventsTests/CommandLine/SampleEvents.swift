/// Events as text, for the tests of `inspect`.
enum SampleEvents {
    /// An event that obeys every rule, on one line.
    static let valid =
        #"{"specversion":"1.0","id":"5eed002e-c0de-11f1-8000-0342ac120002","#
        + #""type":"org.openedx.learning.course.enrollment.created.v1","source":"/openedx/lms/web","#
        + #""sourcehost":"lms.example.org","time":"2026-03-14T15:09:26.535897Z","minorversion":0,"#
        + #""datacontenttype":"application/json","data":{"name":"personal"}}"#

    /// The same, laid out over several lines.
    static let pretty = valid.replacing(",", with: ",\n  ").replacing("{", with: "{\n  ").replacing("}", with: "\n}")

    /// Its source has no leading slash (rule 06).
    static let wrongSource = valid.replacing("/openedx/lms/web", with: "openedx/lms/web")

    /// Its name stands on the legacy list (rule 10, a note).
    static let legacy = valid.replacing(
        "org.openedx.learning.course.enrollment.created.v1", with: "org.openedx.authz.role_assignment.created")

    /// It ends in the middle of a string.
    static let cutShort = String(valid.prefix(100))
}
