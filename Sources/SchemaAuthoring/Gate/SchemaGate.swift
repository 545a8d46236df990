import JSONSchema
import OpenEdXEvents

/// Compares a catalogue with what was published: what nobody may do to a type that others rely on.
///
/// Within a major version every change is a compatible addition in a file of its own, with the next minor version
/// (rules 05, 15, 25). Drafts may change freely. Descriptions, examples, comments, order and formatting may be improved at
/// any time, and so may what says who reads a type, which rules are waived, and that it will be retired.
public enum SchemaGate {
    /// Everything that is wrong with the changes.
    public static func findings(from published: SchemaCatalogue, to working: SchemaCatalogue) -> [SchemaFinding] {
        var findings: [SchemaFinding] = []
        for history in published.types {
            findings += compare(history, working[history.type.name], working)
        }
        for history in working.types {
            findings += compareNew(history, published[history.type.name])
        }
        return findings.sorted()
    }

    /// Whether a finding is a break, which needs a new major version.
    public static func isBreak(_ finding: SchemaFinding) -> Bool { SchemaFinding.Kind.breaks.contains(finding.kind) }

    // MARK: What was published

    private static func compare(
        _ history: SchemaCatalogue.History, _ working: SchemaCatalogue.History?, _ catalogue: SchemaCatalogue
    ) -> [SchemaFinding] {
        var findings: [SchemaFinding] = []
        for old in history.versions where old.status != .draft {
            guard let new = working?.versions.first(where: { $0.minorVersion == old.minorVersion }) else {
                findings.append(
                    SchemaFinding(
                        .deletedVersion, rule: .compatibleMinor, file: old.file,
                        "'\(old.versionedName)' was published and is gone, or says to be something else",
                        hint: "Put the file back as it was: history stays. A type that is emitted no more is marked as "
                            + "'retired'."))
                continue
            }
            if old.document.bytes == new.document.bytes { continue }
            findings += status(old, new, catalogue)
            findings += facts(old, new)
            if old.identifier != new.identifier {
                findings.append(
                    SchemaFinding(
                        .changedIdentifier, rule: .schemaAndSubject, in: new.document,
                        at: new.document.root["$id"]?.offset ?? 0, pointer: "/$id", "the address '$id' has changed",
                        hint: "Put '\(old.identifier ?? "")' back: events and tools refer to it."))
            }
            for change in SchemaComparison.changes(from: old.document.root, to: new.document.root) {
                findings.append(finding(change, in: new, isNewMinor: false))
            }
        }
        return findings
    }

    private static func status(
        _ old: EventSchema, _ new: EventSchema, _ catalogue: SchemaCatalogue
    ) -> [SchemaFinding] {
        let place = new.document.root["x-event"]?["status"]?.offset ?? 0
        func finding(
            _ kind: SchemaFinding.Kind, _ rule: Rule, _ severity: Finding.Severity?, _ message: String, _ hint: String
        ) -> [SchemaFinding] {
            [
                SchemaFinding(
                    kind, rule: rule, severity: severity, in: new.document, at: place, pointer: "/x-event/status",
                    message, hint: hint)
            ]
        }
        switch (old.status, new.status) {
        case (_, .draft):
            return finding(
                .unpublished, .compatibleMinor, .error, "it was published, and is a draft now",
                "What was published stays so until it is retired.")
        case (.retired, .published):
            return finding(
                .unretired, .newMajorBesideOld, .warning, "it was retired, and is published again",
                "Keep it retired, and make a new major version.")
        case (.published, .retired):
            guard old.retirement == nil else { return [] }
            return finding(
                .retiredAtOnce, .newMajorBesideOld, .error, "it is retired without having been announced",
                "Keep it published, with 'retirement' and a date in 'since'; retire it with a later change, once its "
                    + "consumers have moved.")
        default: return []
        }
    }

    // MARK: What is new

