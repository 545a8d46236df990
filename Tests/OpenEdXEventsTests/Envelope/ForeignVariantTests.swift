import Testing

@testable import OpenEdXEvents

/// The messages that were sent to the Python consumers of the running bus, by the form of their headers.
@Suite("Foreign variants of the running bus's messages")
struct ForeignVariantTests {
    private static let peer: [(String, String?)] = [
        ("ce_specversion", "1.0"), ("content-type", "application/avro"), ("ce_datacontenttype", "application/avro"),
        ("ce_type", "org.openedx.learning.course.enrollment.created.v1"),
        ("ce_id", "b3b3981e-7544-11ea-b663-000000000000"),
        ("ce_source", "openedx/lms/web"), ("ce_time", "2026-03-14T15:09:26.535897+00:00"), ("ce_minorversion", "0"),
        ("sourcehost", "other.host"), ("sourcelib", "1.2.3"),
    ]
    private static let usual: Set<String> = [
        "3 datacontenttype warning", "4 id error", "6 source error", "17 time error", "41 datacontenttype error",
        "41 sourcehost error", "41 sourcelib warning",
    ]

    private struct Variant {
        let name: String
        let set: [(String, String?)]
        var adds: Set<String> = []
        var drops: Set<String> = []

        init(_ name: String, _ set: [(String, String?)], adds: Set<String> = [], drops: Set<String> = []) {
            (self.name, self.set, self.adds, self.drops) = (name, set, adds, drops)
        }
    }

    private static let variants = [
        Variant("as the peer sends it", []),
        Variant("source with a leading slash", [("ce_source", "/openedx/lms/web")], drops: ["6 source error"]),
        Variant("time with Z", [("ce_time", "2026-03-14T15:09:26.535897Z")], drops: ["17 time error"]),
        Variant("time without fraction", [("ce_time", "2026-03-14T15:09:26Z")], drops: ["17 time error"]),
        Variant("time with milliseconds", [("ce_time", "2026-03-14T15:09:26.535Z")], drops: ["17 time error"]),
        Variant("time with nanoseconds", [("ce_time", "2026-03-14T15:09:26.535897123Z")], drops: ["17 time error"]),
        Variant("time with one digit", [("ce_time", "2026-03-14T15:09:26.5+00:00")]),
        Variant("time in lower case", [("ce_time", "2026-03-14t15:09:26z")]),
        Variant("time with an offset", [("ce_time", "2026-03-14T17:09:26.535897+02:00")]),
        Variant("time without zone", [("ce_time", "2026-03-14T15:09:26.535897")]),
        Variant("time -00:00", [("ce_time", "2026-03-14T15:09:26.535897-00:00")]),
        Variant("no time", [("ce_time", nil)], adds: ["2 time error"], drops: ["17 time error"]),
        Variant("no minorversion", [("ce_minorversion", nil)], adds: ["2 minorversion error"]),
        Variant("minorversion 2", [("ce_minorversion", "2")]),
        Variant("minorversion not a number", [("ce_minorversion", "1.2")], adds: ["5 minorversion error"]),
        Variant(
            "no sourcelib, no sourcehost", [("sourcehost", nil), ("sourcelib", nil)], adds: ["2 sourcehost error"],
            drops: ["41 sourcehost error", "41 sourcelib warning"]),
        Variant("sourcelib of a beta", [("sourcelib", "1.0.0-beta1")]),
        Variant("no source", [("ce_source", nil)], adds: ["31 source error"], drops: ["6 source error"]),
        Variant("empty source", [("ce_source", "")], adds: ["31 source error"], drops: ["6 source error"]),
        Variant("no id", [("ce_id", nil)], adds: ["31 id error"], drops: ["4 id error"]),
        Variant("id not a UUID", [("ce_id", "not-a-uuid")]),
        Variant("id in upper case", [("ce_id", "B3B3981E-7544-11EA-B663-000000000000")]),
        Variant("id of version 4", [("ce_id", "b3b3981e-7544-41ea-b663-000000000000")]),
        Variant("unknown type", [("ce_type", "org.openedx.learning.nothing.like.this.v1")], adds: ["14 type warning"]),
        Variant("no specversion", [("ce_specversion", nil)], adds: ["31 specversion error"]),
        Variant("specversion 0.3", [("ce_specversion", "0.3")], adds: ["9 specversion error"]),
        Variant("an unknown attribute", [("ce_unknown", "x")]),
        Variant(
            "no content type", [("content-type", nil), ("ce_datacontenttype", nil)],
            adds: ["2 datacontenttype error", "38 data error"],
            drops: ["3 datacontenttype warning", "41 datacontenttype error"]),
        Variant(
            "a content type of JSON", [("content-type", "application/json")], adds: ["38 data error"],
            drops: ["3 datacontenttype warning"]),
    ]

    private static func headers(_ changes: [(String, String?)]) -> [MessageHeader] {
        var headers = peer
        for change in changes {
            if let index = headers.firstIndex(where: { $0.0 == change.0 }) {
                headers[index].1 = change.1
            } else {
                headers.append(change)
            }
        }
        return headers.compactMap { header in header.1.map { MessageHeader(header.0, $0) } }
    }

    @Test("OEP41-40 OEP41-41: a deviating message is delivered, with what deviates", arguments: variants.indices)
    func delivered(row: Int) throws {
        let variant = Self.variants[row]
        let received = try ReceivedEnvelope(headers: Self.headers(variant.set), value: [0, 0, 0, 0, 47, 80])
        let expected = Self.usual.union(variant.adds).subtracting(variant.drops)
        #expect(Set(received.findings.map(\.summary)) == expected, "\(variant.name)")
    }

    @Test("OEP41-31: without a type, or with two types or ids, a message cannot be read")
    func unreadable() {
        for headers in [
            Self.headers([("ce_type", nil)]), Self.headers([]) + [MessageHeader("ce_type", "x")],
            Self.headers([]) + [MessageHeader("ce_id", "x")], Self.headers([("ce_type", nil), ("ce-type", "x")]),
        ] {
            #expect(throws: EnvelopeError.self) { try ReceivedEnvelope(headers: headers, value: nil) }
        }
    }

    @Test("OEP41-17: the time of a variant is the same instant")
    func times() throws {
        for text in [
            "2026-03-14T15:09:26.535897Z", "2026-03-14T17:09:26.535897+02:00", "2026-03-14t15:09:26.535897z",
            "2026-03-14T15:09:26.535897-00:00",
        ] {
            let received = try ReceivedEnvelope(headers: Self.headers([("ce_time", text)]), value: nil)
            #expect(received.time?.description == "2026-03-14T15:09:26.535897Z")
        }
    }
}
