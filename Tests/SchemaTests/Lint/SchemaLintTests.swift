import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("Lint: each rule, and its waiver")
struct SchemaLintTests {
    private let sample = SchemaSample()

    private func lint(_ samples: SchemaSample...) -> [SchemaFinding] {
        SchemaLint.findings(in: SchemaCatalogue(files: samples.map(\.file) + [SchemaSample.registry]))
    }

    /// What is found with a field more, by kind and rule.
    private func field(_ name: String, _ schema: String) -> [String] {
        lint(sample.adding(name, schema)).map { "\($0.kind) \($0.rule.map { "\($0)" } ?? "-")" }
    }

    @Test("the sample, and all schemas of the catalogue, are clean")
    func clean() throws {
        #expect(lint(sample).isEmpty)
        #expect(try SchemaLint.findings(in: RealSchemas.catalogue.get()).isEmpty)
    }

    // MARK: Names and owners

    @Test("OEP41-11, OEP41-12, OEP41-14: prefix, subdomain and tense of the name")
    func names() {
        #expect(lint(sample.with(type: "org.openedx.learning.thing.make.v1")).map(\.rule) == [.pastTense])
        #expect(lint(sample.with(type: "com.example.learning.thing.made.v1")).map(\.rule) == [.reverseDNSPrefix])
        // Another subdomain is not registered, and so is nobody's.
        let found = lint(sample.with(type: "org.openedx.learnin.thing.made.v1"))
        #expect(found.map(\.rule).contains(.subdomain))
        #expect(found.first { $0.rule == .subdomain }?.hint == "Did you mean 'learning'?")
    }

    @Test("OEP41-30: an action that names several facts")
    func severalActions() {
        #expect(lint(sample.with(type: "org.openedx.learning.thing.made_or_sold.v1")).map(\.rule) == [.oneFact])
    }

    @Test("OEP41-14: a vague action of a draft is a note")
    func vague() {
        let changed = sample.with(type: "org.openedx.learning.thing.changed.v1")
        #expect(lint(changed).isEmpty)
        #expect(lint(changed.with(status: "draft")).map(\.severity) == [.note])
    }