    private static func compareNew(
        _ history: SchemaCatalogue.History, _ published: SchemaCatalogue.History?
    ) -> [SchemaFinding] {
        var findings: [SchemaFinding] = []
        let old = (published?.versions ?? []).filter { $0.status != .draft }
        for (index, new) in history.versions.enumerated() where new.status != .draft {
            guard !old.contains(where: { $0.minorVersion == new.minorVersion }) else { continue }
            var seen: Set<String> = []
            // The version before it here, and the newest one before it that others know: the same, or both must hold.
            let before = history.versions.prefix(index).last { $0.status != .draft }
            let known = old.last { $0.minorVersion < new.minorVersion }
            for previous in [before, known].compactMap({ $0 }) {
                let changes = SchemaComparison.changes(from: previous.document.root, to: new.document.root)
                let found =
                    facts(previous, new)
                    + changes.filter { $0.weight != .addition }.map {
                        finding($0, in: new, isNewMinor: true)
                    }
                findings += found.filter { seen.insert("\($0.kind) \($0.pointer) \($0.message)").inserted }
                if changes.isEmpty, found.isEmpty, seen.insert("empty").inserted {
                    findings.append(
                        SchemaFinding(
                            .emptyMinor, rule: .minorVersion, severity: .warning, in: new.document,
                            at: new.document.root["x-event"]?["minorversion"]?.offset ?? 0,
                            pointer: "/x-event/minorversion",
                            "it says the same as minor version \(previous.minorVersion)",
                            hint: "A minor version is raised by an addition: remove the file, or add the field."))
                }
            }
        }
        return findings
    }

    // MARK: Facts

    private static func facts(_ old: EventSchema, _ new: EventSchema) -> [SchemaFinding] {
        var findings: [SchemaFinding] = []
        func add(_ kind: SchemaFinding.Kind, _ rule: Rule, _ fact: String, _ message: String, _ hint: String) {
            let value = new.document.root["x-event"]?[fact]
            findings.append(
                SchemaFinding(
                    kind, rule: rule, in: new.document,
                    at: (value ?? new.document.root["x-event"])?.offset ?? 0,
                    pointer: value == nil ? "/x-event" : "/x-event/\(fact)", message, hint: hint))
        }
        // Who was not known may be named, and one of two owners may leave; but nobody may come.
        let isOwned = old.owners.isEmpty || !new.owners.isEmpty && Set(new.owners).isSubset(of: old.owners)
        if !isOwned {
            add(
                .changedOwner, .oneProducer, new.document.root["x-event"]?["owners"] == nil ? "owner" : "owners",
                "the owner was \(list(old.owners)), and is \(list(new.owners)) now",
                "Put it back; a service that takes over makes \(successor(old)).")
        }
        if old.topic != new.topic {
            add(
                .changedTopic, .routes, "topic",
                "the topic was \(list(old.topic)), and is \(list(new.topic)) now",
                "Put it back, or send \(successor(old)) to the new topic.")
        }
        if old.keyPath != new.keyPath {
            add(
                .changedKey, .routes, "key",
                "the key path was \(list(old.keyPath?.joined(separator: "."))), and is "
                    + "\(list(new.keyPath?.joined(separator: "."))) now",
                "Put it back: with another key events lose their order. Else make \(successor(old)).")
        }
        return findings
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "nobody" : names.map { "'\($0)'" }.joined(separator: " and ")
    }

    private static func list(_ name: String?) -> String { name.map { "'\($0)'" } ?? "none" }

    /// The next major version of a type, in words.
    private static func successor(_ schema: EventSchema) -> String {
        guard let major = schema.type.majorVersion else { return "a type with a version" }
        let stem = schema.type.name.dropLast("\(major)".count)
        return "'\(stem)\(major + 1)' beside it"
    }

    private static func finding(_ change: SchemaChange, in new: EventSchema, isNewMinor: Bool) -> SchemaFinding {
        let kind: SchemaFinding.Kind
        let rule: Rule
        let message: String
        let hint: String
        var severity = Finding.Severity.error
        switch change.weight {
        case .breaking:
            kind = change.kind
            rule = change.rule
            message = change.message
            hint = [change.hint, "Else make \(successor(new)), and emit both for a time (OEP41-16)."]
                .filter { !$0.isEmpty }.joined(separator: " ")
        case .addition:
            kind = .unraisedMinor
            rule = .minorVersion
            message = "\(change.message): an addition to a version that is published"
            hint =
                "Put this file back as it was, and make the addition in minor version \(new.minorVersion + 1), "
                + "'\(EventSchema.path(of: new.type, minorVersion: new.minorVersion + 1))'."
        case .notable:
            kind = change.kind
            rule = change.rule
            severity = .warning
            message = change.message
            hint = change.hint
        }
        return SchemaFinding(
            kind, rule: rule, severity: severity, in: new.document, at: change.offset, pointer: change.pointer, message,
            hint: hint)
    }
}
