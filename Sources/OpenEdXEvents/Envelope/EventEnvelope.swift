/// Any CloudEvent as a value: for tools, tests, and formats of your own.
///
/// Services emit typed events with ``EventProducer``; they do not need this.
public struct EventEnvelope: Hashable, Sendable {
    /// The event's id (rule 04).
    public var id: String
    /// Which service emitted it (rule 06).
    public var source: String
    /// The event type's name (rule 10).
    public var type: String
    /// The version of CloudEvents (rule 09).
    public var specVersion: String
    /// When it happened (rule 17).
    public var time: EventTime?
    /// The host that emitted it, for logs only (rule 08).
    public var sourceHost: String?
    /// The minor version of the event's schema (rule 05).
    public var minorVersion: Int?
    /// The media type of the data (rule 03); `nil` is read as `application/json` (rule 38).
    public var dataContentType: String?
    /// The schema of the data: an absolute URI (rule 36).
    public var dataSchema: String?
    /// What the event is about, within its source: not empty (rule 36).
    public var subject: String?
    /// The other attributes, by name (rules 32 and 33).
    public var extensions: [String: AttributeValue]
    /// The data.
    public var data: EventData

    /// An envelope of any parts; ``findings`` tells what they break.
    public init(
        id: String, source: String, type: String, specVersion: String = "1.0", time: EventTime? = nil,
        sourceHost: String? = nil, minorVersion: Int? = nil, dataContentType: String? = "application/json",
        dataSchema: String? = nil, subject: String? = nil, extensions: [String: AttributeValue] = [:],
        data: EventData = .absent
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.specVersion = specVersion
        self.time = time
        self.sourceHost = sourceHost
        self.minorVersion = minorVersion
        self.dataContentType = dataContentType
        self.dataSchema = dataSchema
        self.subject = subject
        self.extensions = extensions
        self.data = data
    }

    /// Which rules an envelope is held to when it is written.
    public enum Profile: Sendable, Hashable {
        /// All mandatory rules: OEP-41's and CloudEvents'.
        case openEdX
        /// CloudEvents' own rules, with the size limit: for events that are passed on.
        case cloudEvents

        /// Whether an event with this finding is not written.
        package func forbids(_ finding: Finding) -> Bool {
            finding.severity == .error && (self == .openEdX || !EventEnvelope.openEdXRules.contains(finding.rule))
        }
    }

    /// Everything that the envelope breaks.
    ///
    /// The size of the whole is found by ``structured(as:)``.
    public var findings: [Finding] {
        var findings = EnvelopeCheck(attributes: rawAttributes, data: data, mode: .value).findings
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            if AttributeNames.context.contains(name) {
                findings.append(
                    Finding(.requiredContext, attribute: name, "is no extension: set the envelope's own property"))
            }
            // Text has been checked with the other attributes.
            findings += value.check(attribute: name).filter { $0.rule == .attributeType }
        }
        return findings
    }

    /// Throws the first mandatory rule of the profile that is broken.
    func check(_ profile: Profile) throws(EnvelopeError) {
        for finding in findings where profile.forbids(finding) { throw EnvelopeError(finding) }
    }

    /// The rules that CloudEvents does not have.
    private static let openEdXRules: Set<Rule> = [
        .requiredAttributes, .id, .minorVersion, .source, .sourceHost, .typeName, .time,
    ]

    /// The attributes in the order in which they are written; extensions by name.
    var rawAttributes: [RawAttribute] {
        var attributes: [RawAttribute] = []
        func add(_ name: String, _ text: String?) {
            if let text { attributes.append(RawAttribute(name: name, value: .string(text), offset: nil)) }
        }
        add("specversion", specVersion)
        add("id", id)
        add("type", type)
        add("source", source)
        add("sourcehost", sourceHost)
        add("time", time?.description)
        if let minorVersion {
            let value = Int32(exactly: minorVersion).map { RawAttribute.Value.integer($0) } ?? .impossible
            attributes.append(RawAttribute(name: "minorversion", value: value, offset: nil))
        }
        add("datacontenttype", dataContentType)
        add("subject", subject)
        add("dataschema", dataSchema)
        for (name, value) in extensions.sorted(by: { $0.key < $1.key }) {
            let raw: RawAttribute.Value =
                switch value {
                case .boolean(let value): .boolean(value)
                case .integer(let value): .integer(value)
                default: .string(value.canonical)
                }
            attributes.append(RawAttribute(name: name, value: raw, offset: nil))
        }
        return attributes
    }

    /// Makes an envelope of attributes as they were found. What cannot be held is left out, as findings say.
    init(_ attributes: [RawAttribute], data: EventData) {
        func text(_ name: String) -> String? { attributes[name]?.text }
        self.init(
            id: text("id") ?? "", source: text("source") ?? "", type: text("type") ?? "",
            specVersion: text("specversion") ?? "", time: text("time").flatMap { EventTime($0) },
            sourceHost: text("sourcehost"), minorVersion: text("minorversion").flatMap { Int($0) },
            dataContentType: text("datacontenttype"), dataSchema: text("dataschema"), subject: text("subject"),
            data: data)
        for attribute in attributes where !AttributeNames.context.contains(attribute.name) {
            extensions[attribute.name] = attribute.attributeValue
        }
    }
}
