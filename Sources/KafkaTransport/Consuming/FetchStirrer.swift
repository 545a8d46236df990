import Dispatch
import OpenEdXEvents
import Synchronization

/// Reminds the brokers' threads of a consuming client that they may fetch, without holding up the client's own thread.
///
/// The reminder is a question to the partitions' leaders, which a busy broker answers late. One is under way at a time.
final class FetchStirrer: Sendable {
    private let queue = DispatchQueue(label: "openedx-events.fetch-stirrer")
    private let isBusy = Atomic(false)

    /// How long an answer, which nobody wants, is waited for, in milliseconds.
    private static let limit: Int32 = 500

    func stir(_ client: RDKafkaConsumer, _ partitions: [TopicPartition]) {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return }
        queue.async { [self] in
            client.stir(partitions, milliseconds: Self.limit)
            isBusy.store(false, ordering: .releasing)
        }
    }

    /// Waits until nothing is under way; the client may be freed then.
    func finish() { queue.sync {} }
}
