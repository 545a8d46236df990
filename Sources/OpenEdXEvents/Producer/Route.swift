/// Where events of one type go: type → topic → key path → enabled (rule 26).
///
/// A type may have several routes, and a topic may carry several types (rule 27). Topics are named without the
/// environment's prefix. As JSON:
///
/// ```json
/// {"type": "org.openedx.learning.course.enrollment.created.v1", "topic": "course-enrollments",
///  "key": "enrollment.course.course_key", "enabled": true}
/// ```
public struct Route: Hashable, Sendable {
    /// The event type.
    public let type: EventType
    /// The topic, without the environment's prefix: 1 to 249 letters, digits, `.`, `_` and `-`.
    public let topic: String
    /// The path into the data to the value that becomes the record key, such as `enrollment.course.course_key`.
    ///
    /// Without a path, and without a key in the call, the event has no key, and so no order.
    public let key: String?
    /// Whether events are sent. A route that is not enabled is checked like any other.
    public let isEnabled: Bool

    /// Creates a route; ``EventProducer/init(transport:configuration:)`` checks it.
    public init(_ type: EventType, to topic: String, key: String? = nil, isEnabled: Bool = true) {
        self.type = type
        self.topic = topic
        self.key = key
        self.isEnabled = isEnabled
    }
}

extension Route: Codable {
    private enum CodingKeys: String, CodingKey {
        case type, topic, key
        case isEnabled = "enabled"
    }

    /// Reads the value from a `Codable` coder.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = try container.decode(EventType.self, forKey: .type)
        topic = try container.decode(String.self, forKey: .topic)
        key = try container.decodeIfPresent(String.self, forKey: .key)
        isEnabled = try container.decodeIfPresent(Bool.self, forKey: .isEnabled) ?? true
    }
}
