/// Why an event was not emitted. Closed: a `switch` over it needs no `default`.
public enum EmitError: Error, Sendable {
    /// The envelope breaks a mandatory rule. Nothing was sent.
    case envelope(EnvelopeError)
    /// The payload cannot be written. Nothing was sent.
    case payload(PayloadError)
    /// The data breaks the schema of its type. Nothing was sent.
    case invalidData(EventType, [Finding])
    /// The type has no route (rule 26). Nothing was sent.
    case noRoute(EventType)
    /// The route's key path finds no string, number or boolean in the data (rule 26). Nothing was sent.
    case noKey(EventType, path: String)
    /// The two events are not consecutive majors of one type (rule 16). Nothing was sent.
    case notSuccessor(EventType, of: EventType)
    /// The event is the work of a handler, of a handler, … as often as allowed: two services answer each other.
    case echoLoop(EventType, hops: Int)
    /// The envelope format needs something that cannot be had now. Nothing was sent.
    case formatUnavailable(format: String, dependency: String)
    /// A publish middleware held the event back, with its reason.
    case heldBack(reason: String)
    /// The transport did not store it, or does not know.
    case transport(TransportError)

    /// Whether the same call may succeed later.
    public var isRetriable: Bool {
        switch self {
        case .transport(let error): error.isRetriable
        case .formatUnavailable: true
        case .envelope, .payload, .invalidData, .noRoute, .noKey, .notSuccessor, .echoLoop, .heldBack: false
        }
    }
}

extension EmitError: CustomStringConvertible {
    /// What is wrong, which rule, and what to do. Holds no payload value.
    public var description: String {
        switch self {
        case .envelope(let error): error.description
        case .payload(let error): error.description
        case .invalidData(let type, let findings):
            "the data of \(type) breaks its schema: " + findings.map { "\($0)" }.joined(separator: "; ")
        case .noRoute(let type): "\(Rule.routes): \(type) has no route: add one to the producer's configuration"
        case .noKey(let type, let path):
            "\(Rule.routes): the data of \(type) has no text, number or boolean at the key path “\(path)”"
        case .notSuccessor(let new, let old):
            "\(Rule.newMajorBesideOld): \(new) is not the next major version of \(old)"
        case .echoLoop(let type, let hops):
            "\(type) would be emitted by a handler \(hops) steps away from the first event: "
                + "look for two handlers that answer each other"
        case .formatUnavailable(let format, let dependency):
            "the \(format) format cannot reach \(dependency): emit again later"
        case .heldBack(let reason): "held back: \(reason)"
        case .transport(let error): error.description
        }
    }
}
