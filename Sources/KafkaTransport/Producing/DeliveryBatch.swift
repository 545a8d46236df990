import OpenEdXEvents
import Synchronization

/// The messages of one publish, with a slot for what becomes of each, and whoever waits for all of them.
///
/// librdkafka carries a pointer to the slot with each message, so that a report costs no look-up.
// Unchecked: a slot is written once, by whoever resolves its message, before the countdown; it is read when the
// countdown has reached zero. The continuation is written before the waiter's own count.
final class DeliveryBatch: @unchecked Sendable {
    /// What became of one message.
    struct Slot {
        fileprivate let batch: Unmanaged<DeliveryBatch>
        fileprivate var offset: Int64 = -1
        fileprivate var partition: Int32 = -1
        fileprivate var error: Int32 = 0
    }

    /// Kept, unchanged, until all are resolved: librdkafka reads their values where they are.
    let messages: [OutgoingMessage]
    private let slots: UnsafeMutablePointer<Slot>
    /// One for each message, and one for the waiter.
    private let pending: Atomic<Int>
    private var continuation: CheckedContinuation<Void, Never>?

    /// The batch holds itself until all messages are resolved and someone has waited.
    init(_ messages: [OutgoingMessage]) {
        self.messages = messages
        pending = Atomic(messages.count + 1)
        slots = .allocate(capacity: messages.count)
        let held = Unmanaged.passRetained(self)
        slots.initialize(repeating: Slot(batch: held), count: messages.count)
    }

    deinit { slots.deallocate() }

    /// The slot that goes with a message, as a pointer for librdkafka.
    func slot(_ index: Int) -> UnsafeMutablePointer<Slot> { slots + index }

    /// Says what became of the message of a slot.
    ///
    /// - Parameter error: librdkafka's number, 0 if the message is stored.
    static func resolve(
        _ slot: UnsafeMutablePointer<Slot>, error: Int32, partition: Int32 = -1, offset: Int64 = -1
    ) {
        slot.pointee.error = error
        slot.pointee.partition = partition
        slot.pointee.offset = offset
        countDown(slot.pointee.batch)
    }

    private static func countDown(_ held: Unmanaged<DeliveryBatch>) {
        let isLast = held._withUnsafeGuaranteedRef {
            $0.pending.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == 0
        }
        // The last one lets go of the batch, once it has let the waiter go on.
        if isLast { held.takeRetainedValue().continuation?.resume() }
    }

    /// Lets go of a batch that was not handed to anyone.
    func discard() { Unmanaged.passUnretained(self).release() }

    /// Waits until every message is resolved.
    ///
    /// - Parameter describe: Makes an error of librdkafka's number for a message of a topic.
    func outcomes(_ describe: (Int32, String) -> TransportError) async -> [PublishOutcome] {
        let held = Unmanaged.passUnretained(self)
        await withCheckedContinuation { continuation in
            self.continuation = continuation
            Self.countDown(held)
        }
        // Orders what the last one wrote before what is read here; to be resumed does so too, but where that came before
        // the wait, the thread sanitizer cannot see it.
        _ = pending.load(ordering: .acquiring)
        return messages.indices.map { index in
            let slot = slots[index]
            let topic = messages[index].topic
            guard slot.error == 0 else { return .failed(describe(slot.error, topic)) }
            return .stored(Position(topic: topic, partition: slot.partition, offset: slot.offset))
        }
    }
}
