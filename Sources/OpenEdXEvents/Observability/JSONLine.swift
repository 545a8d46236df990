/// Writes one flat JSON object on a line of its own, from any strings, without failing.
///
/// The coder's `JSONWriter` may throw and is made for payloads; a log line must never fail.
struct JSONLine {
    private var text = "{"

    /// Adds a string.
    mutating func add(_ name: String, _ value: String) {
        begin(name)
        string(value)
    }

    /// Adds a value that is JSON already.
    mutating func add(_ name: String, literal: String) {
        begin(name)
        text += literal
    }

    /// The object with a line feed behind it.
    consuming func line() -> [UInt8] {
        text += "}\n"
        return Array(text.utf8)
    }

    private mutating func begin(_ name: String) {
        if text.utf8.count > 1 { text += "," }
        string(name)
        text += ":"
    }

    private mutating func string(_ value: String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _
            where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value == 0x2028
                || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
