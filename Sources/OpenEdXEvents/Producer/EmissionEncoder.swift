/// Turns an emission into encoded events, one for each enabled route: pure but for new ids.
struct EmissionEncoder: Sendable {
    let routes: RouteTable
    let source: EventSource
    let sourceHost: SourceHost
    let writesLegacyTypes: Bool
    let hopLimit: Int
    var sampler: ValidationSampler?

    /// What belongs to one occurrence of an event, beside the event itself.
    struct Occurrence {
        let time: EventTime
        var key: String?
        var subject: String?
        var extensions: [String: AttributeValue] = [:]
        var id: EventID?
    }

    /// Encodes and checks an emission, and adds it to the plan.
    ///
    /// - Throws: ``EmitError`` with the rule that is broken; the plan is as it was.
    func encode(
        _ emission: Emission, at time: EventTime, into plan: inout EmissionPlan, with buffer: inout JSONWriter
    ) throws(EmitError) {
        let occurrence = Occurrence(
            time: time, key: emission.key, subject: emission.subject, extensions: emission.extensions,
            id: emission.id)
        try encode(emission.event, occurrence, into: &plan, with: &buffer)
    }

    /// Finds where events of a type go.
    ///
    /// - Throws: ``EmitError`` if the type has no route, or is not written in the producer's format.
    func route(of type: EventType) throws(EmitError) -> RouteTable.Entry {
        guard let route = routes[type] else { throw .noRoute(type) }
        if route.isLegacy, !writesLegacyTypes {
            throw .envelope(
                EnvelopeError(
                    .invalid, rule: .typeName, attribute: "type",
                    "\(type) is on the legacy list: it is read, and written only in the format of the running bus"))
        }
        return route
    }

    /// Encodes and checks an event, and adds it to the plan, once for each enabled route.
    ///
    /// - Throws: ``EmitError`` with the rule that is broken; the plan is as it was.
    func encode<E: Event>(
        _ event: E, _ occurrence: Occurrence, into plan: inout EmissionPlan, with buffer: inout JSONWriter
    ) throws(EmitError) {
        try encode(event, occurrence, on: try route(of: E.type), into: &plan, with: &buffer)
    }

    /// Encodes and checks an event whose route is known, and adds it to the plan, once for each enabled route.
    ///
    /// - Throws: ``EmitError`` with the rule that is broken; the plan is as it was.
    func encode<E: Event>(
        _ event: E, _ occurrence: Occurrence, on route: RouteTable.Entry, into plan: inout EmissionPlan,
        with buffer: inout JSONWriter
    ) throws(EmitError) {
        if let id = occurrence.id, !(id.isVersion1 && id.hasRandomNode) {
            throw .envelope(
                EnvelopeError(
                    .invalid, rule: .id, attribute: "id",
                    "is not a version 1 UUID with a random node: make it with EventID()"))
        }
        let head = EventHead(
            type: route.type, id: occurrence.id ?? EventID(), time: occurrence.time, source: source,
            sourceHost: sourceHost,
            minorVersion: E.minorVersion, subject: occurrence.subject, extensions: occurrence.extensions)
        let encoded: EncodedEvent
        do throws(EncodingFailure) {
            encoded = try EncodedEvent.encode(event, head: head, into: &buffer)
        } catch {
            switch error {
            case .envelope(let error): throw .envelope(error)
            case .payload(let error): throw .payload(error)
            }
        }
        if let findings = sampler?.findings(in: encoded), !findings.isEmpty { throw .invalidData(route.type, findings) }
        let headers = try headers(for: route.type)
        if route.targets.count == 1 {
            let key = try key(for: route.targets[0], occurrence, encoded)
            plan.add(OutgoingEvent(event: encoded, topic: route.targets[0].topic, key: key, headers: headers))
            return
        }
        var outgoing: [OutgoingEvent] = []
        for target in route.targets {
            let key = try key(for: target, occurrence, encoded)
            outgoing.append(OutgoingEvent(event: encoded, topic: target.topic, key: key, headers: headers))
        }
        plan.add(outgoing, of: encoded)
    }

    private func key(
        for target: RouteTable.Target, _ occurrence: Occurrence, _ encoded: EncodedEvent
    ) throws(EmitError) -> [UInt8]? {
        if let key = occurrence.key { return Array(key.utf8) }
        guard let path = target.key else { return nil }
        guard let key = encoded.data.flatMap({ path.key(in: $0) }) else {
            throw .noKey(encoded.type, path: path.description)
        }
        return key
    }

    /// What an event carries beside its envelope: the trace, and how many handlers stand behind it.
    private func headers(for type: EventType) throws(EmitError) -> [MessageHeader] {
        var headers: [MessageHeader] = []
        TraceContext.current?.child().inject(into: &headers)
        if let handling = HandlingContext.current {
            let hops = handling.hops + 1
            guard hops <= hopLimit else { throw .echoLoop(type, hops: hops) }
            headers.append(MessageHeader(HandlingContext.hopsHeader, String(hops)))
        }
        return headers
    }
}

/// Which outgoing events belong to which emission, so that outcomes find their way back.
struct EmissionPlan {
    private enum Slot {
        case refused(EmitError)
        /// The next outgoing event.
        case one
        /// As many of the next outgoing events as there are enabled routes, perhaps none.
        case several(Int, EncodedEvent)
    }

    /// Set as soon as an emission is anything but one outgoing event.
    private var slots: [Slot]?
    /// What is to be published.
    private(set) var outgoing: [OutgoingEvent] = []

    init(capacity: Int) { outgoing.reserveCapacity(capacity) }

    mutating func add(_ event: OutgoingEvent) {
        slots?.append(.one)
        outgoing.append(event)
    }

    mutating func add(_ events: [OutgoingEvent], of encoded: EncodedEvent) {
        add(.several(events.count, encoded))
        outgoing += events
    }

    mutating func refuse(_ error: EmitError) { add(.refused(error)) }

    private mutating func add(_ slot: Slot) {
        if slots == nil { slots = Array(repeating: .one, count: outgoing.count) }
        slots?.append(slot)
    }

    /// One outcome for each emission; an event with several routes fails if one of them does.
    func outcomes(published: [EmitOutcome]) -> [EmitOutcome] {
        guard let slots else { return published }
        var rest = published[...]
        return slots.map { slot in
            switch slot {
            case .refused(let error): return .failure(error)
            case .one: return rest.removeFirst()
            case .several(let count, let event):
                defer { rest = rest.dropFirst(count) }
                return rest.prefix(count).reduce(
                    .success(EmitReceipt(of: event, at: nil))
                ) { whole, part in
                    whole.flatMap { receipt in part.map { receipt.adding($0) } }
                }
            }
        }
    }
}
