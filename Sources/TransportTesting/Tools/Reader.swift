import OpenEdXEvents

/// What several members received, for cases in which partitions move between them.
struct Board: Sendable, CustomStringConvertible {
    /// One message and who received it.
    struct Entry: Sendable {
        let member: String
        let message: IncomingMessage
    }

    var entries: [Entry] = []
    /// Why a reader ended that was not told to.
    var problems: [String] = []

    var messages: [IncomingMessage] { entries.map(\.message) }

    func messages(of member: String) -> [IncomingMessage] { entries.filter { $0.member == member }.map(\.message) }

    var description: String { (problems + [messages.listed]).joined(separator: "; ") }
}

/// Reads a member in the background, settles as it is told, and notes all on a board.
final class Reader: Sendable {
    enum Settlement: Sendable {
        case complete
        case keep
    }

    private let member: Member
    private let task: Task<Void, Never>
    private let limits: Limits

    init(
        _ member: Member, onto board: Watched<Board>, limits: Limits, fileID: String, line: Int,
        settle: @escaping @Sendable (IncomingMessage) -> Settlement
    ) {
        self.member = member
        self.limits = limits
        task = Task.immediate {
            do {
                while let batch = try await member.collector.next(atMost: 32, fileID: fileID, line: line) {
                    board.update { board in
                        board.entries += batch.map { Board.Entry(member: member.name, message: $0) }
                    }
                    for message in batch where settle(message) == .complete {
                        member.subscription.complete(message.delivery)
                    }
                }
            } catch {
                if Task.isCancelled, error as? TransportError == TransportError(.cancelled, "") { return }
                board.update { $0.problems.append("\(member.name) ended: \(error)") }
            }
        }
    }

    /// Ends the reading: what is not delivered yet stays with the member.
    func stop(fileID: String = #fileID, line: Int = #line) async throws {
        task.cancel()
        try await limits.run("\(member.name) stops to wait", fileID: fileID, line: line) { [task] in
            await task.value
        }
    }
}

extension Watched<Board> {
    /// Waits for what the members receive; ends early, and throws, when one of them fails.
    @discardableResult
    func wait(
        for expected: String, within limits: Limits, fileID: String = #fileID, line: Int = #line,
        until condition: @escaping @Sendable (Board) -> Bool
    ) async throws -> Board {
        let board = try await wait(expected, within: limits, fileID: fileID, line: line) {
            !$0.problems.isEmpty || condition($0)
        }
        try expect(
            board.problems.isEmpty, expected, seen: board.problems.joined(separator: ", "), fileID: fileID, line: line)
        return board
    }
}
