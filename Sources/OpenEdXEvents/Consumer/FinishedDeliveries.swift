/// Deliveries of one lane that are finished and of which the subscription is told a few at a time.
///
/// Short runs are told of one by one: only a worker that has been quick for some time takes long ones. What is held then
/// waits for the next handler to return; if that one never does, so few come again.
struct FinishedDeliveries {
    private let subscription: any EventSubscription
    private let isHeld: Bool
    private var deliveries: [Delivery] = []

    /// How many are held at the most; shorter runs are told of one by one.
    static let most = 8

    /// - Parameter expected: How long the run is at the most.
    init(_ subscription: any EventSubscription, expected: Int) {
        self.subscription = subscription
        isHeld = expected >= Self.most
        if isHeld { deliveries.reserveCapacity(Self.most) }
    }

    mutating func append(_ delivery: Delivery) {
        guard isHeld else { return subscription.complete(delivery) }
        deliveries.append(delivery)
        if deliveries.count == Self.most { tell() }
    }

    /// Tells the subscription of what is held.
    mutating func tell() {
        guard !deliveries.isEmpty else { return }
        subscription.complete(deliveries)
        deliveries.removeAll(keepingCapacity: true)
    }
}
