import OpenEdXEvents

/// One setting as files and variables name it: where it goes and what it allows.
struct KafkaSetting: Sendable {
    /// What a setting allows.
    enum Kind: Sendable, Equatable {
        case text
        /// Texts, in a variable with commas between.
        case texts
        case flag
        /// A whole number of these.
        case number(ClosedRange<Int>)
        case choice([String])
        /// The path of a file.
        case path
        /// A text that is never shown. A file may hold it: the same name with `_file` behind it says which.
        case secret

        /// What is allowed, in words.
        var allowed: String {
            switch self {
            case .text: "a text that is not empty"
            case .texts: "one text or more, with commas between them in a variable"
            case .flag: "true or false"
            case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
            case .choice(let names): "one of " + names.joined(separator: ", ")
            case .path: "the path of a file"
            case .secret: "a text that is not empty"
            }
        }
    }

    /// A value of the kind that a setting allows.
    enum Value {
        case text(String)
        case texts([String])
        case flag(Bool)
        case number(Int)
        case secret(Secret)
    }

    /// The path in a file, such as `producer.linger_ms`.
    let path: String
    let kind: Kind
    /// The property of librdkafka that it becomes, for those who know that one.
    let property: String
    /// What it is for.
    let help: String
    /// Puts a value of its kind in place.
    let apply: @Sendable (inout ConfigurationDraft, Value) -> Void

    /// The variable, such as `OPENEDX_EVENTS_KAFKA_PRODUCER_LINGER_MS`.
    var variable: String { Self.prefix + path.replacing(".", with: "_").uppercased() }

    /// What all variables begin with.
    static let prefix = "OPENEDX_EVENTS_KAFKA_"
    /// What variables begin with that stand for pass-through properties.
    static let propertyPrefix = prefix + "PROPERTIES_"
    /// The variable that names the file.
    static let fileVariable = prefix + "CONFIG"

    /// Reads a value from a variable; `nil` if it is not allowed.
    func value(of text: String) -> Value? {
        switch kind {
        case .text, .path: text.isEmpty ? nil : .text(text)
        case .secret: text.isEmpty ? nil : .secret(Secret(text))
        case .texts: Self.list(text.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
        case .flag: text == "true" ? .flag(true) : text == "false" ? .flag(false) : nil
        case .number(let range): Int(text).flatMap { range.contains($0) ? .number($0) : nil }
        case .choice(let names): names.contains(text) ? .text(text) : nil
        }
    }

    /// Reads a value from a file; `nil` if it is not allowed.
    func value(of node: ConfigurationNode) -> Value? {
        switch (kind, node) {
        case (.text, .text(let text)), (.path, .text(let text)), (.secret, .text(let text)),
            (.choice, .text(let text)), (.texts, .text(let text)):
            return value(of: text)
        case (.number, .number(let text)): return value(of: text)
        case (.flag, .flag(let flag)): return .flag(flag)
        case (.texts, .array(let nodes)):
            var texts: [String] = []
            for node in nodes {
                guard case .text(let text) = node else { return nil }
                texts.append(text)
            }
            return Self.list(texts)
        default: return nil
        }
    }

    private static func list(_ texts: [String]) -> Value? {
        let texts = texts.map { text in
            String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return texts.isEmpty || texts.contains("") ? nil : .texts(texts)
    }
}
