/// Emits typed events: validated, routed, acknowledged, in one call.
///
/// ```swift
/// let producer = try EventProducer(
///     transport: transport,
///     configuration: .init(
///         source: try EventSource(service: "lms", process: .web),
///         routes: [Route(CourseEnrollmentCreated.type, to: "course-enrollments", key: "enrollment.course.course_key")]))
///
/// let receipt = try await producer.emit(CourseEnrollmentCreated(enrollment: enrollment), at: row.createdAt)
/// ```
///
/// Every call returns when the transport has answered for every event. One producer serves the whole process.
public final class EventProducer: Sendable {
    /// What a producer needs to know.
    public struct Configuration: Sendable {
        /// The service and process that emit (rule 06).
        public var source: EventSource
        /// The host that emits, for logs only (rule 08).
        public var sourceHost: SourceHost
        /// The environment, such as `stage`, which prefixes every topic; `nil` for none (rule 26).
        public var environment: String?
        /// Where each type goes.
        public var routes: [Route]
        /// How events stand in messages.
        public var format: any EnvelopeFormat
        /// What stands between the producer and the transport, outermost first.
        public var middleware: [any PublishMiddleware]
        /// What watches the producer.
        public var observer: (any BusObserver)?
        /// How many handlers may stand between the first event and one that is emitted now.
        public var hopLimit: Int
        /// Whether and how the data of events is validated before they are sent; `nil` for not at all.
        public var validation: ProducerValidation?
        /// Reads the clock for events that no row's time belongs to.
        public var now: @Sendable () -> EventTime

        /// Creates a configuration from its parts.
        public init(
            source: EventSource, sourceHost: SourceHost = .current, environment: String? = nil, routes: [Route],
            format: any EnvelopeFormat = StructuredFormat(), middleware: [any PublishMiddleware] = [],
            observer: (any BusObserver)? = nil, hopLimit: Int = 16, validation: ProducerValidation? = nil,
            now: @escaping @Sendable () -> EventTime = { EventTime.now() }
        ) {
            self.source = source
            self.sourceHost = sourceHost
            self.environment = environment
            self.routes = routes
            self.format = format
            self.middleware = middleware
            self.observer = observer
            self.hopLimit = hopLimit
            self.validation = validation
            self.now = now
        }
    }

    let encoder: EmissionEncoder
    private let publisher: Publisher
    let now: @Sendable () -> EventTime

    /// Creates a producer over a transport.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong with routes, environment and validation: a route
    ///   of a type that another service owns is refused (rule 20).
    public init(transport: any EventTransport, configuration: Configuration) throws(InvalidConfiguration) {
        let problems = configuration.validation?.problems(routes: configuration.routes) ?? []
        encoder = EmissionEncoder(
            routes: try RouteTable(
                configuration.routes, environment: configuration.environment, otherProblems: problems),
            source: configuration.source, sourceHost: configuration.sourceHost,
            writesLegacyTypes: configuration.format.writesLegacyTypes, hopLimit: configuration.hopLimit,
            sampler: configuration.validation.map(ValidationSampler.init))
        publisher = Publisher(
            transport: transport, format: configuration.format, middleware: configuration.middleware,
            observer: configuration.observer)
        now = configuration.now
    }

    /// Emits one event and returns where it is stored.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - time: The time of the row that changed, exactly as stored; without it the clock is read (rule 17).
    ///   - key: The record key; without it the route's key path finds it.
    ///   - subject: What the event is about, within its source.
    ///   - extensions: Extension attributes by name.
    /// - Throws: ``EmitError``: the event is not stored on every enabled route of its type.
    @discardableResult
    public func emit<E: Event>(
        _ event: E, at time: EventTime? = nil, key: String? = nil, subject: String? = nil,
        extensions: [String: AttributeValue] = [:]
    ) async throws(EmitError) -> EmitReceipt {
        var plan = EmissionPlan(capacity: 1)
        var buffer = JSONWriter()
        try encoder.encode(
            event, .init(time: time ?? now(), key: key, subject: subject, extensions: extensions), into: &plan,
            with: &buffer)
        return try await finish(plan)[0].get()
    }

    /// Emits events in one batch and returns one outcome for each, in order; one that is refused stops no other.
    public func emit(contentsOf emissions: [Emission]) async -> [EmitOutcome] {
        var plan = EmissionPlan(capacity: emissions.count)
        var buffer = JSONWriter()
        for emission in emissions {
            do throws(EmitError) {
                try encoder.encode(emission, at: emission.time ?? now(), into: &plan, with: &buffer)
            } catch {
                plan.refuse(error)
            }
        }
        return await finish(plan)
    }

    /// Emits events in one batch and returns one outcome for each, in order; one that is refused stops no other.
    ///
    /// - Parameters:
    ///   - events: The events.
    ///   - time: The time of each event; without it the clock is read for each.
    @inlinable
    public func emit<E: Event>(
        contentsOf events: some Sequence<E>, at time: EventTime? = nil
    ) async -> [EmitOutcome] {
        // Inlined, so that the sequence lends its events instead of copying each by way of metadata.
        var batch = EmissionBatch(of: E.type, capacity: events.underestimatedCount, self)
        for event in events { batch.add(event, at: time) }
        return await batch.emit()
    }

    /// Emits the events of one occurrence with one time (rule 18), in one batch.
    ///
    /// All are checked before any is sent.
    ///
    /// - Parameters:
    ///   - emissions: The events.
    ///   - time: The occurrence's time; without it the clock is read once. Times of single emissions are passed over.
    /// - Returns: one outcome for each, in order.
    /// - Throws: ``EmitError`` if any event is refused; then nothing is sent.
    public func emit(
        occurrence emissions: [Emission], at time: EventTime? = nil
    ) async throws(EmitError) -> [EmitOutcome] {
        let time = time ?? now()
        var plan = EmissionPlan(capacity: emissions.count)
        var buffer = JSONWriter()
        for emission in emissions {
            try encoder.encode(emission, at: time, into: &plan, with: &buffer)
        }
        return await finish(plan)
    }

    /// Emits a new major version beside the old one, with one time, in one batch (rule 16).
    ///
    /// Both are checked before either is sent.
    ///
    /// - Throws: ``EmitError/notSuccessor(_:of:)`` unless the types are alike but for consecutive major versions; any
    ///   other ``EmitError`` if either is refused or not stored.
    @discardableResult
    public func emit<New: Event, Old: Event>(
        _ event: New, beside old: Old, at time: EventTime? = nil, key: String? = nil
    ) async throws(EmitError) -> (new: EmitReceipt, old: EmitReceipt) {
        guard New.type.isSuccessor(of: Old.type) else { throw .notSuccessor(New.type, of: Old.type) }
        let outcomes = try await emit(occurrence: [Emission(event, key: key), Emission(old, key: key)], at: time)
        return (try outcomes[0].get(), try outcomes[1].get())
    }

    func finish(_ plan: EmissionPlan) async -> [EmitOutcome] {
        plan.outcomes(published: await publisher.publish(plan.outgoing))
    }
}
