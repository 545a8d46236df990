/// The proof that an event was emitted: its identity and where it is stored.
public struct EmitReceipt: Sendable, Hashable {
    /// The id that the event was given.
    public let id: EventID
    /// The event's type.
    public let type: EventType
    /// The event's time.
    public let time: EventTime
    /// Where the event is stored, one position for each enabled route; empty if no route of its type is enabled.
    public var positions: [Position] { first.map { [$0] + others } ?? [] }

    private let first: Position?
    private let others: [Position]

    /// Where the event is stored; `nil` if no route of its type is enabled. The first, if there are several.
    public var position: Position? { first }

    package init(id: EventID, type: EventType, time: EventTime, position: Position?, others: [Position] = []) {
        self.id = id
        self.type = type
        self.time = time
        self.first = position
        self.others = others
    }

    init(of event: EncodedEvent, at position: Position?) {
        self.init(id: event.id, type: event.type, time: event.time, position: position)
    }

    /// The same event, stored at one more position.
    func adding(_ other: EmitReceipt) -> EmitReceipt {
        let all = positions + other.positions
        return EmitReceipt(id: id, type: type, time: time, position: all.first, others: Array(all.dropFirst()))
    }
}

/// What became of one event of a batch.
public typealias EmitOutcome = Result<EmitReceipt, EmitError>
