import OpenEdXEvents

/// Which events are shown: pure.
struct EventFilter: Sendable {
    /// A field of the event and the text that it must have.
    struct Field: Sendable {
        let path: JSONKeyPath
        let text: String
    }

    /// Types, any of which will do; `*` stands for anything. None stands for all.
    var types: [String] = []
    /// Keys, any of which will do. None stands for all.
    var keys: [String] = []
    /// Fields, each of which must match.
    var fields: [Field] = []

    /// Reads `PATH=VALUE`.
    static func field(_ text: String) throws(UsageError) -> Field {
        guard let split = text.firstIndex(of: "=") else {
            throw UsageError(
                "'\(printable(text))' is no value for option '--field'",
                hint: "It takes PATH=VALUE, such as data.enrollment.mode=verified.")
        }
        do throws(InvalidAttribute) {
            return Field(
                path: try JSONKeyPath(String(text[..<split])), text: String(text[text.index(after: split)...]))
        } catch {
            throw UsageError("'\(printable(text))' is no value for option '--field': \(error.message)")
        }
    }

    /// Whether everything is shown, also what cannot be read.
    var isEmpty: Bool { types.isEmpty && keys.isEmpty && fields.isEmpty }

    /// Whether a message is shown. What cannot be read has a key, and neither type nor fields.
    func matches(_ message: ReadMessage) -> Bool {
        if !keys.isEmpty {
            guard let key = message.key, keys.contains(key) else { return false }
        }
        guard case .event(let event, let document) = message.content else { return types.isEmpty && fields.isEmpty }
        if !types.isEmpty {
            let type = event.type
            guard types.contains(where: { Self.matches(type[...], $0[...]) }) else { return false }
        }
        return fields.allSatisfy { field in
            field.path.key(in: document[...]).map { $0.elementsEqual(field.text.utf8) } ?? false
        }
    }

    /// Whether the text has the pattern's form, in which `*` stands for anything.
    static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
        // The last star alone is tried again, a byte further: linear but for texts made to be slow.
        let (text, pattern) = (Array(text.utf8), Array(pattern.utf8))
        let star = UInt8(ascii: "*")
        var (at, place) = (0, 0)
        var lastStar: (place: Int, at: Int)?
        while at < text.count {
            if place < pattern.count, pattern[place] == star {
                lastStar = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == text[at] {
                at += 1
                place += 1
            } else if let star = lastStar {
                lastStar = (star.place, star.at + 1)
                at = star.at + 1
                place = star.place + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == star }
    }
}
