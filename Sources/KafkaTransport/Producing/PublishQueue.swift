/// Who may hand messages to the client, and who waits because the client's queue is full.
///
/// A state machine without effects. Those that wait are served in the order in which they came, and nobody overtakes
/// them. They hold their own messages, so that their number is the caller's bound.
struct PublishQueue<Batch> {
    /// What a publisher is to do.
    enum Admission: Equatable {
        /// Hand the messages over, from the first on, and say afterwards how far that went.
        case handOver
        /// Wait: the client's thread hands the messages over when there is room.
        case wait
        case refused
    }

    /// The first message that is still to be handed over.
    struct Waiting {
        let batch: Batch
        var next: Int
    }

    private(set) var isClosed = false
    /// How many publishers are handing messages over.
    private(set) var active = 0
    private var waiting: [Waiting] = []
    private var head = 0

    var isWaiting: Bool { head < waiting.count }

    /// Whether nobody hands over or waits.
    var isIdle: Bool { active == 0 && !isWaiting }

    /// A publisher comes.
    mutating func begin(_ batch: Batch) -> Admission {
        if isClosed { return .refused }
        if isWaiting {
            waiting.append(Waiting(batch: batch, next: 0))
            return .wait
        }
        active += 1
        return .handOver
    }

    /// A publisher has handed over what there was room for; with `next` the first that there was no room for.
    mutating func end(_ batch: Batch, stoppedAt next: Int?) {
        active -= 1
        if let next { waiting.append(Waiting(batch: batch, next: next)) }
    }

    /// Whoever waits longest. The client's thread alone takes them.
    var first: Waiting? { isWaiting ? waiting[head] : nil }

    /// The first one that waits got so far: with `nil` all its messages were handed over.
    mutating func advanceFirst(to next: Int?) {
        if let next {
            waiting[head].next = next
            return
        }
        head += 1
        // Dropped in one go, so that each is moved once on average.
        if head == waiting.count || head >= 64 && head * 2 >= waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
    }

    /// Nobody new is let in.
    mutating func close() { isClosed = true }
}
