import Testing

@testable import OpenEdXEvents

@Suite("Trace context")
struct TraceContextTests {
    static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test("traceparent of version 00 is read and written alike")
    func roundTrip() throws {
        let context = try #require(TraceContext(traceparent: Self.parent))
        #expect(context.traceparent == Self.parent)
        #expect(context.traceID.description == Self.trace)
        #expect(context.spanID.description == "00f067aa0ba902b7")
        #expect(context.isSampled)
        #expect(TraceContext(traceparent: Self.parent.dropLast() + "0")?.isSampled == false)
    }

    private static let tail: String = String(parent.dropFirst(2))
    private static let span = "00f067aa0ba902b7"
    private static let badParents: [String] = [
        "", "00", "00-\(trace)-\(span)", "\(parent)-", "\(parent)-00", "\(parent)0", " \(parent)", "0\(parent)",
        "ff\(tail)", "0g\(tail)", "0A\(tail)", "00-00000000000000000000000000000000-\(span)-01",
        "00-\(trace)-0000000000000000-01", "00-\(trace.uppercased())-\(span)-01", "00_\(trace)-\(span)-01",
        "00-\(trace)-\(span)-0x", "00-\(trace)-\(span)-0é", "cc\(tail)x", "cc\(tail)00-x",
    ]

    @Test("traceparent that breaks the grammar is refused", arguments: badParents)
    func refused(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test("a later version is read as far as version 00 goes, and written as 00")
    func laterVersion() {
        for text in ["cc\(Self.tail)", "01\(Self.tail)-what-comes-then", "fe\(Self.tail)-"] {
            #expect(TraceContext(traceparent: text)?.traceparent == Self.parent)
        }
    }

    @Test("flags that are not defined are sent as zero")
    func flags() {
        let context = TraceContext(traceparent: Self.parent.dropLast(2) + "ff")
        #expect(context?.traceparent.hasSuffix("-03") == true)
    }

    @Test("traceparent with any byte cut or flipped is refused or another context, and never traps")
    func mutilated() {
        let bytes = Array(Self.parent.utf8)
        for index in bytes.indices {
            #expect(TraceContext(traceparent: String(decoding: bytes[..<index], as: UTF8.self)) == nil)
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                let context = TraceContext(traceparent: String(decoding: flipped, as: UTF8.self))
                #expect(context == nil || context?.traceparent != Self.parent || index < 2 || index > 52)
            }
        }
    }

    @Test("a child has the trace, the state and the flags, and a span of its own")
    func child() throws {
        let context = try #require(TraceContext(traceparent: Self.parent, tracestate: "a=1"))
        let children = (0..<100).map { _ in context.child() }
        #expect(Set(children.map(\.spanID)).count == 100)
        #expect(children.allSatisfy { $0.traceID == context.traceID && $0.state == context.state && $0.isSampled })
        #expect(children.allSatisfy { TraceContext(traceparent: $0.traceparent) != nil })
    }

    @Test("roots are traces of their own")
    func roots() {
        #expect(Set((0..<100).map { _ in TraceContext.root().traceID }).count == 100)
        #expect(TraceContext.root().isSampled)
        #expect(!TraceContext.root(isSampled: false).isSampled)
    }

    @Test(
        "tracestate is read with spaces and empty members, and written without",
        arguments: [
            ("a=1", "a=1"),
            (" rojo=00f067aa0ba902b7 ,\t congo=t61rcWkgMzE ", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"),
            (",a=1,,b=2,", "a=1,b=2"), ("fw529a3039@dt=FfwAAA", "fw529a3039@dt=FfwAAA"), ("0a=1", "0a=1"),
            ("a= b", "a= b"), ("a_-*/=!~", "a_-*/=!~"),
        ])
    func state(text: String, written: String) {
        #expect(TraceState(text)?.description == written)
    }

    private static let badStates: [String] = [
        "", " ", ",", "a", "=1", "a=", "a= ", "A=1", "a=1=2", "a=é", "a=\u{7F}", "a=1,a=2", "a b=1", "_a=1", "@a=1",
        "a@=1", "a@0=1", "a@b@c=1", "a =1", "\u{A0}a=1",
        String(repeating: "a", count: 257) + "=1", "a@" + String(repeating: "b", count: 15) + "=1",
        "a=" + String(repeating: "1", count: 257), (0...32).map { "k\($0)=1" }.joined(separator: ","),
    ]

    @Test("tracestate that breaks the grammar is refused", arguments: badStates)
    func stateRefused(text: String) {
        #expect(TraceState(text) == nil)
        #expect(TraceContext(traceparent: Self.parent, tracestate: text)?.traceparent == Self.parent)
        #expect(TraceContext(traceparent: Self.parent, tracestate: text)?.state == nil)
    }

    @Test("a long tracestate is shortened by whole members: large ones first, then from the end")
    func shortened() throws {
        let large = "large=" + String(repeating: "x", count: 200)
        let small = (0..<30).map { "k\($0)=" + String(repeating: "y", count: 16) }
        let state = try #require(TraceState(([large] + small).joined(separator: ",")))
        #expect(state.description.utf8.count <= 512)
        #expect(state.members.first?.key == "k0")
        #expect(state.members.map(\.key) == small.prefix(state.members.count).map { String($0.prefix { $0 != "=" }) })
        #expect(TraceState(small.prefix(20).joined(separator: ","))?.members.count == 20)
    }

    @Test("headers carry the context and take the place of one that was there")
    func headers() throws {
        let context = try #require(TraceContext(traceparent: Self.parent, tracestate: "a=1,b=2"))
        var headers = [
            MessageHeader("content-type", "application/json"), MessageHeader("TraceParent", "old"),
            MessageHeader("tracestate", "old=1"),
        ]
        context.inject(into: &headers)
        #expect(headers.map(\.name) == ["content-type", "traceparent", "tracestate"])
        #expect(TraceContext.extract(from: headers) == context)
        TraceContext.root().inject(into: &headers)
        #expect(headers.map(\.name) == ["content-type", "traceparent"])
    }

    @Test("headers are read in any case, several tracestates as one, two traceparents not at all")
    func reading() throws {
        let parent = MessageHeader("TRACEPARENT", Self.parent)
        let states = [MessageHeader("Tracestate", "a=1"), MessageHeader("tracestate", "b=2")]
        #expect(TraceContext.extract(from: states + [parent])?.state?.description == "a=1,b=2")
        #expect(TraceContext.extract(from: [parent, parent]) == nil)
        #expect(TraceContext.extract(from: states) == nil)
        #expect(TraceContext.extract(from: [MessageHeader("traceparent", [0xFF])]) == nil)
        #expect(TraceContext.extract(from: [MessageHeader("traceparent", nil)]) == nil)
        #expect(TraceContext.extract(from: []) == nil)
    }

    @Test("OEP41-43: extension attributes carry the context too")
    func attributes() {
        let context = TraceContext.extract(
            from: ["traceparent": .string(Self.parent), "tracestate": .string("a=1"), "sampledrate": .integer(2)])
        #expect(context?.traceparent == Self.parent)
        #expect(context?.state?.description == "a=1")
        #expect(TraceContext.extract(from: ["tracestate": .string("a=1")]) == nil)
        #expect(TraceContext.extract(from: ["traceparent": .integer(1)]) == nil)
    }

    @Test("the current context is the task's own and its children's")
    func current() async {
        let context = TraceContext.root()
        #expect(TraceContext.current == nil)
        await TraceContext.$current.withValue(context) {
            async let inherited = TraceContext.current
            #expect(await inherited == context)
        }
        #expect(TraceContext.current == nil)
    }
}
