import OpenEdXEvents
import Synchronization

/// Writes what a subscription delivers, and settles it once it is written and flushed.
struct ConsumeJob {
    let subscription: any EventSubscription
    let terminal: Terminal
    let text: EventText

    private static let batchLimit = 500
    /// How long what is being written may take at the end.
    private static let closeLimit: Duration = .seconds(5)

    /// Runs until so many messages are written, or it is stopped; returns how many of them held no event.
    ///
    /// - Throws: ``CommandFailure`` if the output cannot be written; `TransportError` if reading cannot go on.
    func run(count: Int?, until stop: StopSignal) async throws -> Int {
        let closing = Closing(subscription, within: Self.closeLimit)
        let writer = BackgroundWriter(terminal.output)
        var left = count ?? Int.max
        var unreadable = 0
        let registration = stop.onGiven { closing.begin() }
        defer { registration.cancel() }
        do {
            while left > 0,
                let batch = try await subscription.nextBatch(atMost: min(left, Self.batchLimit))
            {
                var output: [UInt8] = []
                for message in batch { unreadable += write(message, to: &output) ? 0 : 1 }
                do throws(SystemFailure) {
                    try await writer.write(output)
                } catch {
                    for message in batch { subscription.abandon(message.delivery) }
                    throw CommandFailure(
                        .inputOutput,
                        error.isBrokenPipe
                            ? "the reader of the output went away" : "cannot write the output: \(error)",
                        hint: "What was written before is committed; the rest comes again.")
                }
                subscription.complete(batch.map(\.delivery))
                left -= batch.count
            }
        } catch {
            await closing.finish()
            throw error
        }
        await closing.finish()
        return unreadable
    }

    /// Adds a message's line; false if it has none.
    private func write(_ message: IncomingMessage, to output: inout [UInt8]) -> Bool {
        let read = ReadMessage(message)
        if text.format == .text {
            output += text.block(read)
        } else if let line = text.line(read) {
            output += line
            output.append(UInt8(ascii: "\n"))
        }
        guard case .unreadable(let error) = read.content else { return true }
        if text.format == .json {
            terminal.complain("openedx-events consume", EventText.unreadable(message, error))
        }
        return false
    }
}

/// Closes a subscription once, whoever begins it, and lets others wait for the end.
final class Closing: Sendable {
    private let subscription: any EventSubscription
    private let limit: Duration
    private let task = Locked<Task<Void, Never>?>(nil)

    init(_ subscription: any EventSubscription, within limit: Duration) {
        self.subscription = subscription
        self.limit = limit
    }

    func begin() {
        task.withLock { task in
            let (subscription, limit) = (subscription, limit)
            task = task ?? Task { await subscription.close(within: limit) }
        }
    }

    func finish() async {
        begin()
        await task.withLock { $0 }?.value
    }
}
