/// Requests on their way to a client's thread, in order, and never more than there is room for.
///
/// A state machine without effects.
struct Mailbox<Request> {
    /// What became of a request that was put in.
    enum Receipt: Equatable {
        case taken
        case full
        case closed
    }

    private let capacity: Int
    private var requests: [Request] = []
    private(set) var isClosed = false

    init(capacity: Int) { self.capacity = capacity }

    var isEmpty: Bool { requests.isEmpty }

    /// - Parameter isShort: Whether the request is one of the few that must not wait for room, such as to close.
    mutating func put(_ request: Request, isShort: Bool = false) -> Receipt {
        if isClosed { return .closed }
        guard isShort || requests.count < capacity else { return .full }
        requests.append(request)
        return .taken
    }

    /// Takes all requests out.
    mutating func takeAll() -> [Request] {
        guard !requests.isEmpty else { return [] }
        defer { requests = [] }
        return requests
    }

    /// Takes no more requests; returns those that no one will answer.
    mutating func close() -> [Request] {
        isClosed = true
        return takeAll()
    }
}
