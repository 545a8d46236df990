import Foundation

/// What is mutated: envelopes made here, and the files that were named.
struct Corpus {
    private(set) var documents: [[UInt8]]
    private(set) var models: [JSONModel]

    /// - Throws: if a file cannot be read.
    init(files: [String]) throws {
        var documents = Self.envelopes.map { model in
            var plain = SplitMix64(seed: 1)
            return ModelWriter.write(model, using: &plain)
        }
        documents += ["[]", "{}", "\"\"", "0", #"[1,2.5,-3e4,"a\n",null,true,false,{"a":{"a":[]}}]"#].map {
            Array($0.utf8)
        }
        for file in files {
            let document = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
            let samples = Self.samples(in: document)
            documents += samples
            // A collection of samples is long and would be changed where no reader of events looks.
            if samples.isEmpty { documents.append(document) }
        }
        self.documents = documents
        models = documents.compactMap { ModelParser.judge($0).value }
    }

    /// The events of a fixture of the running Open edX bus: its samples' metadata and data as envelopes.
    private static func samples(in document: [UInt8]) -> [[UInt8]] {
        let model = ModelParser.judge(document).value
        guard case .array(let samples) = model?["samples"] ?? model else { return [] }
        return samples.compactMap { sample in
            guard case .object(let metadata) = sample["metadata"], let data = sample["data"] else { return nil }
            let names = ["event_type": "type"]
            let members = metadata.map { member in
                let name = String(decoding: member.name, as: UTF8.self)
                return JSONModel.Member(name: Array((names[name] ?? name).utf8), value: member.value)
            }
            let version = JSONModel.Member(name: Array("specversion".utf8), value: .string("1.0"))
            var generator = SplitMix64(seed: 1)
            return ModelWriter.write(
                .object([version] + members + [.init(name: Array("data".utf8), value: data)]), using: &generator)
        }
    }

    private static let envelopes: [JSONModel] = {
        let user: JSONModel = .object([
            "id": .number(4_815_162_342), "is_active": .bool(true),
            "pii": .object([
                "username": .string("grace_1815"), "email": .string("grace@example.org"),
                "name": .string("Grace Žluťoučká \"G\" 🎓"),
            ]),
        ])
        let enrolment: JSONModel = .object([
            "enrollment": .object([
                "user": user,
                "course": .object([
                    "course_key": .string("course-v1:OpenedX+DemoX+2026"), "display_name": .string("Systèmes répartis"),
                    "start": .string("2026-01-12T09:00:00Z"), "end": .null,
                ]),
                "mode": .string("verified"), "is_active": .bool(true),
                "creation_date": .string("2026-01-07T11:42:08.123456Z"), "created_by": user,
            ])
        ])
        func envelope(_ type: String, _ rest: KeyValuePairs<String, JSONModel>) -> JSONModel {
            let head: JSONModel = .object([
                "specversion": .string("1.0"), "id": .string("5eed002e-c0de-11f1-8000-0342ac120002"),
                "type": .string(type), "source": .string("/openedx/lms/web"),
                "sourcehost": .string("lms.example.org"), "time": .string("2026-03-14T15:09:26.535897Z"),
                "minorversion": .number(0), "datacontenttype": .string("application/json"),
            ])
            guard case .object(let members) = head, case .object(let more) = JSONModel.object(rest) else { return head }
            return .object(members + more)
        }
        let type = "org.openedx.learning.course.enrollment.created.v1"
        return [
            envelope(type, ["data": enrolment]),
            envelope(type, ["subject": .string("about"), "dataschema": .string("urn:a:b"), "data": enrolment]),
            envelope(type, ["data_base64": .string("eyJhIjoxfQ==")]),
            envelope(
                "org.openedx.learning.badge.awarded.v1", ["count": .number(7), "final": .bool(false), "data": .null]),
            envelope(
                "com.example.thing.made",
                ["traceparent": .string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]),
            .array([envelope(type, ["data": enrolment]), envelope(type, [:])]),
        ]
    }()
}
