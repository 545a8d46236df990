/// The extension attributes that CloudEvents documents, with their own rules (rule 43).
enum KnownExtension: String, CaseIterable {
    case traceparent, tracestate, partitionkey, sequence, sequencetype, dataref, correlationid, causationid, expirytime
    case recordedtime, deprecated, deprecationfrom, deprecationsunset, deprecationmigration, dataclassification
    case sampledrate, severitytext, severitynumber

    /// Whether the value must be a string.
    var isText: Bool {
        switch self {
        case .deprecated, .sampledrate, .severitynumber: false
        default: true
        }
    }

    /// What is wrong with a value; `nil` if nothing is.
    func problem(with text: String) -> String? {
        switch self {
        case .traceparent:
            TraceContext(traceparent: text) != nil ? nil : "is not a traceparent of W3C Trace Context"
        case .tracestate:
            TraceState(text) != nil ? nil : "is not a tracestate of W3C Trace Context"
        case .partitionkey, .correlationid, .causationid, .dataclassification, .sequence, .severitytext:
            text.isEmpty ? "must not be empty" : nil
        case .sequencetype:
            text.isEmpty ? "must not be empty" : nil
        case .dataref, .deprecationmigration:
            !text.isEmpty && URIGrammar.isURIReference(text) ? nil : "must be a URI or a relative reference"
        case .expirytime, .recordedtime, .deprecationfrom, .deprecationsunset:
            EventTime(text) == nil ? "must be a time of RFC 3339" : nil
        case .deprecated:
            text == "true" || text == "false" ? nil : "must be true or false"
        case .sampledrate, .severitynumber:
            AttributeValue.integer(in: text.utf8).map { $0 > 0 } == true ? nil : "must be an integer above 0"
        }
    }
}
