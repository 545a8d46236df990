/// The parts of JSON Pointers (RFC 6901).
package enum PointerText {
    /// A name as a pointer writes it.
    package static func escape(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        var text = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The name that a pointer's part stands for; `nil` if a tilde in it is followed by neither 0 nor 1.
    package static func unescape(_ part: some StringProtocol) -> String? {
        guard part.utf8.contains(UInt8(ascii: "~")) else { return String(part) }
        var text = String.UnicodeScalarView()
        var isEscape = false
        for scalar in part.unicodeScalars {
            if isEscape {
                guard scalar == "0" || scalar == "1" else { return nil }
                text.append(scalar == "0" ? "~" : "/")
                isEscape = false
            } else if scalar == "~" {
                isEscape = true
            } else {
                text.append(scalar)
            }
        }
        return isEscape ? nil : String(text)
    }

    /// The index that a pointer's part stands for: digits without a leading zero.
    package static func index(_ part: String) -> Int? {
        let digits = part.utf8
        guard let first = digits.first, digits.count == 1 || first != UInt8(ascii: "0"),
            digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
        else { return nil }
        return Int(part)
    }
}
