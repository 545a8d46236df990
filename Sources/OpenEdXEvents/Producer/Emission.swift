/// One event to emit, with what belongs to this occurrence of it.
public struct Emission: Sendable {
    /// The event.
    public var event: any Event
    /// The time of the row that changed, exactly as stored (rule 17); `nil` reads the clock.
    public var time: EventTime?
    /// The record key; `nil` takes it from the route's key path.
    public var key: String?
    /// What the event is about, within its source; not empty (rule 36).
    public var subject: String?
    /// Extension attributes by name (rules 32, 33 and 43).
    public var extensions: [String: AttributeValue]
    /// The event's id, made beforehand with ``EventID/init()`` and kept; `nil` makes a new one.
    ///
    /// An event whose outcome is not known, after a time-out or a crash, is sent again with the id it had: an inbox then
    /// absorbs the one that is too many (rule 35).
    public var id: EventID?

    /// Creates an emission from its parts.
    public init(
        _ event: any Event, at time: EventTime? = nil, key: String? = nil, subject: String? = nil,
        extensions: [String: AttributeValue] = [:], id: EventID? = nil
    ) {
        self.event = event
        self.time = time
        self.key = key
        self.subject = subject
        self.extensions = extensions
        self.id = id
    }
}
