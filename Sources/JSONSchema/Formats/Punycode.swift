/// Punycode (RFC 3492) with the parameters of IDNA.
enum Punycode {
    private static let base = 36
    private static let minimum = 1
    private static let maximum = 26

    /// The characters of a text that was encoded, without its `xn--`; `nil` if it is not well formed.
    static func decode(_ text: FormatText) -> [Unicode.Scalar]? {
        var output: [Unicode.Scalar] = []
        var rest = 0
        if let hyphen = text.last(UInt8(ascii: "-")) {
            output = text[0..<hyphen].map { Unicode.Scalar($0) }
            rest = hyphen + 1
        }
        var value = 128
        var index = 0
        var bias = 72
        while rest < text.count {
            let old = index
            var weight = 1
            var step = base
            while true {
                guard rest < text.count, let digit = digit(text[rest]) else { return nil }
                rest += 1
                // At most 63 bytes are read, but a weight grows fast.
                let (product, overflow) = digit.multipliedReportingOverflow(by: weight)
                guard !overflow, index <= Int(Int32.max), product <= Int(Int32.max) else { return nil }
                index += product
                let threshold = threshold(step, bias)
                if digit < threshold { break }
                weight *= base - threshold
                guard weight <= Int(Int32.max) else { return nil }
                step += base
            }
            let count = output.count + 1
            bias = adapt(index - old, count, isFirst: old == 0)
            value += index / count
            index %= count
            guard let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: value)), value <= 0x10FFFF else { return nil }
            output.insert(scalar, at: index)
            index += 1
        }
        return output
    }

    /// The bytes of a text when it is encoded, without `xn--`; `nil` if it is far too long.
    static func encode(_ text: [Unicode.Scalar]) -> [UInt8]? {
        guard text.count <= 256 else { return nil }
        var output = text.filter(\.isASCII).map { UInt8($0.value) }
        let basicCount = output.count
        if basicCount > 0 { output.append(UInt8(ascii: "-")) }
        var handled = basicCount
        var value: UInt32 = 128
        var delta = 0
        var bias = 72
        while handled < text.count {
            guard let next = text.map(\.value).filter({ $0 >= value }).min() else { return nil }
            delta += Int(next - value) * (handled + 1)
            value = next
            for scalar in text {
                if scalar.value < value { delta += 1 }
                guard scalar.value == value else { continue }
                var rest = delta
                var step = base
                while true {
                    let threshold = threshold(step, bias)
                    if rest < threshold { break }
                    output.append(symbol(threshold + (rest - threshold) % (base - threshold)))
                    rest = (rest - threshold) / (base - threshold)
                    step += base
                }
                output.append(symbol(rest))
                bias = adapt(delta, handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            value += 1
        }
        return output
    }

    private static func threshold(_ step: Int, _ bias: Int) -> Int { min(max(step - bias, minimum), maximum) }

    private static func adapt(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var step = 0
        while delta > (base - minimum) * maximum / 2 {
            delta /= base - minimum
            step += base
        }
        return step + (base - minimum + 1) * delta / (delta + 38)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30 + 26
        case 0x41...0x5A: Int(byte) - 0x41
        case 0x61...0x7A: Int(byte) - 0x61
        default: nil
        }
    }

    private static func symbol(_ digit: Int) -> UInt8 { UInt8(digit < 26 ? 0x61 + digit : 0x30 + digit - 26) }
}
