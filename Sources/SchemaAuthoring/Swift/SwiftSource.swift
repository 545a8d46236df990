/// Swift source text that grows line by line, broken as the formatter would break it.
struct SwiftSource {
    /// The most characters of a line.
    static let width = 120

    private(set) var text = ""
    private var level = 0

    /// Adds a line; an empty one has no spaces.
    mutating func line(_ line: String = "") {
        if !line.isEmpty { text += String(repeating: " ", count: level * 4) + line }
        text += "\n"
    }

    /// Adds what the body adds between the opening line and a closing brace, indented.
    mutating func block(_ opening: String, _ body: (inout SwiftSource) -> Void) {
        line(opening + " {")
        indented(body)
        line("}")
    }

    /// Adds what the body adds, indented.
    mutating func indented(_ body: (inout SwiftSource) -> Void) {
        level += 1
        body(&self)
        level -= 1
    }

    /// Adds a documentation comment, broken between words.
    mutating func doc(_ comment: String) {
        for line in Self.fill(comment.split(separator: " ").map(String.init), " ", Self.width - level * 4 - 4) {
            self.line("/// " + line)
        }
    }

    /// Adds a list: on the opening's line if it fits, else on lines of its own, as full as they can be.
    ///
    /// - Parameter trailingComma: Whether the last item has a comma, where the list stands on lines of its own.
    mutating func list(_ opening: String, _ items: [String], _ closing: String, trailingComma: Bool = false) {
        let whole = opening + items.joined(separator: ", ") + closing
        guard level * 4 + whole.count > Self.width else { return line(whole) }
        line(opening)
        indented { source in
            let lines = Self.fill(items.map { $0 + "," }, " ", Self.width - source.level * 4)
            for (index, text) in lines.enumerated() {
                source.line(index < lines.count - 1 || trailingComma ? text : String(text.dropLast()))
            }
        }
        line(closing)
    }

    /// Adds the names of cases, which go on behind the word on as many lines as they need.
    mutating func cases(_ names: [String]) {
        let words = names.map { $0 + "," }
        let lines = Self.fill(words, " ", Self.width - level * 4 - 5)
        for (index, text) in lines.enumerated() {
            let text = index < lines.count - 1 ? text : String(text.dropLast())
            line(index == 0 ? "case " + text : "    " + text)
        }
    }

    /// A string literal of the text.
    static func literal(_ text: String) -> String {
        var literal = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                literal += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return "\"" + literal + "\""
    }

    /// Adds text that stands in a string literal of several lines.
    mutating func raw(_ opening: String, _ lines: [String], _ closing: String) {
        line(opening)
        for text in lines { line(text) }
        line(closing)
    }

    /// Words on lines, each as full as it can be.
    private static func fill(_ words: [String], _ separator: String, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words {
            if line.isEmpty {
                line = word
            } else if line.count + separator.count + word.count <= width {
                line += separator + word
            } else {
                lines.append(line)
                line = word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}
