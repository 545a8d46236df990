public import JSONSchema
import OpenEdXEvents

/// Event types as an AsyncAPI 3.0 document: topics are channels, events are messages in binary mode (rule 41), and what
/// owners send and consumers receive are operations.
///
/// It holds the newest version of every type that is no draft; a retired type is a message that nobody sends. The same
/// types give the same bytes.
public struct AsyncAPIExport: Sendable {
    private let events: [EventSchema]
    private let title: String
    private let version: String

    /// Takes event types, and what the document says of itself.
    public init(_ types: [SchemaCatalogue.History], title: String = "Event catalogue", version: String = "1.0.0") {
        events = types.compactMap(\.published)
        self.title = title
        self.version = version
    }

    /// The document as JSON for people.
    public var file: GeneratedFile {
        GeneratedFile(path: "asyncapi.json", text: String(decoding: document.prettyBytes(), as: UTF8.self))
    }

    /// The document.
    public var document: JSONNode {
        var schemas = AsyncAPISchemas()
        var messages: [JSONNode.Member] = []
        for event in events where event.topic != nil {
            messages.append(.init(name: event.type.name, node: message(event, &schemas)))
        }
        return .object([
            "asyncapi": "3.0.0",
            "info": .object([
                "title": JSONNode(.string(title)), "version": JSONNode(.string(version)),
                "description": """
                CloudEvents 1.0 on Kafka. Channels are topics, without the prefix of the environment. Messages are \
                described in binary mode; in structured mode the record's value is the whole event as \
                application/cloudevents+json.
                """,
            ]),
            "defaultContentType": "application/json",
            "channels": JSONNode(.object(channels)),
            "operations": JSONNode(.object(operations)),
            "components": .object([
                "messages": JSONNode(.object(messages)), "schemas": JSONNode(.object(schemas.members)),
            ]),
        ])
    }

    // MARK: - Channels and operations

    /// The events of each topic, in the order of the topics.
    private var topics: [(name: String, events: [EventSchema])] {
        Dictionary(grouping: events.filter { $0.topic != nil }) { $0.topic ?? "" }
            .sorted { $0.key < $1.key }.map { (name: $0.key, events: $0.value) }
    }

    private var channels: [JSONNode.Member] {
        topics.map { topic in
            let messages = topic.events.map { event in
                JSONNode.Member(name: event.type.name, node: Self.reference("components/messages", event.type.name))
            }
            return .init(
                name: AsyncAPISchemas.key(topic.name),
                node: .object([
                    "address": JSONNode(.string(topic.name)), "messages": JSONNode(.object(messages)),
                    "bindings": .object(["kafka": .object(["bindingVersion": "0.5.0"])]),
                ]))
        }
    }

    private var operations: [JSONNode.Member] {
        var members: [JSONNode.Member] = []
        for topic in topics {
            let sent = topic.events.filter { $0.status != .retired }
            for owner in Self.names(sent, \.owners) {
                members.append(operation("send", owner, topic.name, sent.filter { $0.owners.contains(owner) }))
            }
            for consumer in Self.names(topic.events, \.consumers) {
                members.append(
                    operation(
                        "receive", consumer, topic.name, topic.events.filter { $0.consumers.contains(consumer) }))
            }
        }
        return members
    }

    private static func names(_ events: [EventSchema], _ names: (EventSchema) -> [String]) -> [String] {
        Set(events.flatMap(names)).sorted()
    }

    private func operation(
        _ action: String, _ service: String, _ topic: String, _ events: [EventSchema]
    ) -> JSONNode.Member {
        let channel = AsyncAPISchemas.key(topic)
        let verb = action == "send" ? "sends" : "receives"
        return .init(
            name: "\(AsyncAPISchemas.key(service)).\(action).\(channel)",
            node: .object([
                "action": JSONNode(.string(action)),
                "channel": Self.reference("channels", channel),
                "title": JSONNode(.string("\(service) \(verb) \(topic)")),
                "tags": JSONNode(.array([.object(["name": JSONNode(.string(service))])])),
                "messages": JSONNode(
                    .array(events.map { Self.reference("channels/\(channel)/messages", $0.type.name) })),
            ]))
    }

    private static func reference(_ place: String, _ name: String) -> JSONNode {
        .object(["$ref": JSONNode(.string("#/\(place)/\(name)"))])
    }

    // MARK: - Messages

    private func message(_ event: EventSchema, _ schemas: inout AsyncAPISchemas) -> JSONNode {
        var key: [JSONNode.Member] = []
        if let path = event.keyPath {
            let text = "The value at \(path.joined(separator: ".")) of the payload."
            key.append(
                .init(name: "key", node: .object(["type": "string", "description": JSONNode(.string(text))])))
        }
        key.append(.init(name: "bindingVersion", node: "0.5.0"))
        var members: [JSONNode.Member] = [
            .init(name: "name", node: JSONNode(.string(event.type.name))),
            .init(name: "title", node: JSONNode(.string(event.title))),
            .init(name: "summary", node: JSONNode(.string(event.summary))),
            .init(name: "contentType", node: "application/json"),
            .init(name: "tags", node: JSONNode(.array([.object(["name": JSONNode(.string(event.type.subdomain))])]))),
            .init(name: "headers", node: headers(event)),
            .init(name: "payload", node: schemas.payload(of: event)),
            .init(name: "bindings", node: .object(["kafka": JSONNode(.object(key))])),
        ]
        let examples = EventSample.samples(of: event).map { sample -> JSONNode in
            let headers = sample.headers.map { JSONNode.Member(name: $0.name, node: JSONNode(.string($0.value))) }
            return .object(["headers": JSONNode(.object(headers)), "payload": sample.data])
        }
        if !examples.isEmpty { members.append(.init(name: "examples", node: JSONNode(.array(examples)))) }
        if let facts = event.document.root["x-event"] { members.append(.init(name: "x-event", node: facts)) }
        return JSONNode(.object(members))
    }

    private func headers(_ event: EventSchema) -> JSONNode {
        var own: [JSONNode.Member] = [
            .init(name: "ce_type", node: .object(["const": JSONNode(.string(event.type.name))]))
        ]
        if let source = event.source {
            let text = "Such as \(source); consumers do not branch on it."
            own.append(.init(name: "ce_source", node: .object(["description": JSONNode(.string(text))])))
        }
        return .object([
            "type": "object",
            "allOf": JSONNode(.array([Self.reference("components/schemas", AsyncAPISchemas.headersKey)])),
            "properties": JSONNode(.object(own)),
        ])
    }
}
