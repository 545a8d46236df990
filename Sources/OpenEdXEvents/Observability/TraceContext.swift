/// Where an event stands in a distributed trace: W3C Trace Context, carried with or without a tracer.
///
/// The context travels in the message headers `traceparent` and `tracestate`; the envelope stays as it is. While a
/// handler runs, ``current`` is the context of its event, and what it emits becomes a child.
public struct TraceContext: Hashable, Sendable {
    /// The trace's id: 16 bytes, not all zero.
    public struct TraceID: Hashable, Sendable, CustomStringConvertible {
        let high: UInt64
        let low: UInt64

        /// 32 lower-case hexadecimal digits.
        public var description: String { Hexadecimal.text(high, digits: 16) + Hexadecimal.text(low, digits: 16) }
    }

    /// The id of one span: 8 bytes, not all zero.
    public struct SpanID: Hashable, Sendable, CustomStringConvertible {
        let number: UInt64

        /// 16 lower-case hexadecimal digits.
        public var description: String { Hexadecimal.text(number, digits: 16) }
    }

    /// The context of the task; `nil` outside of a trace.
    @TaskLocal public static var current: TraceContext?

    /// The trace.
    public let traceID: TraceID
    /// The span that sent the message.
    public let spanID: SpanID
    /// Whether the sender may have recorded the trace.
    public var isSampled: Bool { flags & Self.sampledFlag != 0 }
    /// What tracing systems carry along, well formed; `nil` for none.
    public let state: TraceState?

    private static let sampledFlag: UInt8 = 0x01
    /// The flags that are defined: sampled, and random trace id. All others are sent as zero.
    private static let knownFlags: UInt8 = 0x03
    private let flags: UInt8

    private init(traceID: TraceID, spanID: SpanID, flags: UInt8, state: TraceState?) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags & Self.knownFlags
        self.state = state
    }

    /// A new trace with its first span, with random ids.
    public static func root(isSampled: Bool = true) -> TraceContext {
        TraceContext(
            traceID: TraceID(high: .random(in: 0 ... .max), low: .random(in: 1 ... .max)),
            spanID: SpanID(number: .random(in: 1 ... .max)), flags: isSampled ? sampledFlag : 0, state: nil)
    }

    /// Reads the two headers; `nil` if `traceparent` breaks the grammar.
    ///
    /// A later version is read as far as version 00 goes. A `tracestate` that breaks the grammar is passed over.
    public init?(traceparent: String, tracestate: String? = nil) {
        var text = traceparent
        // The pointer is used within the closure only.
        let parsed = text.withUTF8 { Self.parse($0) }
        guard let parsed else { return nil }
        self.init(
            traceID: parsed.traceID, spanID: parsed.spanID, flags: parsed.flags,
            state: tracestate.flatMap { TraceState($0) })
    }

    /// The header `traceparent`, in version 00.
    public var traceparent: String { "00-\(traceID)-\(spanID)-" + Hexadecimal.text(UInt64(flags), digits: 2) }

    /// A context in the same trace with a span id of its own.
    public func child() -> TraceContext {
        var number = UInt64.random(in: 1 ... .max)
        while number == spanID.number { number = .random(in: 1 ... .max) }
        return TraceContext(traceID: traceID, spanID: SpanID(number: number), flags: flags, state: state)
    }

    // 2 digits of version, 32 of trace id, 16 of parent id and 2 of flags, with dashes between.
    private static func parse(
        _ text: UnsafeBufferPointer<UInt8>
    ) -> (traceID: TraceID, spanID: SpanID, flags: UInt8)? {
        let dash = UInt8(ascii: "-")
        guard text.count >= 55, text[2] == dash, text[35] == dash, text[52] == dash,
            let version = Hexadecimal.number(text[0..<2]), version != 0xFF,
            let high = Hexadecimal.number(text[3..<19]), let low = Hexadecimal.number(text[19..<35]),
            let parent = Hexadecimal.number(text[36..<52]), let flags = Hexadecimal.number(text[53..<55]),
            high != 0 || low != 0, parent != 0
        else { return nil }
        // Version 00 ends here; a later one may go on, behind a dash.
        guard text.count == 55 || version != 0 && text[55] == dash else { return nil }
        return (TraceID(high: high, low: low), SpanID(number: parent), UInt8(flags))
    }
}

/// Lower-case hexadecimal numbers of a fixed width.
private enum Hexadecimal {
    static func text(_ number: UInt64, digits: Int) -> String {
        String(unsafeUninitializedCapacity: digits) { buffer in
            // `digits` bytes are written, from the last to the first: all of what is said to be initialized.
            for index in 0..<digits {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(4 * (digits - 1 - index))) & 15
                buffer[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return digits
        }
    }

    static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}
