import OpenEdXEvents
import Testing

@Suite("Numbers are read and written exactly, or refused")
struct JSONNumberTests {
    private func read<Value: JSONReadable>(_ text: String, as type: Value.Type) throws(PayloadError) -> Value {
        try JSONReader.read(type, from: Array(text.utf8))
    }

    private func edges<Value: FixedWidthInteger & JSONPayload>(_ type: Value.Type) throws {
        for value in [Value.min, Value.max, 0, 1, Value.max / 10, Value.min + 1] {
            #expect(try JSONWriter.write(value) == Array("\(value)".utf8))
            #expect(try read("\(value)", as: type) == value)
            #expect(try read(" [\(value) ]", as: [Value].self) == [value])
        }
        for text in ["\(Value.max)0", "-\(Value.max)0", "1e30", "0.5", "99999999999999999999", "-99999999999999999999"]
        {
            do {
                _ = try read(text, as: type)
                Issue.record("\(text) was read as \(type)")
            } catch {
                #expect(error.code == .outOfRange)
            }
        }
    }

    @Test("the edges of every integer type")
    func integers() throws {
        try edges(Int.self)
        try edges(Int8.self)
        try edges(Int16.self)
        try edges(Int32.self)
        try edges(Int64.self)
        try edges(UInt.self)
        try edges(UInt8.self)
        try edges(UInt16.self)
        try edges(UInt32.self)
        try edges(UInt64.self)
    }

    @Test("one beyond the edge, and a sign where there is none")
    func beyond() throws {
        #expect(throws: PayloadError.self) { try read("128", as: Int8.self) }
        #expect(throws: PayloadError.self) { try read("-129", as: Int8.self) }
        #expect(throws: PayloadError.self) { try read("-1", as: UInt8.self) }
        #expect(throws: PayloadError.self) { try read("9223372036854775808", as: Int64.self) }
        #expect(throws: PayloadError.self) { try read("-9223372036854775809", as: Int64.self) }
        #expect(throws: PayloadError.self) { try read("18446744073709551616", as: UInt64.self) }
        #expect(try read("-0", as: UInt8.self) == 0)
    }

    @Test("a whole number may have a fraction or an exponent")
    func whole() throws {
        #expect(try read("1.0", as: Int.self) == 1)
        #expect(try read("-2.50e1", as: Int.self) == -25)
        #expect(try read("1e3", as: Int16.self) == 1000)
        #expect(try read("1000e-3", as: UInt8.self) == 1)
        #expect(try read("[1.0,2]", as: [Int].self) == [1, 2])
        #expect(throws: PayloadError.self) { try read("1e-1", as: Int.self) }
        #expect(throws: PayloadError.self) { try read("3e2", as: UInt8.self) }
        #expect(try read("9007199254740993.0", as: Int.self) == 9_007_199_254_740_993)
        #expect(try read("-9223372036854775808.000", as: Int.self) == .min)
        #expect(try read("922337203685477580.7e1", as: Int.self) == .max)
        #expect(try read("0.000000000000000000000000000007E30", as: Int.self) == 7)
        #expect(try read("70000000000000000000000000000e-28", as: Int.self) == 7)
        #expect(try read("-0.000e999999999999999999999999", as: Int.self) == 0)
        #expect(throws: PayloadError.self) { try read("9223372036854775808.0", as: Int.self) }
        #expect(throws: PayloadError.self) { try read("1.0000000000000000000000001", as: Int.self) }
        #expect(throws: PayloadError.self) { try read("1e-999999999999999999999999", as: Int.self) }
        #expect(throws: PayloadError.self) { try read("1e999999999999999999999999", as: Int.self) }
        #expect(throws: PayloadError.self) { try read("1e20", as: UInt64.self) }
        #expect(throws: PayloadError.self) { try read("-1.0", as: UInt8.self) }
    }

    @Test(
        "doubles round-trip",
        arguments: [
            0, -0.0, 1, -1, 0.1, 0.2, 0.30000000000000004, 1.0 / 3, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude,
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 1e15, 1e16, 1e21, 1e22, 1e23, 9_007_199_254_740_991,
            9_007_199_254_740_992, 123456789.123456789, 1e-5, 1e-4, 4.35, 0.000001, .leastNormalMagnitude.nextDown,
        ] as [Double])
    func doubles(_ value: Double) throws {
        let document = try JSONWriter.write([value])
        #expect(jsonFailure(document) == nil)
        let again = try JSONReader.read([Double].self, from: document)
        #expect(again.first?.bitPattern == value.bitPattern)
    }

    @Test("random doubles round-trip, and are read as Swift reads them")
    func randomDoubles() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(try JSONReader.read(Double.self, from: try JSONWriter.write(value)).bitPattern == value.bitPattern)
            let text = "\(Int64(truncatingIfNeeded: generator.next()) % 10_000_000).\(generator.next() % 100_000_000)"
            #expect(try read(text, as: Double.self) == Double(text))
        }
    }

    @Test("a number beyond a double's range is refused, below it rounds to zero")
    func range() throws {
        #expect(throws: PayloadError(.outOfRange, pointer: "", offset: nil, "")) { try read("1e309", as: Double.self) }
        #expect(throws: PayloadError.self) { try read("-1e9999", as: Double.self) }
        #expect(throws: PayloadError.self) { try read("1e39", as: Float.self) }
        #expect(try read("1e-9999", as: Double.self) == 0)
        #expect(try read(String(repeating: "9", count: 300), as: Double.self) == 1e300)
        #expect(try read("0." + String(repeating: "0", count: 400) + "1", as: Double.self) == 0)
        #expect(try read("0.1", as: Float.self) == 0.1)
    }

    @Test("infinities and NaN are refused, at their place", arguments: [.infinity, -.infinity, .nan] as [Double])
    func notFinite(_ value: Double) {
        #expect(throws: PayloadError(.notFinite, pointer: "/a/1", offset: nil, "")) {
            try JSONWriter.write(["a": [0, value]])
        }
        #expect(throws: PayloadError(.notFinite, pointer: "", offset: nil, "")) { try JSONWriter.write(Float(value)) }
    }
}
