import OpenEdXEvents

/// What a subscription asks of its client's thread.
enum ConsumerRequest: Sendable {
    case commit(Reply<Void>)
    case seek(SeekTarget, Reply<Void>)
    case progress(Reply<[TopicPartition: PartitionProgress]>)
    /// Whoever waits for the answer with this number does not any more.
    case forget(UInt64)
    case close(within: Duration)
    /// Ends the client as a killed process would.
    case crash

    /// Tells whoever waits that it will not be done.
    func fail(_ error: TransportError) {
        switch self {
        case .commit(let reply): reply.fail(error)
        case .seek(_, let reply): reply.fail(error)
        case .progress(let reply): reply.fail(error)
        case .forget, .close, .crash: break
        }
    }

    /// The number of whoever waits.
    var number: UInt64? {
        switch self {
        case .commit(let reply): reply.number
        case .seek(_, let reply): reply.number
        case .progress(let reply): reply.number
        case .forget, .close, .crash: nil
        }
    }
}

/// Where an answer goes, once.
struct Reply<Value: Sendable>: Sendable {
    let number: UInt64
    let continuation: CheckedContinuation<Result<Value, TransportError>, Never>

    func succeed(_ value: Value) { continuation.resume(returning: .success(value)) }

    func fail(_ error: TransportError) { continuation.resume(returning: .failure(error)) }
}
