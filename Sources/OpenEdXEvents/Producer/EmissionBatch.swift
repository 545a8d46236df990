/// Events of one type on their way to a producer, encoded one after another; what belongs to the type is found once.
@usableFromInline
struct EmissionBatch: ~Copyable {
    private let producer: EventProducer
    private let route: Result<RouteTable.Entry, EmitError>
    private var plan: EmissionPlan
    private var buffer = JSONWriter()

    @usableFromInline
    init(of type: EventType, capacity: Int, _ producer: EventProducer) {
        self.producer = producer
        plan = EmissionPlan(capacity: capacity)
        do throws(EmitError) {
            route = .success(try producer.encoder.route(of: type))
        } catch {
            route = .failure(error)
        }
    }

    /// Adds an event, or that it is refused.
    ///
    /// - Parameter time: The event's time; without it the clock is read.
    @usableFromInline
    mutating func add<E: Event>(_ event: E, at time: EventTime?) {
        do throws(EmitError) {
            try producer.encoder.encode(
                event, .init(time: time ?? producer.now()), on: try route.get(), into: &plan, with: &buffer)
        } catch {
            plan.refuse(error)
        }
    }

    /// Publishes what was added, and returns one outcome for each event, in order.
    @usableFromInline
    consuming func emit() async -> [EmitOutcome] { await producer.finish(plan) }
}
