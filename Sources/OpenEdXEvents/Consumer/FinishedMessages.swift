/// Messages of one lane whose events are through, and of which the subscription is told a few at a time.
///
/// Short runs are told of one by one: only a worker that has been quick for some time takes long ones. What is held then
/// waits for the next handler to return; if that one never does, so few come again.
struct FinishedMessages {
    private let subscription: any EventSubscription
    /// The same, if it makes new messages of those that are through.
    private let recycler: (any RecyclingSubscription)?
    private var messages: [IncomingMessage] = []
    private var limit = 1

    /// How many are held at the most; shorter runs are told of one by one.
    static let most = 8

    init(_ subscription: any EventSubscription) {
        self.subscription = subscription
        recycler = subscription as? any RecyclingSubscription
        messages.reserveCapacity(Self.most)
    }

    /// A run begins.
    ///
    /// - Parameter expected: How long it is at the most.
    mutating func begin(expecting expected: Int) { limit = expected >= Self.most ? Self.most : 1 }

    mutating func append(_ message: IncomingMessage) {
        messages.append(message)
        if messages.count >= limit { tell() }
    }

    /// Tells the subscription of what is held.
    mutating func tell() {
        if messages.isEmpty { return }
        if let recycler { return recycler.finish(&messages) }
        if messages.count == 1 {
            subscription.complete(messages[0].delivery)
        } else {
            subscription.complete(messages.map(\.delivery))
        }
        messages.removeAll(keepingCapacity: true)
    }
}
