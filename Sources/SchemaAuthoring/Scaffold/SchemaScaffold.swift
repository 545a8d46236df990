import JSONSchema
public import OpenEdXEvents

/// The beginning of a schema: of a new event type, of the next minor version, or of the next major version. Pure.
///
/// What it makes obeys every rule, and says in plain words what its author must still make exact.
public struct SchemaScaffold: Sendable {
    /// What an author says of a new type; what is left out is derived.
    public struct Request: Sendable {
        /// The event type's name.
        public var type: String
        /// What the event states.
        public var summary: String?
        /// The repository of the service that emits it.
        public var owner: String?
        /// What its events carry as source.
        public var source: String?
        /// Where it goes.
        public var topic: String?
        /// The path in the data to the key.
        public var key: String?
        /// What its data holds.
        public var fields: [ScaffoldField] = []

        /// Asks for a type.
        public init(type: String) { self.type = type }
    }

    /// What is begun.
    public enum Kind: Sendable {
        /// A type that was not there.
        case newType
        /// The next minor version of a type that is there.
        case nextMinor(after: Int)
        /// The next major version of a type that is there.
        case nextMajor(of: String)
    }

    /// The event type.
    public let type: EventType
    /// What is begun.
    public let kind: Kind
    /// The minor version.
    public let minorVersion: Int
    /// The name of its Swift type.
    public let title: String
    /// The file's text.
    public let bytes: [UInt8]
    /// Where it belongs below the directory of schemas.
    public var path: String { EventSchema.path(of: type, minorVersion: minorVersion) }

    /// Begins a schema.
    ///
    /// - Throws: ``ScaffoldProblem`` if the name is none, or something is missing that cannot be derived.
    public init(_ request: Request, in catalogue: SchemaCatalogue) throws(ScaffoldProblem) {
        let registry = catalogue.registry
        do throws(InvalidEventType) {
            type = try EventType(request.type, prefixes: registry.prefixes.map(\.name))
        } catch {
            throw ScaffoldProblem(
                "'\(request.type)' is no event type: \(error.message)",
                "Name it {reverse DNS}.{subdomain}.{subject}.{action}.v{N}, such as "
                    + "org.openedx.learning.note.created.v1.")
        }
        try Self.check(type, registry)
        let existing = catalogue[type.name]?.latest
        let older = Self.predecessor(of: type, in: catalogue)
        let sibling = existing ?? older ?? Self.sibling(of: type, in: catalogue)
        if let existing {
            guard existing.status != .draft else {
                throw ScaffoldProblem(
                    "'\(existing.file)' is a draft of this type",
                    "Add to it: a draft may change freely.")
            }
            kind = .nextMinor(after: existing.minorVersion)
            minorVersion = existing.minorVersion + 1
            title = existing.title
        } else {
            kind = older.map { .nextMajor(of: $0.type.name) } ?? .newType
            minorVersion = 0
            title = Self.title(of: type, isNextMajor: older != nil)
        }
        let owner = if let owner = existing?.owner { owner } else { try Self.owner(request, older, type, registry) }
        let builder = Builder(
            request: request, type: type, minorVersion: minorVersion, title: title, owner: owner, registry: registry,
            catalogue: catalogue)
        let node = sibling.map { builder.copy(of: $0, isNextMinor: existing != nil) } ?? builder.fresh()
        bytes = node.prettyBytes()
    }

    // MARK: What must be registered

    private static func check(_ type: EventType, _ registry: SchemaRegistry) throws(ScaffoldProblem) {
        // Where there is no registry yet, one is begun with what the type needs.
        guard registry.document != nil else { return }
        guard registry.prefixes.contains(where: { $0.name == type.prefix }) else {
            throw ScaffoldProblem(
                "the prefix '\(type.prefix)' is not registered",
                UsageHint.didYouMean(type.prefix, among: registry.prefixes.map(\.name))
                    ?? "Add {\"name\": \"\(type.prefix)\", \"summary\": \"…\"} to 'prefixes' of registry.json.")
        }
        guard registry.subdomains.contains(where: { $0.name == type.subdomain }) else {
            throw ScaffoldProblem(
                "the subdomain '\(type.subdomain)' is not registered",
                UsageHint.didYouMean(type.subdomain, among: registry.subdomains.map(\.name))
                    ?? "Add {\"name\": \"\(type.subdomain)\", \"summary\": \"…\"} to 'subdomains' of registry.json.")
        }
    }

    private static func owner(
        _ request: Request, _ older: EventSchema?, _ type: EventType, _ registry: SchemaRegistry
    ) throws(ScaffoldProblem) -> String {
        if let owner = request.owner {
            guard registry.owners.isEmpty || registry.owner(named: owner) != nil else {
                throw ScaffoldProblem(
                    "the owner '\(owner)' is not registered",
                    UsageHint.didYouMean(owner, among: registry.owners.map(\.name))
                        ?? "Add {\"name\": \"\(owner)\", \"services\": [\"…\"], \"subdomains\": "
                        + "[\"\(type.subdomain)\"]} to 'owners' of registry.json.")
            }
            return owner
        }
        if let owner = older?.owner { return owner }
        let owners = candidates(for: type, in: registry)
        guard owners.count == 1 else {
            throw ScaffoldProblem(
                "which service emits it is not said",
                "Name its repository with --owner"
                    + (owners.isEmpty ? "." : ", such as \(owners.joined(separator: " or "))."))
        }
        return owners[0]
    }

    /// The registered services that emit events of a type's subdomain.
    public static func candidates(for type: EventType, in registry: SchemaRegistry) -> [String] {
        registry.owners.filter { $0.subdomains.contains(type.subdomain) }.map(\.name)
    }

    // MARK: Relatives

    /// The major version before.
    private static func predecessor(of type: EventType, in catalogue: SchemaCatalogue) -> EventSchema? {
        catalogue.types.first { type.isSuccessor(of: $0.type) }?.latest
    }

    /// An event of the same subject, whose data the new one shares (rule 13).
    private static func sibling(of type: EventType, in catalogue: SchemaCatalogue) -> EventSchema? {
        catalogue.types.first { other in
            other.type.prefix == type.prefix && other.type.subdomain == type.subdomain
                && other.type.subject == type.subject
        }?.latest
    }

    private static func title(of type: EventType, isNextMajor: Bool) -> String {
        let words = (type.subject + "." + type.action).split { !$0.isLetter && !$0.isNumber }
        let title = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        guard isNextMajor, let major = type.majorVersion else { return title }
        return "\(title)V\(major)"
    }
}

extension SchemaRegistry {
    /// The text of a registry for the first event type of a directory: Open edX's names, and who emits the type.
    public static func beginning(with type: EventType, owner: String) -> [UInt8] {
        func names(_ names: [Name]) -> JSONNode {
            JSONNode(
                .array(
                    names.map {
                        .object([("name", JSONNode(.string($0.name))), ("summary", JSONNode(.string($0.summary)))])
                    }))
        }
        let own = { (name: String, names: [Name]) in
            names.contains { $0.name == name } ? names : names + [Name(name: name, summary: "ours")]
        }
        let service = owner.split(separator: "/").last.map(String.init) ?? owner
        let entry = JSONNode.object([
            ("name", JSONNode(.string(owner))), ("services", .array([service])),
            ("subdomains", .array([type.subdomain])),
        ])
        return JSONNode.object([
            ("prefixes", names(own(type.prefix, standard.prefixes))),
            ("subdomains", names(own(type.subdomain, standard.subdomains))),
            ("owners", JSONNode(.array(owner.isEmpty ? [] : [entry]))),
        ]).prettyBytes()
    }
}
