/// What stands in an event's envelope beside the data, all of it typed: the library's to make (rule 24).
package struct EventHead: Sendable {
    package var type: EventType
    package var id: EventID
    package var time: EventTime
    package var source: EventSource
    package var sourceHost: SourceHost
    package var minorVersion: Int
    package var subject: String?
    package var dataSchema: String?
    package var extensions: [String: AttributeValue]

    package init(
        type: EventType, id: EventID, time: EventTime, source: EventSource, sourceHost: SourceHost, minorVersion: Int,
        subject: String? = nil, dataSchema: String? = nil, extensions: [String: AttributeValue] = [:]
    ) {
        self.type = type
        self.id = id
        self.time = time
        self.source = source
        self.sourceHost = sourceHost
        self.minorVersion = minorVersion
        self.subject = subject
        self.dataSchema = dataSchema
        self.extensions = extensions
    }
}

extension EventHead {
    /// Checks what the types do not assure: rules 05, 32, 34 and 36.
    func check() throws(EnvelopeError) {
        guard minorVersion >= 0, minorVersion <= Int(Int32.max) else {
            throw EnvelopeError(
                .invalid, rule: .minorVersion, attribute: "minorversion", "must be from 0 to 2147483647")
        }
        if let subject {
            guard !subject.isEmpty else {
                throw EnvelopeError(
                    .invalid, rule: .schemaAndSubject, attribute: "subject", "must not be empty: leave it out")
            }
            try Self.checkCharacters(of: subject, "subject")
        }
        if let dataSchema {
            try Self.checkCharacters(of: dataSchema, "dataschema")
            guard URIGrammar.isAbsoluteURI(dataSchema) else {
                throw EnvelopeError(
                    .invalid, rule: .schemaAndSubject, attribute: "dataschema", "must be an absolute URI")
            }
        }
        if !extensions.isEmpty { try checkExtensions() }
    }

    private func checkExtensions() throws(EnvelopeError) {
        for (name, value) in sortedExtensions {
            if AttributeName.reserved.contains(name) {
                throw EnvelopeError(
                    .invalid, rule: .attributeName, attribute: name,
                    "is not an extension: the library writes it from its own place")
            }
            let findings = AttributeName.findings(name) + value.check(attribute: name)
            if let finding = findings.first(where: { $0.severity == .error }) {
                throw EnvelopeError(.invalid, rule: finding.rule, attribute: finding.attribute, finding.message)
            }
        }
    }

    private static func checkCharacters(of text: String, _ attribute: String) throws(EnvelopeError) {
        if text.utf8.withContiguousStorageIfAvailable({ isPrintableASCII($0) }) == true { return }
        guard let offset = AttributeText.firstForbidden(text) else { return }
        throw EnvelopeError(
            .invalid, rule: .attributeCharacters, attribute: attribute,
            "has a control character or noncharacter at byte \(offset) of its value: remove it")
    }

    /// The extensions in the order in which they are written: by name.
    var sortedExtensions: [(name: String, value: AttributeValue)] {
        if extensions.isEmpty { return [] }
        return extensions.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    /// Begins the document and writes everything before the data.
    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        json.appendMembers(#""specversion":"1.0","id":""#)
        // Locals, so that the closures hold no copy of the whole head.
        let (id, time) = (id, time)
        json.appendText(36) { buffer in
            id.write(to: buffer)
            return 36
        }
        json.appendMembers(#"""#)
        json.key("type")
        json.write(type.name)
        json.key("source")
        json.write(source.description)
        json.key("sourcehost")
        json.write(sourceHost.description)
        json.appendMembers(#","time":""#)
        json.appendText(32) { time.write(to: $0) }
        json.appendMembers(#"""#)
        json.key("minorversion")
        json.write(minorVersion)
        json.appendMembers(#","datacontenttype":"application/json""#)
        if let subject { try json.member("subject", subject) }
        if let dataSchema { try json.member("dataschema", dataSchema) }
        if !extensions.isEmpty {
            for (name, value) in sortedExtensions {
                json.key(name)
                switch value {
                case .boolean(let value): json.write(value)
                case .integer(let value): json.writeInteger(value)
                default: json.write(value.canonical)
                }
            }
        }
    }
}
