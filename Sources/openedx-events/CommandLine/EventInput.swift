/// The file, or the standard input, that a command reads events from.
struct EventInput: Hashable, Sendable {
    /// The file; `-` or nothing is standard input.
    let path: String?

    /// What is said of an input without an event.
    static let holdsNoEvent = CommandFailure(
        .unreadable, "the input holds no event",
        hint: "It may be one event, a JSON array of events, or one event a line.")

    private var name: String { path.map { "'\(printable($0))'" } ?? "standard input" }

    /// Opens it; says to a person at a terminal what to do.
    func open(_ terminal: Terminal) throws(CommandFailure) -> any ByteSource {
        guard let path, path != "-" else {
            if terminal.isInputInteractive { terminal.printError("Type or paste events; Ctrl-D ends the input.") }
            return terminal.input
        }
        do throws(SystemFailure) {
            return try FileSource(path: path)
        } catch {
            throw CommandFailure(.noInput, "cannot open \(name): \(error)")
        }
    }

    /// Reads the next bytes; none at the end.
    func read(_ source: any ByteSource) throws(CommandFailure) -> [UInt8] {
        do throws(SystemFailure) {
            return try source.read()
        } catch {
            throw CommandFailure(.noInput, "cannot read \(name): \(error)")
        }
    }

    /// Reads all of it, up to a limit.
    func readAll(_ terminal: Terminal, atMost limit: Int) throws(CommandFailure) -> [UInt8] {
        let source = try open(terminal)
        var bytes: [UInt8] = []
        while true {
            let chunk = try read(source)
            if chunk.isEmpty { return bytes }
            bytes += chunk
            if bytes.count > limit { throw CommandFailure(.unreadable, "\(name) has more than \(limit) bytes") }
        }
    }
}
