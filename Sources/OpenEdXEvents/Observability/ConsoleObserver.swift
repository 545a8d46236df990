#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes what happens on the bus as lines: text for people, or JSON for machines.
///
/// A line holds at most 512 bytes of any text, no payload value, and no record key, which may be a user name
/// (rule 28).
public struct ConsoleObserver: BusObserver {
    /// How a line is written.
    public enum Format: String, Sendable, CaseIterable {
        /// `2026-01-02T03:04:05Z INFO consumer running group=search`
        case text
        /// One JSON object: `time`, `level`, `message`, and the fields of ``LogKey``.
        case json
    }

    /// Whether the level is coloured.
    public enum Color: Sendable, CaseIterable {
        /// On a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
        case automatic
        case always
        case never
    }

    private let format: Format
    private let level: LogLevel
    private let output: LineOutput
    private let isColored: Bool
    private let now: @Sendable () -> EventTime

    /// Creates an observer.
    ///
    /// - Parameters:
    ///   - format: Lines for people, or JSON lines.
    ///   - level: The least level that is written.
    ///   - output: Where the lines go.
    ///   - color: Whether the level is coloured; never in JSON.
    ///   - now: Reads the clock.
    public init(
        _ format: Format = .text, level: LogLevel = .info, to output: LineOutput = .standardError,
        color: Color = .automatic, now: @escaping @Sendable () -> EventTime = { EventTime.now() }
    ) {
        self.format = format
        self.level = level
        self.output = output
        self.now = now
        isColored =
            switch color {
            case .automatic: output.isTerminal && Self.terminalHasColors
            case .always: true
            case .never: false
            }
    }

    /// Takes note of a fact.
    public func record(_ fact: BusFact) {
        guard LogEntry.level(of: fact) >= level else { return }
        let entry = LogEntry(fact)
        let time = now().description
        switch format {
        case .text: output.write(LogLine.text(entry, time: time, isColored: isColored))
        case .json: output.write(LogLine.json(entry, time: time))
        }
    }

    private static var terminalHasColors: Bool {
        let noColor = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        let isDumb = getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? true
        return !noColor && !isDumb
    }
}

/// Log entries as lines.
enum LogLine {
    /// Time, level, message and fields, with values quoted where they hold anything but plain characters.
    static func text(_ entry: LogEntry, time: String, isColored: Bool) -> [UInt8] {
        var line = time + " "
        let level = entry.level.rawValue.uppercased()
        line += isColored ? entry.level.color + level + "\u{1B}[0m" : level
        line += " " + entry.message
        for field in entry.fields {
            line += " " + field.key.rawValue + "="
            switch field.value {
            case .text(let text): quote(text, into: &line)
            case .integer(let number): line += String(number)
            case .seconds(let duration): line += duration.secondsText
            case .flag(let flag): line += flag ? "true" : "false"
            }
        }
        line += "\n"
        return Array(line.utf8)
    }

    /// One JSON object.
    static func json(_ entry: LogEntry, time: String) -> [UInt8] {
        var json = JSONLine()
        json.add("time", time)
        json.add("level", entry.level.rawValue)
        json.add("message", entry.message)
        for field in entry.fields {
            switch field.value {
            case .text(let text): json.add(field.key.rawValue, text)
            case .integer(let number): json.add(field.key.rawValue, literal: String(number))
            case .seconds(let duration): json.add(field.key.rawValue, literal: duration.secondsText)
            case .flag(let flag): json.add(field.key.rawValue, literal: flag ? "true" : "false")
            }
        }
        return json.line()
    }

    /// Appends a value; one with spaces, quotes, “=” or control characters stands in quotes, so that no value can
    /// look like a field or a line of its own.
    private static func quote(_ text: String, into line: inout String) {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.value > 0x20 && scalar.value != 0x7F && !(0x80...0x9F).contains(scalar.value)
                    && scalar != "\"" && scalar != "=" && scalar != "\\" && !scalar.properties.isWhitespace
            }
        guard !isPlain else { return line += text }
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case "\n": line += "\\n"
            case _
            where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.value == 0x2028 || scalar.value == 0x2029:
                line += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }
}

extension LogLevel {
    /// The escape sequence that begins the level's colour.
    fileprivate var color: String {
        switch self {
        case .trace, .debug: "\u{1B}[2m"
        case .info: "\u{1B}[32m"
        case .warning: "\u{1B}[33m"
        case .error: "\u{1B}[31m"
        }
    }
}
