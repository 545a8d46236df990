import OpenEdXEvents

/// How an event is emitted and handled in Swift: what the site shows and the Markdown has.
struct SwiftSnippets {
    private let schema: EventSchema

    init(_ schema: EventSchema) { self.schema = schema }

    /// A producer with the event's route, and the call that emits it; `nil` for what is emitted no more, or not by this
    /// library.
    var emit: String? {
        guard schema.status != .retired, !schema.type.isLegacy else { return nil }
        let parameters = schema.data.fields.filter(\.isRequired).map { field in
            let name = SwiftNames.property(field.name)
            return "\(name): \(name)"
        }
        let service = schema.source?.split(separator: "/").dropFirst().first ?? "service"
        let process = schema.source?.hasSuffix("/worker") == true ? "worker" : "web"
        let key = schema.keyPath.map { ",\n                key: \"\($0.joined(separator: "."))\"" } ?? ""
        return """
            import EventSchemas
            import OpenEdXEvents

            let producer = try EventProducer(
                transport: transport,
                configuration: .init(
                    source: try EventSource(service: "\(service)", process: .\(process)),
                    routes: [
                        Route(
                            \(schema.title).type,
                            to: "\(schema.topic ?? "topic")"\(key))
                    ]))

            // The time is the changed row's, exactly as stored (OEP41-17).
            let event = \(schema.title)(\(parameters.joined(separator: ", ")))
            try await producer.emit(event, at: time)
            """
    }

    /// A handler, and the consumer that calls it.
    var handle: String {
        """
        import EventSchemas
        import OpenEdXEvents

        var handlers = EventHandlers()
        handlers.on(\(schema.title).self, name: "\(handlerName)") { event in
            print(event.payload\(access))
        }

        let consumer = try EventConsumer(
            transport: transport, handlers: handlers,
            configuration: .init(group: "my-service", topics: ["\(schema.topic ?? "topic")"]))
        try await consumer.run()
        """
    }

    private var handlerName: String {
        "on-" + schema.type.subject.split { $0 == "." || $0 == "_" }.joined(separator: "-") + "-" + schema.type.action
    }

    /// What leads to the key, or to the first field; optional values on the way are chained.
    private var access: String {
        let names =
            schema.keyPath.flatMap { schema.field(at: $0) == nil ? nil : $0 }
            ?? schema.data.fields.prefix(1).map(\.name)
        var text = ""
        var wasOptional = false
        for end in names.indices {
            text += (wasOptional ? "?." : ".") + SwiftNames.property(names[end])
            let field = schema.field(at: Array(names[...end]))
            wasOptional = field.map { $0.isOptional || $0.type.isNullable } ?? false
        }
        return text
    }
}
