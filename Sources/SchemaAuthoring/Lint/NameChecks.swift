import JSONSchema
import OpenEdXEvents

/// What the type's name says: prefix (11), subdomain (12), tense (14), and whether it can be one fact (30).
enum NameChecks {
    private static let vague: Set<String> = [
        "updated", "changed", "modified", "edited", "saved", "processed", "handled", "happened", "occurred",
        "triggered", "performed",
    ]

    static func check(_ report: inout LintReport, _ registry: SchemaRegistry, sameTitle: [EventSchema]) {
        let type = report.schema.type
        if type.isLegacy {
            report.add(
                .legacyName, .typeName, fact: "type", severity: .note,
                "a legacy name that breaks the naming rule", "Say so below 'legacy', with the reason.")
        }
        if !registry.prefixes.contains(where: { $0.name == type.prefix }) {
            report.add(
                .prefix, .reverseDNSPrefix, fact: "type", "the prefix '\(type.prefix)' is not registered",
                "Register it in registry.json, or use one of "
                    + registry.prefixes.map(\.name).joined(separator: ", ") + ".")
        }
        let subdomains = registry.subdomains.map(\.name)
        if !subdomains.contains(type.subdomain) {
            report.add(
                .subdomain, .subdomain, fact: "type", "the subdomain '\(type.subdomain)' is not registered",
                UsageHint.didYouMean(type.subdomain, among: subdomains)
                    ?? "Register it in registry.json, or use one of \(subdomains.joined(separator: ", ")).")
        }
        if !PastTense.fits(type.action) {
            report.add(
                .pastTense, .pastTense, fact: "type", "the action '\(type.action)' is not in the past tense",
                "Name what happened, such as 'completed'.")
        } else if vague.contains(type.action), report.schema.status == .draft {
            report.add(
                .vagueAction, .pastTense, fact: "type", severity: .note,
                "the action '\(type.action)' says little",
                "While it is a draft: is there a word for what happened, such as 'completed' or 'renamed'?")
        }
        let words = type.action.split(separator: "_")
        if words.contains("or") || words.contains("and") {
            report.add(
                .severalFacts, .oneFact, fact: "type", "the action '\(type.action)' names several facts",
                "Make an event type of each.")
        }
        if let other = sameTitle.first(where: { $0.type != type && !$0.title.isEmpty }) {
            report.add(
                .duplicateTitle, nil, at: report.schema.document.root["title"]?.offset ?? 0, pointer: "/title",
                severity: .error, "'\(other.type)' has the title '\(other.title)' too",
                "Each event has a Swift type of its own: choose another name.")
        }
    }
}

/// Who emits the type: one service (20), within its subdomain (19), by its source (06).
enum OwnerChecks {
    static func check(_ report: inout LintReport, _ registry: SchemaRegistry) {
        let schema = report.schema
        let member = schema.document.root["x-event"]?["owners"] == nil ? "owner" : "owners"
        if schema.owners.isEmpty {
            report.add(
                .producer, .oneProducer, fact: member, "no service is named that emits it",
                "Name the repository of the one service that does as 'owner'.")
        } else if schema.owners.count > 1 {
            report.add(
                .producer, .oneProducer, fact: member, "\(schema.owners.count) services emit it",
                "Let one emit it, or give each a type of its own.")
        }
        for name in schema.owners where !registry.owners.isEmpty {
            guard let owner = registry.owner(named: name) else {
                report.add(
                    .unregisteredOwner, .ownSubdomain, fact: member, "the owner '\(name)' is not registered",
                    UsageHint.didYouMean(name, among: registry.owners.map(\.name))
                        ?? "Add it to 'owners' of registry.json, with its subdomains.")
                continue
            }
            if !owner.subdomains.contains(schema.type.subdomain) {
                report.add(
                    .foreignSubdomain, .ownSubdomain, fact: member,
                    "'\(name)' emits an event of the subdomain '\(schema.type.subdomain)', which is not its own",
                    "Its own are \(owner.subdomains.joined(separator: ", ")); name the event for what the service does."
                )
            }
        }
        checkSource(&report, registry)
    }

    private static func checkSource(_ report: inout LintReport, _ registry: SchemaRegistry) {
        guard let text = report.schema.source else {
            if !report.schema.owners.isEmpty {
                report.add(
                    .source, .source, fact: "source", "the source of its events is not named",
                    "Add 'source', such as '/openedx/lms/web'.")
            }
            return
        }
        do throws(InvalidAttribute) {
            let source = try EventSource(text)
            let owners = report.schema.owners.compactMap(registry.owner(named:)).filter { !$0.services.isEmpty }
            if !owners.isEmpty, !owners.contains(where: { $0.services.contains(source.service) }) {
                report.add(
                    .source, .source, fact: "source",
                    "the source names the service '\(source.service)', as which its owner does not run",
                    "By registry.json its services are \(owners.flatMap(\.services).joined(separator: ", ")).")
            }
        } catch {
            report.add(
                .source, .source, fact: "source", "the source \(error.message)",
                "It is /{namespace}/{service}/{web or worker}.")
        }
    }
}

