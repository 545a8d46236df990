import OpenEdXEvents

/// Asks a person at the terminal, a line at a time.
struct Questions {
    private let terminal: Terminal
    private var rest: [UInt8] = []
    private var isAtEnd = false

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// Asks, and returns the answer without white space around it; `nil` for an empty one.
    mutating func ask(_ question: String, standard: String? = nil) throws(CommandFailure) -> String? {
        terminal.output.write(Array("\(question)\(standard.map { " [\($0)]" } ?? ""): ".utf8))
        _ = terminal.output.flush()
        let answer = try line().map { text in
            String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        return answer.flatMap { $0.isEmpty ? nil : $0 } ?? standard
    }

    /// Asks again and again until an empty line, or the end of the input.
    mutating func askAll(_ question: String) throws(CommandFailure) -> [String] {
        var answers: [String] = []
        while let answer = try ask(question) { answers.append(answer) }
        return answers
    }

    private mutating func line() throws(CommandFailure) -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest.removeSubrange(...end)
                return line
            }
            if isAtEnd {
                defer { rest = [] }
                return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
            }
            do throws(SystemFailure) {
                let chunk = try terminal.input.read()
                isAtEnd = chunk.isEmpty
                rest += chunk
            } catch {
                throw CommandFailure(.noInput, "cannot read the answer: \(error)")
            }
        }
    }
}
