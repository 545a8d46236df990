/// Writes a model as JSON in one of the many ways in which it may be written: with white space, and with characters
/// escaped that need not be.
struct ModelWriter {
    /// How often there is white space, and how often a character is escaped: once in so many, 0 for never.
    var space = 0
    var escape = 0
    private(set) var bytes: [UInt8] = []

    init(space: Int, escape: Int) {
        self.space = space
        self.escape = escape
    }

    static func write(_ model: JSONModel, using generator: inout SplitMix64) -> [UInt8] {
        let isPlain = generator.oneIn(2)
        var writer = ModelWriter(
            space: isPlain ? 0 : generator.pick([2, 8, 30]), escape: isPlain ? 0 : generator.pick([0, 3, 40]))
        writer.write(model, &generator)
        return writer.bytes
    }

    private mutating func write(_ model: JSONModel, _ generator: inout SplitMix64) {
        writeSpace(&generator)
        switch model {
        case .null: bytes += Array("null".utf8)
        case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
        case .number(let text): bytes += text
        case .string(let text): write(string: text, &generator)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(element, &generator)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                writeSpace(&generator)
                write(string: member.name, &generator)
                writeSpace(&generator)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, &generator)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        writeSpace(&generator)
    }

    private mutating func writeSpace(_ generator: inout SplitMix64) {
        guard space > 0, generator.oneIn(space) else { return }
        for _ in 0...generator.below(generator.oneIn(10) ? 40 : 3) {
            bytes.append(generator.pick([0x20, 0x09, 0x0A, 0x0D]))
        }
    }

    private mutating func write(string: [UInt8], _ generator: inout SplitMix64) {
        bytes.append(UInt8(ascii: "\""))
        guard let text = String(validating: string, as: UTF8.self) else {
            // Not UTF-8 on purpose: as it is.
            bytes += string + [UInt8(ascii: "\"")]
            return
        }
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" {
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: scalar)]
            } else if scalar.value < 0x20 || escape > 0 && generator.oneIn(escape) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: generator.oneIn(2))
                    bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
                }
            } else {
                bytes += Array(String(scalar).utf8)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
