import JSONSchema
import OpenEdXEvents

/// What the fields hold and how they are named: callbacks (22), value types (23), the envelope (24), nullability (25),
/// and suffixes (30).
enum FieldChecks {
    static func check(_ report: inout LintReport) {
        for path in report.fields {
            checkName(&report, path)
            checkCallback(&report, path)
            checkType(&report, path)
            checkEnvelope(&report, path)
            checkOptional(&report, path)
            checkSuffix(&report, path)
        }
        checkObjects(&report)
    }

    // MARK: Names

    private static func checkName(_ report: inout LintReport, _ path: DataPath) {
        let name = path.field.name
        let isPlain = name.utf8.first.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) } ?? false
        guard isPlain, name.utf8.allSatisfy({ Byte.isDigit($0) || $0 == UInt8(ascii: "_") || $0 > 0x60 && $0 < 0x7B })
        else {
            return report.add(
                .fieldName, nil, path, "is no field name of Open edX",
                "Names are lower case letters, digits and underscores, a letter first.")
        }
    }

    /// The words of a name, the last in the singular.
    private static func words(_ name: String) -> [Substring] {
        var words = name.lowercased().split(separator: "_")
        if let last = words.last, last.count > 3, last.hasSuffix("s"), !last.hasSuffix("ss") {
            words[words.count - 1] = last.dropLast()
        }
        return words
    }

    // MARK: Callbacks

    private static let addresses: Set<Substring> = [
        "url", "uri", "link", "href", "callback", "webhook", "endpoint", "website", "homepage",
    ]
    private static let handles = ["reply_to", "task_id", "job_id", "callback_id", "callback_token", "access_token"]

    private static func checkCallback(_ report: inout LintReport, _ path: DataPath) {
        let formats = [path.field.type.format, path.field.type.element?.format]
        let isAddress = formats.contains { format in
            format.map { ["uri", "iri", "uri-reference", "iri-reference", "uri-template"].contains($0) } ?? false
        }
        let words = words(path.field.name)
        if isAddress || !addresses.isDisjoint(with: words) && path.field.type.holdsText {
            report.add(
                .callback, .noCallbacks, path, "is an address to call back on",
                "Put what consumers need into the event; an address that lives long is waived with a reason.")
        } else if handles.contains(path.field.name) {
            report.add(
                .callback, .noCallbacks, path, "names something to call back on",
                "Put what consumers need into the event; what they may look up is an object's key.")
        }
    }

    // MARK: Types

    private static let keyed: [String: String] = [
        "course": "course-key", "usage": "usage-key", "library": "library-key", "container": "container-key",
        "collection": "collection-key", "block": "usage-key", "xblock": "usage-key", "content": "course-key",
        "locator": "usage-key", "location": "usage-key",
    ]

    private static func checkType(_ report: inout LintReport, _ path: DataPath) {
        let type = path.field.type.element ?? path.field.type
        switch type.kind {
        case .any, .other:
            report.add(
                .openType, .payloadTypes, path, "has no one type",
                "Say with 'type' what it holds: a standard type, an array, a map, or an object with fields.")
        case .string(nil) where type.cases == nil:
            let words = words(path.field.name)
            guard let last = words.last, last == "key" || last == "id", words.count > 1,
                let format = keyed[String(words[words.count - 2])], last == "key" || format == "course-key"
            else { return }
            report.add(
                .opaqueKey, .payloadTypes, path, "is a plain string where an opaque key belongs",
                "Add \"format\": \"\(format)\", or waive it if it holds something else.")
        default: break
        }
    }

    // MARK: Envelope

    private static let attributes: Set<String> = [
        "specversion", "spec_version", "sourcehost", "source_host", "sourcelib", "source_lib", "minorversion",
        "minor_version", "datacontenttype", "data_content_type", "dataschema", "event_id", "event_type", "event_time",
        "event_source", "event_metadata", "event_version",
    ]
    private static let contextAttributes: Set<String> = ["id", "type", "source", "time", "subject", "data", "metadata"]

    private static func checkEnvelope(_ report: inout LintReport, _ path: DataPath) {
        guard attributes.contains(path.field.name) || path.names.count == 1 && contextAttributes.contains(path.names[0])
        else { return }
        report.add(
            .repeatedEnvelope, .envelopeIsNotPayload, path, "repeats the envelope",
            "Leave it out: the library writes the envelope. What only shares its name needs one of its own.")
    }

    // MARK: Optional fields

    private static func checkOptional(_ report: inout LintReport, _ path: DataPath) {
        let field = path.field
        guard field.isOptional else {
            if field.defaultValue?.isNull == true, !field.type.isNullable {
                report.add(
                    .optionalField, .optionalIsNullable, path, "has the default null and does not allow null",
                    "Allow null, or leave the default out.")
            }
            return
        }
        if !field.type.isNullable {
            report.add(
                .optionalField, .optionalIsNullable, path, "may be absent and does not allow null",
                "Write \"type\": [\"null\", …] with \"default\": null, or require it.")
        } else if field.defaultValue == nil {
            report.add(
                .optionalField, .optionalIsNullable, path, "may be absent and has no default",
                "Add \"default\": null.")
        }
    }

    // MARK: Suffixes

    private static func checkSuffix(_ report: inout LintReport, _ path: DataPath) {
        let type = path.field.type.element ?? path.field.type
        let words = words(path.field.name)
        guard let last = words.last else { return }
        switch type.format {
        case "uuid"? where last != "uuid":
            report.add(
                .fieldSuffix, .oneFact, path, "holds a UUID, and its name does not end in _uuid",
                "Name it '\(suggested(words, "uuid"))'.")
        case let format? where format.hasSuffix("-key") && last != "key":
            report.add(
                .fieldSuffix, .oneFact, path, "holds a key, and its name does not end in _key",
                "Name it '\(suggested(words, "key"))'.")
        case nil where type.holdsText && last == "uuid":
            report.add(
                .fieldSuffix, .oneFact, path, "is named for a UUID and is a plain string",
                "Add \"format\": \"uuid\".")
        case nil where last == "identifier":
            report.add(
                .fieldSuffix, .oneFact, path, "holds an id, and its name does not end in _id",
                "Name it '\(suggested(words.dropLast(), "id"))'.")
        case nil where type.holdsText && ["country", "language", "currency"].contains(last) && type.cases == nil:
            report.add(
                .fieldSuffix, .oneFact, path, "holds a code, and its name does not end in _code",
                "Name it '\(suggested(words, "code"))'.")
        default: break
        }
        if ["operation", "action", "event_name", "change_type", "verb"].contains(path.field.name), type.holdsText {
            report.add(
                .severalFacts, .oneFact, path, "tells what happened, which the type's name does",
                "Make an event type of each fact.")
        }
    }

    private static func suggested(_ words: some Sequence<Substring>, _ suffix: String) -> String {
        var words = words.map(String.init)
        if words.count > 1, ["id", "key", "uuid", "code"].contains(words[words.count - 1]) { words.removeLast() }
        return (words + [suffix]).joined(separator: "_")
    }

    // MARK: Objects

    /// Closed objects, and required fields that are not there.
    private static func checkObjects(_ report: inout LintReport) {
        var seen: Set<Int> = []
        let objects = [report.schema.data] + report.schema.fields.map(\.parent)
        for object in objects where seen.insert(object.node.offset).inserted {
            for keyword in ["additionalProperties", "unevaluatedProperties"] {
                guard let value = object.node[keyword], value.bool == false else { continue }
                report.add(
                    .closedObject, .compatibleMinor, at: value.offset, pointer: object.pointer + "/" + keyword,
                    "the object is closed: a later minor version could add nothing that old readers accept",
                    "Leave '\(keyword)' out.")
            }
            for name in object.node["required"]?.array ?? [] {
                guard let text = name.string, !object.fields.contains(where: { $0.name == text }) else { continue }
                report.add(
                    .unknownRequired, .optionalIsNullable, at: name.offset, pointer: object.pointer + "/required",
                    "'\(text)' is required and is no field",
                    UsageHint.didYouMean(text, among: object.fields.map(\.name)) ?? "Describe it below 'properties'.")
            }
        }
    }
}

extension DataType {
    /// The type of what an array or a map holds.
    var element: DataType? {
        switch kind {
        case .array(let element), .map(let element): element.element ?? element
        default: nil
        }
    }

    /// Whether it is a string, or holds strings.
    var holdsText: Bool {
        if case .string = (element ?? self).kind { true } else { false }
    }
}