/// Where it goes (26).
enum RouteChecks {
    static func check(_ report: inout LintReport) {
        checkTopic(&report)
        guard let path = report.schema.keyPath else {
            return report.add(
                .missingKey, .routes, fact: "key", severity: .note, "its events have no key, and so no order",
                "Name the path to the key as 'key', such as 'enrollment.course.course_key'.")
        }
        let text = path.joined(separator: ".")
        guard let place = report.schema.fields.first(where: { $0.names == path }) else {
            let known = report.schema.fields.filter { !$0.names.contains("[]") && !$0.names.contains("{}") }
            return report.add(
                .keyPath, .routes, fact: "key", "the key path '\(text)' leads to no field",
                UsageHint.didYouMean(text, among: known.map(\.text)) ?? "It is a path into the data, with dots.")
        }
        switch place.field.type.kind {
        case .string, .integer, .boolean: break
        default:
            report.add(
                .keyPath, .routes, fact: "key", "the key path '\(text)' leads to no string and no whole number",
                "A key is one value: go on to a field of it.")
        }
        if place.isPersonal {
            report.add(
                .personalKey, .personalData, fact: "key", "the key '\(text)' is personal data, and keys stand in logs",
                "Take a number or an opaque key that tells of no person by itself.")
        }
        if !place.isAlwaysThere {
            report.add(
                .keyPath, .routes, fact: "key", "the key may be absent or null: '\(text)' is not required all the way",
                "Take a field that is always there; what has no key has no order.")
        }
    }

    private static func checkTopic(_ report: inout LintReport) {
        guard let topic = report.schema.topic else {
            return report.add(
                .topic, .routes, fact: "topic", "no topic is named", "Add 'topic', without the environment's prefix.")
        }
        if case .failure(let problem) = TopicName.make(topic, environment: nil) {
            report.add(.topic, .routes, fact: "topic", "the topic \(problem.message)", nil)
        }
        let environments = ["prod", "production", "stage", "staging", "dev", "development", "test", "sandbox", "edge"]
        if let prefix = environments.first(where: { topic.hasPrefix($0 + "-") }) {
            report.add(
                .topic, .routes, fact: "topic", "the topic begins with an environment, '\(prefix)-'",
                "Topics are named without: the environment is configured once, at the producer.")
        }
    }
}

/// Whether a subject means one thing within its subdomain (13): its events carry the same object, and the same key.
struct SubjectCheck {
    private var groups: [String: [EventSchema]] = [:]

    init(_ catalogue: SchemaCatalogue) {
        // Of one event only the newest major version counts: a new one may be made because the old meant another thing.
        var newest: [String: EventSchema] = [:]
        for schema in catalogue.types.map(\.latest) {
            let name = Self.subject(schema) + "." + schema.type.action
            if (newest[name]?.type.majorVersion ?? 0) <= (schema.type.majorVersion ?? 0) { newest[name] = schema }
        }
        groups = Dictionary(grouping: newest.values.sorted { $0.type.name < $1.type.name }, by: Self.subject)
    }

    private static func subject(_ schema: EventSchema) -> String {
        "\(schema.type.prefix).\(schema.type.subdomain).\(schema.type.subject)"
    }

    /// What an event is about: its fields and the classes that they have.
    private static func contents(_ schema: EventSchema) -> Set<String> {
        Set(schema.data.fields.map { "\($0.name): \($0.type.definition ?? "")" })
    }

    func check(_ report: inout LintReport) {
        let schema = report.schema
        guard let group = groups[Self.subject(schema)], group.contains(where: { $0.type == schema.type }),
            let first = group.first, first.type != schema.type
        else { return }
        let contents = Self.contents(schema)
        if contents.isDisjoint(with: Self.contents(first)), !contents.isEmpty {
            report.add(
                .subject, .subject, at: schema.document.root["properties"]?.offset ?? 0, pointer: "/properties",
                "'\(first.type)' has the same subject, '\(schema.type.subject)', and other data",
                "Carry the same object under the same name, or name another subject.")
        } else if schema.keyPath != first.keyPath {
            report.add(
                .subject, .subject, fact: "key",
                "'\(first.type)' has the same subject, '\(schema.type.subject)', and another key",
                "Take '\(first.keyPath?.joined(separator: ".") ?? "no key")': one subject's events keep their order "
                    + "by one key.")
        }
    }
}
