import JSONSchema
import OpenEdXEvents

/// Checks a catalogue against the rules that are about how events are named, owned, routed and built.
///
/// The newest version of each type is checked, drafts too: what was published before cannot be mended. Whatever is found
/// can be waived in the schema with a reason; a waiver that nothing needs is a finding itself.
public enum SchemaLint {
    /// Everything that is found, without what is wrong with the files themselves (``SchemaCatalogue/findings``).
    public static func findings(in catalogue: SchemaCatalogue) -> [SchemaFinding] {
        let compiled = CompiledCatalogue(catalogue, options: SchemaOptions(formats: .assertion))
        let subjects = SubjectCheck(catalogue)
        let titles = Dictionary(grouping: catalogue.types.map(\.latest), by: \.title)
        let checked = catalogue.types.flatMap { history in
            var report = LintReport(history.latest)
            NameChecks.check(&report, catalogue.registry, sameTitle: titles[history.latest.title] ?? [])
            OwnerChecks.check(&report, catalogue.registry)
            RouteChecks.check(&report)
            FieldChecks.check(&report)
            PersonalDataCheck.check(&report)
            SizeCheck.check(&report)
            DocumentationChecks.check(&report)
            ExampleCheck.check(&report, compiled[history.latest])
            LifeChecks.check(&report, history, catalogue)
            subjects.check(&report)
            return report.findings
        }
        return (checked + compiled.findings).sorted()
    }
}

/// Collects what is found in one schema, and leaves out what the schema waives.
struct LintReport {
    private struct Entry {
        let finding: SchemaFinding
        let field: String?
    }

    let schema: EventSchema
    /// Every field once, by where the file states it, with the first path that leads to it.
    let fields: [DataPath]
    private var entries: [Entry] = []

    init(_ schema: EventSchema) {
        self.schema = schema
        var seen: Set<Int> = []
        fields = schema.fields.filter { seen.insert($0.field.nameOffset).inserted }
    }

    /// Adds a finding about a field.
    mutating func add(
        _ kind: SchemaFinding.Kind, _ rule: Rule?, _ path: DataPath, severity: Finding.Severity? = nil,
        _ message: String, _ hint: String
    ) {
        let finding = SchemaFinding(
            kind, rule: rule, severity: severity ?? (rule == nil ? .warning : nil), in: schema.document,
            at: path.field.nameOffset, pointer: path.field.pointer, "'\(path.text)' \(message)", hint: hint)
        entries.append(Entry(finding: finding, field: path.text))
    }

    /// Adds a finding about a fact of the event, or about all of them where there is no such member.
    mutating func add(
        _ kind: SchemaFinding.Kind, _ rule: Rule?, fact: String, severity: Finding.Severity? = nil,
        _ message: String, _ hint: String?
    ) {
        let facts = schema.document.root["x-event"]
        let value = facts?[fact]
        add(
            kind, rule, at: (value ?? facts)?.offset ?? 0, pointer: value == nil ? "/x-event" : "/x-event/\(fact)",
            severity: severity, message, hint)
    }

    /// Adds a finding at a byte of the file.
    mutating func add(
        _ kind: SchemaFinding.Kind, _ rule: Rule?, at offset: Int, pointer: String, severity: Finding.Severity? = nil,
        _ message: String, _ hint: String?
    ) {
        let finding = SchemaFinding(
            kind, rule: rule, severity: severity ?? (rule == nil ? .warning : nil), in: schema.document, at: offset,
            pointer: pointer, message, hint: hint)
        entries.append(Entry(finding: finding, field: nil))
    }

    /// What is left after the waivers, and the waivers that nothing needs.
    var findings: [SchemaFinding] {
        var used: Set<String> = []
        var findings: [SchemaFinding] = []
        let waivers = schema.waivers + schema.legacy
        for entry in entries {
            let fitting = waivers.filter { waiver in
                (waiver.rule == entry.finding.rule?.description || waiver.rule == entry.finding.kind.rawValue)
                    && (waiver.field == nil || waiver.field == entry.field)
            }
            if fitting.isEmpty { findings.append(entry.finding) } else { used.formUnion(fitting.map(\.pointer)) }
        }
        for waiver in waivers where !used.contains(waiver.pointer) {
            findings.append(unused(waiver))
        }
        return findings
    }

    private func unused(_ waiver: EventSchema.Waiver) -> SchemaFinding {
        let rules = Rule.allCases.map(\.description)
        let isKnown = rules.contains(waiver.rule) || SchemaFinding.Kind.waivable.contains { $0.rawValue == waiver.rule }
        return SchemaFinding(
            isKnown ? .unusedWaiver : .unknownRule, severity: .warning, in: schema.document, at: waiver.offset,
            pointer: waiver.pointer,
            isKnown
                ? "nothing breaks '\(waiver.rule)'" + (waiver.field.map { " at '\($0)'" } ?? "") + " that it waives"
                : "'\(waiver.rule)' is no rule",
            hint: isKnown
                ? "Remove it: a waiver that is not needed would hide the next mistake."
                : UsageHint.didYouMean(waiver.rule, among: rules + SchemaFinding.Kind.waivable.map(\.rawValue))
                    ?? "Rules are named as 'OEP41-22'.")
    }
}

/// The kinds of findings of lint.
extension SchemaFinding.Kind {
    static let unusedWaiver = Self("unused-waiver")
    static let unknownRule = Self("unknown-rule")

    static let legacyName = Self("legacy-name")
    static let prefix = Self("prefix")
    static let subdomain = Self("subdomain")
    static let pastTense = Self("past-tense")
    static let vagueAction = Self("vague-action")
    static let duplicateTitle = Self("duplicate-title")
    static let subject = Self("subject")
    static let producer = Self("producer")
    static let unregisteredOwner = Self("unregistered-owner")
    static let foreignSubdomain = Self("foreign-subdomain")
    static let source = Self("source")
    static let callback = Self("callback")
    static let opaqueKey = Self("opaque-key")
    static let openType = Self("open-type")
    static let repeatedEnvelope = Self("repeated-envelope")
    static let optionalField = Self("optional-field")
    static let unknownRequired = Self("unknown-required")
    static let closedObject = Self("closed-object")
    static let topic = Self("topic")
    static let keyPath = Self("key-path")
    static let missingKey = Self("missing-key")
    static let personalKey = Self("personal-key")
    static let unmarkedPersonalData = Self("unmarked-personal-data")
    static let fieldSuffix = Self("field-suffix")
    static let severalFacts = Self("several-facts")
    static let fieldName = Self("field-name")
    static let size = Self("size")
    static let missingDescription = Self("missing-description")
    static let missingExample = Self("missing-example")
    static let invalidExample = Self("invalid-example")
    static let unusedDefinition = Self("unused-definition")
    static let retirement = Self("retirement")

    /// What a waiver may name beside a rule.
    static let waivable: [Self] = [
        legacyName, prefix, subdomain, pastTense, vagueAction, duplicateTitle, subject, producer, unregisteredOwner,
        foreignSubdomain, source, callback, opaqueKey, openType, repeatedEnvelope, optionalField, closedObject, topic,
        keyPath, missingKey, personalKey, unmarkedPersonalData, fieldSuffix, severalFacts, fieldName, size,
        missingDescription, missingExample, unusedDefinition, retirement,
    ]
}
