public import JSONSchema
import OpenEdXEvents

/// What names may be made of, and who owns them: `registry.json` beside the schemas.
public struct SchemaRegistry: Sendable {
    /// A registered prefix (rule 11) or subdomain (rule 12).
    public struct Name: Hashable, Sendable {
        /// The name.
        public let name: String
        /// What it stands for.
        public let summary: String
    }

    /// A service that emits events, and the subdomains that are its own (rule 19).
    public struct Owner: Hashable, Sendable {
        /// The service's repository, such as `openedx/edx-platform`.
        public let name: String
        /// What it is, where the registry says so.
        public let summary: String?
        /// The services that it runs as, which the sources of its events name.
        public let services: [String]
        /// Its subdomains.
        public let subdomains: [String]
    }

    /// The reverse-DNS prefixes that are registered.
    public let prefixes: [Name]
    /// The subdomains that are registered.
    public let subdomains: [Name]
    /// The services that own subdomains; empty if the registry does not say.
    public let owners: [Owner]
    /// The file; `nil` for the standard registry.
    public let document: JSONDocument?

    /// The names that every catalogue may use: Open edX's own prefixes and subdomains.
    public static let standard = SchemaRegistry(
        prefixes: EventType.registeredPrefixes.map { Name(name: $0, summary: "Open edX") },
        subdomains: EventType.registeredSubdomains.map { Name(name: $0, summary: "Open edX") }, owners: [],
        document: nil)

    /// The service of a name, if the registry lists it.
    public func owner(named name: String) -> Owner? { owners.first { $0.name == name } }
}

extension SchemaRegistry {
    static let members = ["prefixes", "subdomains", "owners", "$comment"]

    /// Reads the registry, and everything that is wrong with it.
    init(_ document: JSONDocument, findings: inout [SchemaFinding]) {
        var reader = ObjectReader(document, document.root, pointer: "", members: Self.members)
        func name(_ entry: inout ObjectReader) -> Name? {
            guard let name = entry.text("name", isRequired: true) else { return nil }
            return Name(name: name, summary: entry.text("summary", isRequired: true) ?? "")
        }
        prefixes = reader.objects("prefixes", members: ["name", "summary"]) { name(&$0) }
        subdomains = reader.objects("subdomains", members: ["name", "summary"]) { name(&$0) }
        owners = reader.objects("owners", members: ["name", "summary", "services", "subdomains"]) { entry in
            guard let name = entry.text("name", isRequired: true) else { return nil }
            return Owner(
                name: name, summary: entry.text("summary"), services: entry.texts("services"),
                subdomains: entry.texts("subdomains"))
        }
        self.document = document
        for (list, names) in [
            ("prefixes", prefixes.map(\.name)), ("subdomains", subdomains.map(\.name)), ("owners", owners.map(\.name)),
        ] where Set(names).count != names.count {
            reader.report(.registry, at: list, "a name stands here twice")
        }
        for owner in owners {
            for subdomain in owner.subdomains where !subdomains.contains(where: { $0.name == subdomain }) {
                reader.report(
                    .registry, at: "owners", "the subdomain '\(subdomain)' of '\(owner.name)' is not registered",
                    UsageHint.didYouMean(subdomain, among: subdomains.map(\.name)) ?? "Add it to 'subdomains'.",
                    rule: .subdomain)
            }
        }
        findings += reader.findings
    }
}

/// Sentences that help.
enum UsageHint {
    /// Names what is closest to a word, if anything is close.
    static func didYouMean(_ word: String, among candidates: [String]) -> String? {
        Suggestion.closest(to: word, among: candidates).map { "Did you mean '\($0)'?" }
    }
}
