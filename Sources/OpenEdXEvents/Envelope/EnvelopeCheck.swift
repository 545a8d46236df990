/// Finds everything that an envelope breaks: pure.
struct EnvelopeCheck {
    /// How the envelope was found.
    enum Mode {
        /// As structured JSON, where numbers and booleans have types.
        case structured
        /// In headers, where everything is text.
        case headers
        /// As a value that was made here.
        case value
    }

    let attributes: [RawAttribute]
    let data: EventData
    /// Where the data stands in the document.
    var dataOffset: Int?
    let mode: Mode

    /// All findings, in the order of the attributes.
    var findings: [Finding] {
        let dataCheck = DataCheck(data: data, mediaType: attributes["datacontenttype"]?.text, offset: dataOffset)
        return presence + attributes.flatMap(check) + relations + dataCheck.findings
    }

    /// What is missing (rules 02 and 31).
    private var presence: [Finding] {
        var findings: [Finding] = []
        for name in ["id", "source", "specversion", "type"] where attributes[name] == nil {
            findings.append(Finding(.requiredContext, attribute: name, "is missing: every event has one"))
        }
        for name in ["time", "sourcehost", "minorversion", "datacontenttype"] where attributes[name] == nil {
            findings.append(
                Finding(.requiredAttributes, attribute: name, "is missing: the message format always carries it"))
        }
        return findings
    }

    private func check(_ attribute: RawAttribute) -> [Finding] {
        let name = attribute.name
        var findings = AttributeName.findings(name, offset: attribute.offset)
        func add(_ rule: Rule, severity: Finding.Severity? = nil, _ message: String) {
            findings.append(
                Finding(rule, attribute: name, offset: attribute.offset, severity: severity, message))
        }
        if case .impossible = attribute.value {
            add(.attributeType, "is a fraction, a number beyond 32 bits, an array or an object, which no attribute is")
            return findings
        }
        if name == "minorversion" {
            checkMinorVersion(attribute, add)
            return findings
        }
        guard let text = attribute.text else { return findings }
        if AttributeNames.context.contains(name) || KnownExtension(rawValue: name)?.isText == true {
            guard case .string = attribute.value else {
                add(.attributeType, "must be a string")
                return findings
            }
        }
        if let offset = AttributeText.firstForbidden(text) {
            add(
                .attributeCharacters,
                "has a control character or noncharacter at byte \(offset) of its value: remove it")
        }
        if AttributeNames.context.contains(name) {
            checkContext(name, text, add)
        } else if let known = KnownExtension(rawValue: name), let problem = known.problem(with: text) {
            add(.extensions, problem)
        }
        return findings
    }

    private func checkMinorVersion(_ attribute: RawAttribute, _ add: (Rule, Finding.Severity?, String) -> Void) {
        if case .string = attribute.value, mode != .headers {
            return add(.minorVersion, nil, "is a string: it must be an integer")
        }
        guard let number = attribute.text.flatMap({ AttributeValue.integer(in: $0.utf8) }), number >= 0 else {
            return add(.minorVersion, nil, "must be an integer from 0 to 2147483647")
        }
    }

    private func checkContext(
        _ name: String, _ text: String, _ add: (Rule, Finding.Severity?, String) -> Void
    ) {
        if text.isEmpty {
            switch name {
            case "id", "source", "specversion", "type": return add(.requiredContext, nil, "is empty")
            case "subject", "dataschema": return add(.schemaAndSubject, nil, "is empty: leave it out")
            default: break
            }
        }
        switch name {
        case "id": checkID(text, add)
        case "source":
            do throws(InvalidAttribute) {
                _ = try EventSource(text)
            } catch {
                add(.source, nil, error.message)
                if !URIGrammar.isURIReference(text) { add(.attributeType, nil, "is not a URI reference") }
            }
        case "sourcehost":
            do throws(InvalidAttribute) {
                _ = try SourceHost(text)
            } catch {
                add(.sourceHost, nil, error.message)
            }
        case "specversion":
            if text != "1.0" { add(.specVersion, nil, "must be 1.0") }
        case "type":
            do throws(InvalidEventType) {
                for finding in try EventType(text).findings { add(finding.rule, finding.severity, finding.message) }
            } catch {
                add(error.rule, nil, error.message)
            }
        case "time":
            if EventTime(text) == nil {
                add(.time, nil, "is not a time of RFC 3339")
            } else if text.last != "Z" {
                add(.time, nil, "must be UTC and end in Z")
            }
        case "datacontenttype": checkMediaType(text, add)
        case "dataschema":
            if !URIGrammar.isAbsoluteURI(text) { add(.schemaAndSubject, nil, "must be an absolute URI") }
        default: break
        }
    }

    private func checkID(_ text: String, _ add: (Rule, Finding.Severity?, String) -> Void) {
        guard let id = EventID(text) else { return add(.id, nil, "is not a UUID, in lower case and with dashes") }
        if id.description != text {
            add(.id, nil, "is not in lower case")
        } else if !id.isVersion1 {
            add(.id, nil, "is not a version 1 UUID")
        } else if !id.hasRandomNode {
            add(.id, nil, "has a node without the multicast bit, which may be a real MAC address: use a random one")
        }
    }

    private func checkMediaType(_ text: String, _ add: (Rule, Finding.Severity?, String) -> Void) {
        guard let type = MediaType(text) else {
            return add(.dataContentType, .error, "is not a media type of RFC 2046")
        }
        if !type.matches(.json), !(type.type == "text" && type.subtype == "xml") {
            add(.dataContentType, nil, "is neither application/json nor text/xml")
        }
    }

    /// What attributes ask of each other (rule 43): times that must not precede the event's own, and a trace's state
    /// that means nothing without its parent.
    private var relations: [Finding] {
        var findings: [Finding] = []
        if let state = attributes["tracestate"], attributes["traceparent"] == nil {
            findings.append(
                Finding(
                    .extensions, attribute: "tracestate", offset: state.offset, "means nothing without traceparent"))
        }
        guard let time = attributes["time"]?.text.flatMap({ EventTime($0) }) else { return findings }
        for name in ["expirytime", "recordedtime"] {
            guard let attribute = attributes[name], let other = attribute.text.flatMap({ EventTime($0) }),
                other < time
            else { continue }
            findings.append(
                Finding(.extensions, attribute: name, offset: attribute.offset, "is before the event's time"))
        }
        return findings
    }
}
