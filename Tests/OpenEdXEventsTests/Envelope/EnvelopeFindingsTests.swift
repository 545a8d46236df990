import Testing

@testable import OpenEdXEvents

@Suite("Findings of an envelope")
struct EnvelopeFindingsTests {
    @Test("An event that keeps every rule has no finding")
    func sound() throws {
        let received = try ReceivedEnvelope(structured: SampleDocument().bytes)
        #expect(received.findings == [])
        #expect(SampleDocument.envelope.findings == [])
    }

    private static let table: [(name: String, json: String?, findings: [String])] = [
        // Rules 02 and 31: what is missing, or null, or empty.
        ("id", nil, ["31 id error"]), ("id", "null", ["31 id error"]), ("id", #""""#, ["31 id error"]),
        ("source", nil, ["31 source error"]), ("source", #""""#, ["31 source error"]),
        ("specversion", nil, ["31 specversion error"]), ("specversion", #""""#, ["31 specversion error"]),
        ("time", nil, ["2 time error"]), ("time", "null", ["2 time error"]),
        ("sourcehost", nil, ["2 sourcehost error"]), ("minorversion", nil, ["2 minorversion error"]),
        ("minorversion", "null", ["2 minorversion error"]),
        ("datacontenttype", nil, ["2 datacontenttype error"]),
        // Rule 03.
        ("datacontenttype", #""Application/JSON; charset=utf-8""#, []),
        ("datacontenttype", #""application/vnd.course+json""#, ["3 datacontenttype warning"]),
        ("datacontenttype", #""json""#, ["3 datacontenttype error"]),
        ("datacontenttype", #""""#, ["3 datacontenttype error"]),
        ("datacontenttype", #""text/xml""#, ["38 data error"]),
        // Rule 04.
        ("id", #""B3B3981E-7544-11EA-B663-ADDE48001122""#, ["4 id error"]),
        ("id", #""b3b3981e-7544-41ea-b663-adde48001122""#, ["4 id error"]),
        ("id", #""b3b3981e-7544-11ea-b663-acde48001122""#, ["4 id error"]),
        ("id", #""b3b3981e754411eab663adde48001122""#, ["4 id error"]), ("id", #""42""#, ["4 id error"]),
        ("id", "42", ["33 id error"]),
        // Rule 05.
        ("minorversion", "2147483647", []), ("minorversion", "-1", ["5 minorversion error"]),
        ("minorversion", #""0""#, ["5 minorversion error"]), ("minorversion", "true", ["5 minorversion error"]),
        ("minorversion", "1.0", ["33 minorversion error"]), ("minorversion", "2147483648", ["33 minorversion error"]),
        ("minorversion", "1e0", ["33 minorversion error"]),
        // Rules 06 and 33.
        ("source", #""openedx/lms/web""#, ["6 source error"]),
        ("source", #""https://lms.example""#, ["6 source error"]),
        ("source", #""/openedx/l ms/web""#, ["6 source error", "33 source error"]),
        ("source", "{}", ["33 source error"]),
        // Rules 08 and 09.
        ("sourcehost", #""my host""#, ["8 sourcehost error"]), ("sourcehost", #""""#, ["8 sourcehost error"]),
        ("sourcehost", #""2001:db8::1""#, []), ("specversion", #""0.3""#, ["9 specversion error"]),
        ("specversion", "1.0", ["33 specversion error"]),
        // Rules 10, 11, 12 and 14.
        ("type", #""org.openedx.learning.course.created""#, ["10 type error"]),
        ("type", #""Org.openedx.learning.course.created.v1""#, ["10 type error"]),
        ("type", #""org.openedx.authz.role_assignment.created""#, ["10 type note"]),
        ("type", #""com.example.learning.course.created.v1""#, ["11 type warning"]),
        ("type", #""org.openedx.weather.storm.passed.v1""#, ["12 type warning"]),
        ("type", #""org.openedx.learning.lti_provider.launch.success.v1""#, ["14 type warning"]),
        // Rule 17.
        ("time", #""2026-03-14T15:09:26.535897+00:00""#, ["17 time error"]),
        ("time", #""2026-03-14t15:09:26z""#, ["17 time error"]), ("time", #""yesterday""#, ["17 time error"]),
        ("time", #""""#, ["17 time error"]), ("time", "1773500966", ["33 time error"]),
        // Rule 32.
        ("Sequence", #""1""#, ["32 - error"]), ("trace-id", #""1""#, ["32 - error"]), ("", #""1""#, ["32 - error"]),
        ("1st", #""1""#, ["32 1st warning"]), ("abcdefghijklmnopqrstu", #""1""#, ["32 abcdefghijklmnopqrstu warning"]),
        // Rule 33.
        ("x", "true", []), ("x", "-2147483648", []), ("x", "2147483648", ["33 x error"]), ("x", "0.5", ["33 x error"]),
        ("x", "[1]", ["33 x error"]), ("x", #"{"y":1}"#, ["33 x error"]), ("subject", "5", ["33 subject error"]),
        // Rule 34.
        ("x", #""a\u0000""#, ["34 x error"]), ("x", #""a\n""#, ["34 x error"]), ("x", #""\u0080""#, ["34 x error"]),
        ("x", #""\uFFFE""#, ["34 x error"]), ("x", #""\uD83F\uDFFE""#, ["34 x error"]),
        ("x", "\"\u{7F}\"", ["34 x error"]),
        ("subject", #""\uFDD0""#, ["34 subject error"]), ("x", #""\uD83C\uDF93 ž""#, []),
        // Rule 36.
        ("subject", #""""#, ["36 subject error"]), ("subject", #""course-v1:a+b+c""#, []),
        ("dataschema", #""""#, ["36 dataschema error"]), ("dataschema", #""schemas/a""#, ["36 dataschema error"]),
        ("dataschema", #""https://example.org/a#b""#, ["36 dataschema error"]),
        ("dataschema", #""https://example.org/a?b""#, []),
        // Rule 37.
        ("x", "null", []), ("data", "null", []), ("data", nil, []), ("data_base64", "null", []),
        // Rule 38.
        ("data", #""text""#, []), ("data", #""{\"a\":1}""#, ["38 data warning"]),
        ("data", #"" [] ""#, ["38 data warning"]),
        ("data", #""{a}""#, []), ("data", "17", []),
        // Rule 43.
        ("traceparent", #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#, []),
        ("traceparent", #""00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01""#, ["43 traceparent warning"]),
        ("traceparent", #""00-00000000000000000000000000000000-b7ad6b7169203331-01""#, ["43 traceparent warning"]),
        ("traceparent", #""""#, ["43 traceparent warning"]), ("traceparent", "1", ["33 traceparent error"]),
        ("tracestate", #""a=b""#, ["43 tracestate warning"]),
        ("partitionkey", #""k""#, []), ("partitionkey", #""""#, ["43 partitionkey warning"]),
        ("sequence", #""0001""#, []), ("sequence", #""""#, ["43 sequence warning"]),
        ("sequence", "1", ["33 sequence error"]),
        ("dataref", #""../data/1""#, []), ("dataref", #""a b""#, ["43 dataref warning"]),
        ("dataref", #""""#, ["43 dataref warning"]),
        ("correlationid", #""c""#, []), ("correlationid", #""""#, ["43 correlationid warning"]),
        ("causationid", #""""#, ["43 causationid warning"]),
        ("expirytime", #""2026-03-14T15:09:26.535897Z""#, []),
        ("expirytime", #""2026-03-14T15:09:26Z""#, ["43 expirytime warning"]),
        ("expirytime", #""2026-03-14T15:10:26+01:00""#, ["43 expirytime warning"]),
        ("expirytime", #""soon""#, ["43 expirytime warning"]),
        ("recordedtime", #""2026-03-14T15:09:27Z""#, []),
        ("recordedtime", #""2026-03-14T15:09:26Z""#, ["43 recordedtime warning"]),
        ("deprecated", "true", []), ("deprecated", #""perhaps""#, ["43 deprecated warning"]),
        ("deprecationfrom", #""2026""#, ["43 deprecationfrom warning"]),
        ("dataclassification", #""""#, ["43 dataclassification warning"]),
    ]

    @Test(
        """
        OEP41-02 OEP41-03 OEP41-04 OEP41-05 OEP41-06 OEP41-08 OEP41-09 OEP41-10 OEP41-11 OEP41-12 OEP41-14 OEP41-17 \
        OEP41-31 OEP41-32 OEP41-33 OEP41-34 OEP41-36 OEP41-37 OEP41-38 OEP41-43: one broken rule is one finding
        """, arguments: table.indices)
    func oneRule(row: Int) throws {
        let (name, json, expected) = Self.table[row]
        let document = SampleDocument().with(name, json).bytes
        let findings = try ReceivedEnvelope(structured: document).findings
        #expect(findings.map(\.summary) == expected, "\(name) \(json ?? "missing")")
    }

    @Test("A finding says where the value begins, and never shows it")
    func offsets() throws {
        let document = SampleDocument().with([
            ("id", #""SECRET-ID""#), ("source", #""SECRET source""#), ("sourcehost", #""SECRET host""#),
            ("time", #""SECRET""#), ("type", #""SECRET""#), ("minorversion", "-77"), ("secretnumber", "1.5"),
            ("SECRET", "1"), ("dataschema", #""SECRET""#), ("subject", #""SECRET\u0000""#),
            ("dataref", #""SECRET ref""#), ("datacontenttype", #""SECRET""#), ("traceparent", #""SECRET""#),
        ])
        let findings = try ReceivedEnvelope(structured: document.bytes).findings
        #expect(findings.count >= 13)
        for finding in findings {
            #expect(!finding.description.contains("SECRET"))
            let offset = try #require(finding.offset)
            guard let name = finding.attribute else { continue }
            let value = try #require(document.members.first { $0.name == name }).json
            #expect(document.bytes[offset...].starts(with: value.utf8), "\(finding)")
        }
    }

    @Test("OEP41-38: data that is not what its media type says")
    func data() throws {
        func findings(_ type: String, _ changes: [(String, String?)]) throws -> [String] {
            let document = SampleDocument().with("datacontenttype", #""\#(type)""#).with(changes)
            return try ReceivedEnvelope(structured: document.bytes).findings.map(\.summary)
        }
        #expect(try findings("text/xml", [("data", #""<a/>""#)]) == [])
        #expect(try findings("text/xml", [("data", "5")]) == ["38 data error"])
        #expect(try findings("text/xml", [("data", nil), ("data_base64", #""PGEvPg==""#)]) == [])
        #expect(try findings("application/json", [("data", nil), ("data_base64", #""MTc=""#)]) == [])
        #expect(try findings("application/json", [("data", nil), ("data_base64", #""/w==""#)]) == ["38 data error"])
        #expect(
            try findings("application/avro", [("data", nil), ("data_base64", #""/w==""#)]) == [
                "3 datacontenttype warning"
            ])
    }

    @Test("OEP41-01: an event that is too large is read, with a finding")
    func tooLarge() throws {
        let document = SampleDocument().with("data", "\"" + String(repeating: "x", count: 70_000) + "\"")
        let received = try ReceivedEnvelope(structured: document.bytes)
        #expect(received.findings.map(\.summary) == ["1 - error"])
    }

    @Test(
        "OEP41-43: a trace's state goes with its parent, and has a grammar",
        arguments: [
            ("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", true), ("a=b", true), ("a=b , c=d,, 1@x=y z", true),
            ("a=" + String(repeating: "x", count: 256), true), ("a", false), ("=b", false), ("a=", false),
            ("a=b,a=c", false), ("A=b", false), ("a b=c", false), ("a=b=c", false), ("a@b@c=d", false), ("", false),
            (",", false), ("a=ž", false), ("a=" + String(repeating: "x", count: 257), false),
            ((0..<32).map { "k\($0)=v" }.joined(separator: ","), true),
            ((0..<33).map { "k\($0)=v" }.joined(separator: ","), false),
        ])
    func traceState(state: String, isSound: Bool) throws {
        let document = SampleDocument().with([
            ("traceparent", #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#),
            ("tracestate", "\"\(state)\""),
        ])
        let findings = try ReceivedEnvelope(structured: document.bytes).findings
        #expect(findings.map(\.summary) == (isSound ? [] : ["43 tracestate warning"]))
    }
}
