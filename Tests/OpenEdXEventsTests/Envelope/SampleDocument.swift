import OpenEdXEvents

/// An event of structured JSON that keeps every rule, to be changed member by member.
struct SampleDocument {
    private(set) var members: [(name: String, json: String)] = [
        ("specversion", #""1.0""#), ("id", #""b3b3981e-7544-11ea-b663-adde48001122""#),
        ("type", #""org.openedx.learning.course.enrollment.created.v1""#), ("source", #""/openedx/lms/web""#),
        ("sourcehost", #""edx.devstack.lms""#), ("time", #""2026-03-14T15:09:26.535897Z""#), ("minorversion", "0"),
        ("datacontenttype", #""application/json""#), ("data", #"{"course":"a","seats":[1,2.5,null]}"#),
    ]

    /// Sets a member to a JSON value, at its place or else at the end; `nil` removes it.
    func with(_ name: String, _ json: String?) -> SampleDocument {
        var changed = self
        let index = members.firstIndex { $0.name == name }
        switch (index, json) {
        case (let index?, let json?): changed.members[index].json = json
        case (let index?, nil): changed.members.remove(at: index)
        case (nil, let json?): changed.members.append((name, json))
        case (nil, nil): break
        }
        return changed
    }

    func with(_ changes: [(String, String?)]) -> SampleDocument {
        changes.reduce(self) { $0.with($1.0, $1.1) }
    }

    var text: String { "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}" }
    var bytes: [UInt8] { Array(text.utf8) }

    /// The same event as a value.
    static let envelope = EventEnvelope(
        id: "b3b3981e-7544-11ea-b663-adde48001122", source: "/openedx/lms/web",
        type: "org.openedx.learning.course.enrollment.created.v1",
        time: EventTime("2026-03-14T15:09:26.535897Z"), sourceHost: "edx.devstack.lms", minorVersion: 0,
        data: .json(Array(#"{"course":"a","seats":[1,2.5,null]}"#.utf8)))
}

extension Finding {
    /// Rule, attribute and severity, for tables.
    var summary: String { "\(rule.rawValue) \(attribute ?? "-") \(severity.rawValue)" }
}
