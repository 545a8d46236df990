import JSONSchema
import OpenEdXEvents

/// Reads a schema file: the event's own facts and its data, and everything that is wrong with either.
struct EventSchemaReader {
    /// The schema; `nil` if not even type and minor version can be read.
    private(set) var schema: EventSchema?
    /// What is wrong, in no order.
    private(set) var findings: [SchemaFinding] = []
    private let document: JSONDocument

    init(_ document: JSONDocument, prefixes: [String]) {
        self.document = document
        let root = document.root
        guard root.members != nil else {
            findings = [
                SchemaFinding(
                    .notAnObject, in: document, at: root.offset,
                    "the schema of an event is an object, and this is \(root.kind)",
                    hint: "Begin it with 'openedx-events new TYPE'.")
            ]
            return
        }
        let scan = SchemaScan(document)
        findings = scan.findings
        read(root, scan, prefixes)
    }

    private mutating func read(_ root: JSONNode, _ scan: SchemaScan, _ prefixes: [String]) {
        var file = ObjectReader(document, root, pointer: "", members: root.members?.map(\.name) ?? [])
        if let dialect = file.text("$schema", isRequired: true, hint: "It is \"\(SchemaVocabulary.dialect)\"."),
            dialect != SchemaVocabulary.dialect
        {
            file.report(
                .dialect, at: "$schema", "the dialect is not JSON Schema 2020-12",
                "Write \"\(SchemaVocabulary.dialect)\".")
        }
        let identifier = file.text("$id", isRequired: true, hint: "It is the address of this file, once published.")
        let title = file.text("title", isRequired: true, hint: "It is the name of the event's Swift type.")
        if let title, !SwiftName.isTypeName(title) {
            file.report(
                .wrongValue, at: "title", "the title is no name of a Swift type",
                "Write letters and digits, the first in upper case, such as 'CourseEnrollmentCreated'.")
        }
        let summary = file.text("description", isRequired: true, hint: "Say in a sentence what the event states.")
        var data = DataReader(document, circular: scan.circular)
        let object = data.event(named: title ?? "Event")
        findings += data.findings
        if let value = file.value("x-event", isRequired: true, hint: "It holds the event's own facts.") {
            var facts = ObjectReader(document, value, pointer: "/x-event", members: SchemaVocabulary.eventMembers)
            if value.members != nil {
                let own = EventFacts(&facts, prefixes: prefixes)
                if let type = own.type, let minorVersion = own.minorVersion {
                    schema = EventSchema(
                        document: document, identifier: identifier, title: title ?? "", summary: summary ?? "",
                        type: type, minorVersion: minorVersion, status: own.status, owners: own.owners,
                        source: own.source, topic: own.topic, keyPath: own.keyPath, consumers: own.consumers,
                        waivers: own.waivers, legacy: own.legacy, retirement: own.retirement, data: object,
                        examples: root["examples"]?.array ?? [])
                }
            }
            findings += facts.findings
        }
        findings += file.findings
        checkNames()
    }

    /// The file is named for what it holds, and its address ends with its name.
    private mutating func checkNames() {
        guard let schema else { return }
        let expected = schema.expectedPath
        if document.file != expected, !document.file.hasSuffix("/" + expected) {
            findings.append(
                SchemaFinding(
                    .fileName, rule: .oneHome, severity: .error, in: document, at: document.root.offset,
                    "the file's name does not agree with its content",
                    hint: "By type and minor version it is '\(expected)'."))
        }
        if let identifier = schema.identifier, !identifier.hasSuffix("/" + expected) {
            findings.append(
                SchemaFinding(
                    .identifier, in: document, at: document.root["$id"]?.offset ?? 0, pointer: "/$id",
                    "the address does not agree with type and minor version",
                    hint: "End it with '/\(expected)'."))
        }
    }
}

/// What `x-event` says.
private struct EventFacts {
    var type: EventType?
    let minorVersion: Int?
    let status: EventSchema.Status
    let owners: [String]
    let source: String?
    let topic: String?
    let keyPath: [String]?
    let consumers: [String]
    let waivers: [EventSchema.Waiver]
    let legacy: [EventSchema.Waiver]
    var retirement: EventSchema.Retirement?

    init(_ reader: inout ObjectReader, prefixes: [String]) {
        if let name = reader.text("type", isRequired: true) {
            do throws(InvalidEventType) {
                type = try EventType(name, prefixes: prefixes)
            } catch {
                reader.report(
                    .typeName, (reader.node["type"]?.offset ?? 0) + 1 + error.offset, "/x-event/type", error.message,
                    "A type is named {reverse DNS}.{subdomain}.{subject}.{action}.v{N}.", rule: error.rule)
            }
        }
        minorVersion = reader.count("minorversion", rule: .minorVersion)
        let words = EventSchema.Status.allCases.map(\.rawValue)
        let word = reader.text("status", isRequired: true, hint: "It is one of \(words.joined(separator: ", ")).")
        if let word, !words.contains(word) {
            reader.report(
                .wrongValue, at: "status", "unknown status '\(word)'",
                Suggestion.closest(to: word, among: words).map { "Did you mean '\($0)'?" }
                    ?? "It is one of \(words.joined(separator: ", ")).")
        }
        status = word.flatMap(EventSchema.Status.init) ?? .published
        if let owner = reader.text("owner") {
            owners = [owner]
            if reader.node["owners"] != nil {
                reader.report(.wrongValue, at: "owners", "'owner' and 'owners' exclude each other")
            }
        } else {
            owners = reader.texts("owners")
        }
        source = reader.text("source")
        topic = reader.text("topic")
        keyPath = reader.text("key").map { $0.split(separator: ".", omittingEmptySubsequences: false).map(String.init) }
        consumers = reader.texts("consumers")
        func waiver(_ entry: inout ObjectReader) -> EventSchema.Waiver? {
            let rule = entry.text("rule", isRequired: true, hint: "It is a rule such as 'OEP41-22'.")
            let field = entry.text("field")
            let reason = entry.text("reason", isRequired: true, hint: "Say why the rule does not hold here.")
            guard let rule, let reason else { return nil }
            return EventSchema.Waiver(
                rule: rule, field: field, reason: reason, pointer: entry.pointer, offset: entry.node.offset)
        }
        waivers = reader.objects("waivers", members: ["rule", "field", "reason"]) { waiver(&$0) }
        legacy = reader.objects("legacy", members: ["rule", "field", "reason"]) { waiver(&$0) }
        if let node = reader.node["retirement"] {
            var entry = ObjectReader(
                reader.document, node, pointer: "/x-event/retirement", members: ["since", "replacement", "reason"])
            retirement = EventSchema.Retirement(
                since: entry.text("since"), replacement: entry.text("replacement"),
                reason: entry.text("reason", isRequired: true, hint: "Say why the event is emitted no more."))
            reader.take(entry.findings)
        } else if status == .retired {
            reader.report(
                .missingMember, at: "status", "a retired type says why",
                "Add 'retirement' with 'reason', and 'since' and 'replacement' where there are any.")
        }
    }
}

/// What Swift allows for names.
package enum SwiftName {
    /// Whether a text may name a type of a generated event: letters and digits, the first an upper case letter.
    package static func isTypeName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            Byte.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }
}
