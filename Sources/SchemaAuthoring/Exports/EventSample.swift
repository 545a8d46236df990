import JSONSchema
import OpenEdXEvents

/// A whole event around one of a schema's examples, as the library would send it: made up, and always the same.
struct EventSample {
    /// The example.
    let data: JSONNode
    /// The structured event; `nil` if the envelope refuses the example, as one that is too large.
    let structured: JSONNode?
    /// What the headers of binary mode are, in the library's order (rule 41).
    let headers: [(name: String, value: String)]
    /// The record key, where the example has it (rule 42).
    let key: String?
    /// The structured event's size in bytes.
    let size: Int

    /// The samples of a schema.
    static func samples(of schema: EventSchema) -> [EventSample] {
        schema.examples.enumerated().map { EventSample($1, of: schema, index: $0) }
    }

    /// When every sample happened.
    private static let time = EventTime(seconds: 1_770_715_867, nanoseconds: 204_518_000)
    /// What stands for the service that is not known.
    private static let unknownSource = "/openedx/example/web"

    init(_ example: JSONNode, of schema: EventSchema, index: Int) {
        data = example
        let source = schema.source ?? Self.unknownSource
        let envelope = EventEnvelope(
            id: Self.id("\(schema.versionedName)/\(index)").description, source: source, type: schema.type.name,
            time: Self.time, sourceHost: Self.host(of: source), minorVersion: schema.minorVersion,
            data: .json(example.compactBytes()))
        // Old names break rules of Open edX alone.
        let bytes = try? envelope.structured(as: .cloudEvents)
        structured = bytes.flatMap { bytes in
            (try? JSONDocument(parsing: bytes, file: ""))?.root
        }
        size = bytes?.count ?? 0
        let headers = (try? envelope.binary(as: .cloudEvents))?.headers ?? []
        let pairs = headers.map { (name: $0.name, value: String(decoding: $0.value ?? [], as: UTF8.self)) }
        self.headers = pairs.filter { $0.name == "content-type" } + pairs.filter { $0.name != "content-type" }
        key = schema.keyPath.flatMap { Self.text(at: $0, in: example) }
    }

    private static func text(at path: [String], in node: JSONNode) -> String? {
        var node = node
        for name in path {
            guard let next = node[name] else { return nil }
            node = next
        }
        return node.string ?? node.number?.text
    }

    private static func host(of source: String) -> String {
        let parts = source.split(separator: "/")
        let service = parts.count == 3 ? String(parts[1]) : "service"
        let host = service.lowercased() + ".example.org"
        return (try? SourceHost(host)) == nil ? "service.example.org" : host
    }

    /// An id of version 1 with a node that is no network card's (rule 04), derived from a name.
    private static func id(_ name: String) -> EventID {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        let ticks = UInt64(time.seconds) * 10_000_000 + UInt64(time.nanoseconds / 100) + 122_192_928_000_000_000
        let high = ticks << 32 | (ticks >> 32 & 0xFFFF) << 16 | 0x1000 | ticks >> 48 & 0xFFF
        let low = hash & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000 | 0x0000_0100_0000_0000
        return EventID(high: high, low: low)
    }
}
