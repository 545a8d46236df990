import OpenEdXEvents
import Synchronization

/// A registry of schemas for tests: asked from afar, and down when the test says so.
final class SchemaRegistry: Sendable {
    struct Down: Error {}

    private struct State {
        var names: [String] = []
        var isDown = false
    }

    private let state = Locked(State())

    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    /// The id of a type's schema, which is registered if it is new.
    func id(of type: String) async throws -> UInt32 {
        await Task.yield()
        return try state.withLock { state in
            if state.isDown { throw Down() }
            if !state.names.contains(type) { state.names.append(type) }
            return UInt32(state.names.firstIndex(of: type)! + 1)
        }
    }

    /// Whether a schema has that id.
    func holds(_ id: UInt32) async throws -> Bool {
        await Task.yield()
        return try state.withLock { state in
            if state.isDown { throw Down() }
            return id >= 1 && id <= UInt32(state.names.count)
        }
    }
}

/// A format that is written outside of the core: 0x00, a schema id of four bytes, and the data with its bits turned
/// round. The attributes stand in headers. Schemas come from a registry, one lookup for each.
final class FramedFormat: EnvelopeFormat {
    static let contentType = "application/vnd.test"

    private struct Cache {
        var ids: [String: UInt32] = [:]
        var schemas: [UInt32: Bool] = [:]
    }

    private let registry: SchemaRegistry
    private let cache = Locked(Cache())

    init(registry: SchemaRegistry) { self.registry = registry }

    var name: String { "framed" }

    func recognizes(_ message: IncomingMessage) -> Bool {
        message.headers["content-type"]?.text == Self.contentType
    }

    func write(_ event: EncodedEvent) -> EnvelopeWriting {
        let type = event.type.name
        guard let id = cache.withLock({ $0.ids[type] }) else {
            return .waiting(
                FormatDependency("the schema of \(type)") { [self] in
                    let id = try await registry.id(of: type)
                    cache.withLock { $0.ids[type] = id }
                })
        }
        guard case .message(let headers, let value) = BinaryFormat().write(event) else {
            return .refused(EnvelopeError(.invalid, rule: .kafkaBinary, "no binary form"))
        }
        let frame = [0] + (0..<4).map { UInt8(truncatingIfNeeded: id >> (24 - 8 * UInt32($0))) }
        return .message(
            headers: replacingContentType(headers, by: Self.contentType), value: frame + (value ?? []).map { ~$0 })
    }

    func read(_ message: IncomingMessage) -> EnvelopeReading {
        guard let value = message.value, value.count >= 5, value[0] == 0 else {
            return .unreadable(EnvelopeError(.unknownFormat, rule: .kafkaMode, offset: 0, "the value has no frame"))
        }
        let id = value[1..<5].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let isKnown = cache.withLock({ $0.schemas[id] }) else {
            return .waiting(
                FormatDependency("schema \(id)") { [self] in
                    let isKnown = try await registry.holds(id)
                    cache.withLock { $0.schemas[id] = isKnown }
                })
        }
        guard isKnown else {
            return .unreadable(EnvelopeError(.unknownFormat, rule: .kafkaMode, offset: 1, "no schema \(id)"))
        }
        do throws(EnvelopeError) {
            let headers = replacingContentType(message.headers, by: "application/json")
            return .event(try ReceivedEnvelope(headers: headers, value: value.dropFirst(5).map { ~$0 }))
        } catch {
            return .unreadable(error)
        }
    }

    private func replacingContentType(_ headers: [MessageHeader], by type: String) -> [MessageHeader] {
        headers.map { $0.name == "content-type" ? MessageHeader("content-type", type) : $0 }
    }
}
