/// Text that is HTML: what stands in the source code is taken as it is, and every string that is put into it is escaped.
///
/// There is no way to make HTML of a string but through escaping, so that no schema can bring markup into a page.
struct HTML: ExpressibleByStringInterpolation {
    /// The HTML.
    private(set) var text: String

    /// Static strings only: what is known at run time alone goes through an interpolation, and is escaped.
    init(stringLiteral value: StaticString) { text = value.description }

    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// What stands between the parts of an interpolated literal.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text: String

        init(literalCapacity: Int, interpolationCount: Int) {
            text = ""
            text.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        mutating func appendLiteral(_ literal: StaticString) { text += literal.description }
        /// Text, also as the value of an attribute between double quotes.
        mutating func appendInterpolation(_ text: some StringProtocol) { HTML.escape(text, into: &self.text) }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ html: HTML?) { text += html?.text ?? "" }
        mutating func appendInterpolation(_ list: [HTML]) { for html in list { text += html.text } }
    }

    /// Nothing.
    static let empty: HTML = ""

    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    /// The parts with something between them.
    static func joined(_ parts: [HTML], _ separator: HTML) -> HTML {
        var result = HTML.empty
        for (index, part) in parts.enumerated() {
            if index > 0 { result += separator }
            result += part
        }
        return result
    }

    /// Text in which what stands in backticks is code.
    static func prose(_ text: String) -> HTML {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return "\(text)" }
        var result = HTML.empty
        for (index, part) in parts.enumerated() {
            if index % 2 == 0 { result += "\(part)" } else { result += "<code>\(part)</code>" }
        }
        return result
    }

    /// A name with places where a line may break: behind dots, underscores and slashes, and before capitals.
    static func breakable(_ name: String) -> HTML {
        var result = HTML.empty
        var part = ""
        var previous: Character = "A"
        for character in name {
            if "._/".contains(previous) || previous.isLowercase && character.isUppercase, !part.isEmpty {
                result += "\(part)<wbr>"
                part = ""
            }
            part.append(character)
            previous = character
        }
        result += "\(part)"
        return result
    }

    /// Characters that could end the text or the attribute, that no page may hold, or that turn the direction of reading
    /// and so show something else than what stands there.
    private static func escape(_ source: some StringProtocol, into text: inout String) {
        for scalar in source.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            case "\n", "\t": text.unicodeScalars.append(scalar)
            default:
                if isHarmful(scalar.value) {
                    text += "\u{FFFD}"
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    private static func isHarmful(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFDD0...0xFDEF: true
        default: scalar & 0xFFFE == 0xFFFE
        }
    }
}