    @Test("OEP41-13: events of one subject carry the same object under the same key")
    func subject() {
        let other = sample.with(type: "org.openedx.learning.thing.sold.v1").replacing("ThingMade", "ThingSold")
        #expect(lint(sample, other).isEmpty)
        let unlike = lint(sample, other.replacing("thing_uuid", "buyer_uuid"))
        #expect(unlike.map(\.rule) == [.subject] && unlike.first?.file.contains("sold") == true)
        let keyed = other.adding("shop_uuid", #"{"type": "string", "format": "uuid", "description": "A."}"#)
            .replacing(#""required": ["#, #""required": ["shop_uuid", "#)
            .replacing(#""examples": [{"#, #""examples": [{"shop_uuid": "5eed002e-c0de-11f1-8000-0342ac120002", "#)
            .replacing(#""key": "thing_uuid""#, #""key": "shop_uuid""#)
        #expect(lint(sample, keyed).map(\.rule) == [.subject])
        // Another subject, or another subdomain, may mean another thing.
        #expect(lint(sample, other.with(type: "org.openedx.learning.sale.ended.v1")).isEmpty)
    }

    @Test("OEP41-19: a service emits events of its own subdomains, and is registered")
    func subdomainOwner() {
        let foreign = lint(sample.replacing("openedx/edx-platform", "openedx/openedx-authz"))
        #expect(foreign.map(\.rule) == [.ownSubdomain])
        let unknown = lint(sample.replacing("openedx/edx-platform", "openedx/edx-platfrom"))
        #expect(unknown.map(\.rule) == [.ownSubdomain])
        #expect(unknown.first?.hint == "Did you mean 'openedx/edx-platform'?")
    }

    @Test("OEP41-20: one service emits a type")
    func producers() {
        #expect(lint(sample.replacing(#""owner": "openedx/edx-platform","#, "")).map(\.rule).contains(.oneProducer))
        let two = sample.with(owners: ["openedx/edx-platform", "openedx/openedx-authz"])
        #expect(lint(two).contains { $0.rule == .oneProducer && $0.severity == .error })
    }

    @Test("OEP41-06: the source is one, and of its owner's services")
    func source() {
        #expect(lint(sample.replacing("/openedx/lms/web", "openedx/lms/web")).map(\.rule) == [.source])
        #expect(lint(sample.replacing("/openedx/lms/web", "/openedx/notes/web")).map(\.rule) == [.source])
        #expect(lint(sample.replacing(#""source": "/openedx/lms/web","#, "")).map(\.rule) == [.source])
    }

    @Test("two events with the title of one Swift type are an error")
    func titles() {
        let found = lint(sample, sample.with(type: "org.openedx.learning.sale.ended.v1"))
        #expect(found.map(\.kind) == [.duplicateTitle, .duplicateTitle])
    }

    // MARK: Routes

    @Test("OEP41-26: a topic without environment, and a key that is always there")
    func routes() {
        #expect(lint(sample.replacing("learning-thing-lifecycle", "prod-learning")).map(\.rule) == [.routes])
        #expect(lint(sample.replacing("learning-thing-lifecycle", "a topic")).map(\.rule) == [.routes])
        #expect(lint(sample.replacing(#""topic": "learning-thing-lifecycle","#, "")).map(\.rule) == [.routes])
        let wrong = lint(sample.replacing(#""key": "thing_uuid""#, #""key": "thing_uid""#))
        #expect(wrong.map(\.rule) == [.routes] && wrong.first?.hint == "Did you mean 'thing_uuid'?")
        let optional = sample.replacing(#""required": ["thing_uuid"],"#, "").replacing(
            #"{"type": "string", "format""#, #"{"type": ["null", "string"], "default": null, "format""#)
        #expect(lint(optional).map(\.kind) == [.keyPath])
        let none = lint(sample.replacing(",\n    \"key\": \"thing_uuid\"", ""))
        #expect(none.map(\.severity) == [.note])
    }

    @Test("OEP41-28: personal data as the key is found")
    func personalKey() {
        let marked = sample.replacing(#""format": "uuid""#, #""format": "uuid", "x-personal-data": true"#)
        #expect(lint(marked).map(\.rule) == [.personalData])
    }

    // MARK: Fields

    @Test(
        "OEP41-22: addresses and handles to call back on are found",
        arguments: [
            ("image_url", "string"), ("callback", "string"), ("webhook_uri", "string"), ("task_id", "integer"),
            ("reply_to", "string"),
        ])
    func callbacks(name: String, type: String) {
        let found = field(name, "{\"type\": [\"null\", \"\(type)\"], \"default\": null, \"description\": \"A.\"}")
        #expect(found == ["callback OEP41-22"])
    }

    @Test("OEP41-22: lists of addresses, and strings of the format, are found; a word within another is not")
    func callbackForms() {
        let optional = #""default": null, "description": "A.""#
        #expect(
            field("file_urls", "{\"type\": [\"null\", \"array\"], \"items\": {\"type\": \"string\"}, \(optional)}")
                == ["callback OEP41-22"])
        #expect(
            field("page", "{\"type\": [\"null\", \"string\"], \"format\": \"uri\", \(optional)}")
                == ["callback OEP41-22"])
        #expect(field("curling", "{\"type\": [\"null\", \"string\"], \(optional)}").isEmpty)
    }

    @Test("OEP41-23: a plain string where an opaque key belongs, and a field of no one type")
    func payloadTypes() {
        let plain = #"{"type": ["null", "string"], "default": null, "description": "A."}"#
        #expect(field("course_key", plain) == ["opaque-key OEP41-23"])
        #expect(field("parent_usage_key", plain) == ["opaque-key OEP41-23"])
        #expect(field("course_id", plain) == ["opaque-key OEP41-23"])
        #expect(field("idempotency_key", plain).isEmpty)
        #expect(
            field("course_key", plain.replacing("\"default\"", with: "\"format\": \"course-key\", \"default\"")).isEmpty
        )
        #expect(field("anything", #"{"default": null, "description": "A."}"#).contains("open-type OEP41-23"))
        #expect(
            field("either", #"{"type": ["null", "string", "integer"], "default": null, "description": "A."}"#)
                == ["open-type OEP41-23"])
    }

    @Test(
        "OEP41-24: the payload does not repeat the envelope",
        arguments: ["source", "id", "event_type", "minor_version"])
    func envelope(name: String) {
        let found = field(name, #"{"type": ["null", "string"], "default": null, "description": "A."}"#)
        #expect(found == ["repeated-envelope OEP41-24"])
    }

    @Test("OEP41-25: an optional field is nullable and has a default; what is required is there")
    func optional() {
        #expect(field("a", #"{"type": "string", "description": "A."}"#) == ["optional-field OEP41-25"])
        #expect(field("a", #"{"type": ["null", "string"], "description": "A."}"#) == ["optional-field OEP41-25"])
        let required = lint(sample.replacing(#"["thing_uuid"]"#, #"["thing_uuid", "thing_uid"]"#))
        #expect(required.contains { $0.kind == .unknownRequired && $0.hint == "Did you mean 'thing_uuid'?" })
    }

    @Test("OEP41-15: an object that is closed can never grow")
    func closed() {
        let found = lint(sample.replacing(#""required": ["#, #""additionalProperties": false, "required": ["#))
        #expect(found.map(\.rule) == [.compatibleMinor])
    }

    @Test(
        "OEP41-28: what looks like personal data is marked",
        arguments: [
            "email", "coach_email", "username", "full_name", "phone", "student_name", "date_of_birth", "ip_address",
        ])
    func personal(name: String) {
        let schema = #"{"type": ["null", "string"], "default": null, "description": "A."}"#
        #expect(field(name, schema) == ["unmarked-personal-data OEP41-28"])
        let marked = schema.replacing("\"default\"", with: "\"x-personal-data\": true, \"default\"")
        #expect(field(name, marked).isEmpty)
    }

    @Test("OEP41-28: a name is personal within a person, and not within a course")
    func personalNames() {
        func object(_ name: String) -> [String] {
            field(
                name,
                #"{"type": ["null", "object"], "default": null, "description": "A.", "properties": "#
                    + #"{"name": {"type": "string", "description": "A."}}, "required": ["name"]}"#)
        }
        #expect(object("student") == ["unmarked-personal-data OEP41-28"])
        #expect(object("course").isEmpty)
        #expect(field("display_name", #"{"type": ["null", "string"], "default": null, "description": "A."}"#).isEmpty)
    }

    @Test("OEP41-30: names end in what they hold")
    func suffixes() {
        func found(_ name: String, _ format: String) -> [String] {
            field(
                name,
                "{\"type\": [\"null\", \"string\"], \(format)\"default\": null, \"description\": \"A.\"}")
        }
        #expect(found("order", #""format": "uuid", "#) == ["field-suffix OEP41-30"])
        #expect(found("block", #""format": "usage-key", "#) == ["field-suffix OEP41-30"])
        #expect(found("order_uuid", "") == ["field-suffix OEP41-30"])
        #expect(found("order_identifier", "") == ["field-suffix OEP41-30"])
        #expect(found("country", "") == ["field-suffix OEP41-30"])
        #expect(found("country_code", "").isEmpty)
        #expect(found("operation", "") == ["several-facts OEP41-30"])
        let hint = lint(
            sample.adding("course_id", #"{"type": ["null", "string"], "format": "course-key", "default": null}"#))
        #expect(hint.contains { $0.hint == "Name it 'course_key'." })
    }

    @Test("names of fields are lower case, with underscores")
    func fieldNames() {
        #expect(
            field("courseTitle", #"{"type": ["null", "string"], "default": null, "description": "A."}"#)
                == ["field-name -"])
    }

    @Test("OEP41-01: an event that may come near 64 KB is found by its lengths, or by its example")
    func size() {
        let long = #"{"type": ["null", "string"], "maxLength": 60000, "default": null, "description": "A."}"#
        #expect(field("body", long) == ["size OEP41-01"])
        let huge =
            #"{"type": ["null", "array"], "maxItems": 9223372036854775807, "items": {"type": "integer"}, "#
            + #""default": null, "description": "A."}"#
        #expect(field("numbers", huge) == ["size OEP41-01"])
        let text = String(repeating: "x", count: 70_000)
        let example = sample.adding("body", #"{"type": ["null", "string"], "default": null, "description": "A."}"#)
            .replacing(#""examples": [{"#, "\"examples\": [{\"body\": \"\(text)\", ")
        #expect(lint(example).map(\.severity) == [.error])
    }

    // MARK: Documentation, waivers

    @Test("missing descriptions and examples, examples that are not valid, and definitions that nothing uses")
    func documentation() {
        #expect(field("a", #"{"type": ["null", "string"], "default": null}"#) == ["missing-description -"])
        #expect(
            lint(sample.replacing(#"[{"thing_uuid": "5eed002e-c0de-11f1-8000-0342ac120002"}]"#, "[]")).map(\.kind)
                == [.missingExample])
        let invalid = lint(
            sample.replacing(#"[{"thing_uuid": "5eed002e-c0de-11f1-8000-0342ac120002"}]"#, #"[{"thing_uuid": 5}]"#))
        #expect(invalid.map(\.kind) == [.invalidExample] && invalid.first?.pointer == "/examples/0/thing_uuid")
        let format = lint(
            sample.replacing(#"[{"thing_uuid": "5eed002e-c0de-11f1-8000-0342ac120002"}]"#, #"[{"thing_uuid": "x"}]"#))
        #expect(format.map(\.kind) == [.invalidExample])
        let unused = lint(sample.replacing(#""examples""#, #""$defs": {"A": {"type": "string"}}, "examples""#))
        #expect(unused.map(\.kind) == [.unusedDefinition])
    }

    @Test("OEP41-16: what replaces a type is in the catalogue")
    func replacement() {
        let gone = sample.with(retirement: #"{"reason": "A.", "replacement": "org.openedx.learning.thing.made.v2"}"#)
        #expect(lint(gone).map(\.rule) == [.newMajorBesideOld])
        let next = sample.with(type: "org.openedx.learning.thing.made.v2").replacing("ThingMade", "ThingMadeV2")
        #expect(lint(gone, next).isEmpty)
    }

    @Test("a waiver with a reason silences a rule, at a field or everywhere; one that nothing needs is found")
    func waivers() {
        let url = sample.adding("page_url", #"{"type": ["null", "string"], "default": null, "description": "A."}"#)
        func waived(_ text: String) -> [String] { lint(url.fact("waivers", text)).map(\.kind.rawValue) }
        #expect(waived(#"[{"rule": "OEP41-22", "reason": "It lives long."}]"#).isEmpty)
        #expect(waived(#"[{"rule": "callback", "reason": "It lives long."}]"#).isEmpty)
        #expect(waived(#"[{"rule": "OEP41-22", "field": "page_url", "reason": "It lives long."}]"#).isEmpty)
        #expect(
            waived(#"[{"rule": "OEP41-22", "field": "a.b", "reason": "A."}]"#).sorted()
                == ["callback", "unused-waiver"])
        #expect(waived(#"[{"rule": "OEP41-30", "reason": "A."}]"#).sorted() == ["callback", "unused-waiver"])
        #expect(waived(#"[{"rule": "OEP41-222", "reason": "A."}]"#).sorted() == ["callback", "unknown-rule"])
    }

    @Test("OEP41-10: a legacy name says why it is one")
    func legacy() {
        let old = "org.openedx.authz.role_assignment.created"
        let schema = sample.with(type: old).replacing("schemas/learning/", "schemas/authz/")
            .replacing("openedx/edx-platform", "openedx/openedx-authz")
        #expect(lint(schema).map(\.severity) == [.note])
        #expect(lint(schema.fact("legacy", #"[{"rule": "OEP41-10", "reason": "It has no version."}]"#)).isEmpty)
    }
}
