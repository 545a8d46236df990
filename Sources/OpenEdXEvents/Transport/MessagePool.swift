import Synchronization

/// Messages whose events are through, for a transport to make new ones of.
///
/// A message's memory is taken by the transport's thread and was freed by whoever had handled the event: allocators do
/// that far less well than taking and freeing on one thread. Here it goes back and forth, in batches.
package final class MessagePool: Sendable {
    /// How many messages are kept at the most; further ones are freed.
    package static let limit = 4_096

    private let messages = Locked<[IncomingMessage]>([])

    package init() {}

    /// Takes all messages out of the array. Those that somebody else still has are found when they are made anew.
    package func giveBack(_ spent: inout [IncomingMessage]) {
        messages.withLock { messages in
            // From the back, so that each is moved and not counted.
            while let message = spent.popLast() {
                if messages.count < Self.limit, message.isWorthKeeping { messages.append(message) }
            }
        }
    }

    /// Takes what there is.
    func takeAll(_ taken: inout [IncomingMessage]) {
        messages.withLock { messages in
            if taken.isEmpty {
                swap(&taken, &messages)
            } else {
                taken.append(contentsOf: messages)
                messages.removeAll(keepingCapacity: true)
            }
        }
    }
}

/// A subscription that makes new messages of those that are through.
package protocol RecyclingSubscription: EventSubscription {
    /// Marks messages as finished, and takes them all out of the array: the caller has given up what it knows of them.
    func finish(_ messages: inout [IncomingMessage])
}

/// Makes messages for a transport's thread, of spent ones if there are any.
package struct MessageMaker {
    private let pool: MessagePool?
    private var spare: [IncomingMessage] = []

    /// - Parameter pool: Where spent messages are; `nil` makes all anew.
    package init(_ pool: MessagePool?) { self.pool = pool }

    /// Looks for spent messages: to be called before several are made.
    package mutating func restock() {
        if spare.count < 64 { pool?.takeAll(&spare) }
    }

    /// Makes a message with copies of these bytes.
    package mutating func make(
        at place: IncomingMessage.Place, key: UnsafeRawBufferPointer?, headers: [MessageHeader],
        value: UnsafeRawBufferPointer?, timestamp: EventTime
    ) -> IncomingMessage {
        while var message = spare.popLast() {
            if message.remake(at: place, key: key, headers: headers, value: value, timestamp: timestamp) {
                return message
            }
        }
        return IncomingMessage(
            delivery: Delivery(
                position: Position(topic: place.topic, partition: place.partition, offset: place.offset),
                assignment: place.assignment),
            key: key.map { Array($0) }, headers: headers, value: value.map { Array($0) }, timestamp: timestamp)
    }
}
