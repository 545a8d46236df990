import OpenEdXEvents
import Synchronization

/// A member of a group as the broker knows it: what it asked for, and what it reads.
///
/// The broker's lock is taken before a member's, never after it.
final class Member: Sendable {
    let id: MemberID
    /// The number of the transport that subscribed.
    let client: UInt64
    let options: SubscriptionOptions
    let onChange: @Sendable (AssignmentChange) -> Void
    let reading: Locked<ReadingState>

    init(
        id: MemberID, client: UInt64, options: SubscriptionOptions,
        onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) {
        self.id = id
        self.client = client
        self.options = options
        self.onChange = onChange
        reading = Locked(ReadingState(unsettledLimit: options.unsettledLimit))
    }

    /// Lets a waiting reader look again.
    func wake() {
        let waiter = reading.withLock { $0.wake() }
        waiter?.resume()
    }
}
