extension TraceContext {
    private static let parentName = "traceparent"
    private static let stateName = "tracestate"

    /// Puts the context into headers, in place of one that they hold.
    package func inject(into headers: inout [MessageHeader]) {
        if !headers.isEmpty {
            headers.removeAll { Self.isHeader($0, Self.parentName) || Self.isHeader($0, Self.stateName) }
        }
        headers.append(MessageHeader(Self.parentName, traceparent))
        if let state { headers.append(MessageHeader(Self.stateName, state.description)) }
    }

    /// Reads the context from headers; `nil` if there is none, more than one, or one that breaks the grammar.
    package static func extract(from headers: [MessageHeader]) -> TraceContext? {
        var parent: String?
        var states: [String] = []
        for header in headers {
            if isHeader(header, parentName) {
                guard parent == nil, let text = header.text else { return nil }
                parent = text
            } else if isHeader(header, stateName), let text = header.text {
                states.append(text)
            }
        }
        guard let parent else { return nil }
        return TraceContext(
            traceparent: parent, tracestate: states.isEmpty ? nil : states.joined(separator: ","))
    }

    /// Reads the context from extension attributes of an envelope (rule 43).
    package static func extract(from extensions: [String: AttributeValue]) -> TraceContext? {
        guard let parent = extensions[parentName] else { return nil }
        return TraceContext(traceparent: parent.canonical, tracestate: extensions[stateName]?.canonical)
    }

    // W3C Trace Context wants the names read in any case.
    private static func isHeader(_ header: MessageHeader, _ name: String) -> Bool {
        header.name.utf8.count == name.utf8.count
            && (header.name == name || header.name.lowercased() == name)
    }
}
