/// Where an event comes from: `/{namespace}/{service}/{web or worker}` (rule 06).
///
/// Consumers do not branch on it (rule 07).
public struct EventSource: Hashable, Sendable {
    /// The kind of process that emits.
    public enum Process: String, Hashable, Sendable, Codable, CaseIterable {
        /// A process that serves requests.
        case web
        /// A process that works through tasks.
        case worker
    }

    /// The distribution, `openedx` for the standard one.
    public let namespace: String
    /// The service, such as `lms`.
    public let service: String
    /// The kind of process.
    public let process: Process
    /// The whole source, such as `/openedx/lms/web`.
    public let description: String

    /// A source by its parts.
    ///
    /// - Throws: ``InvalidAttribute`` (rule 06) if a part is empty or holds anything but ASCII letters, digits and
    ///   `-`, `.`, `_`, `~`.
    public init(namespace: String = "openedx", service: String, process: Process) throws(InvalidAttribute) {
        try self.init("/\(namespace)/\(service)/\(process.rawValue)")
    }

    /// Reads a source.
    ///
    /// - Throws: ``InvalidAttribute`` (rule 06) if it has another form.
    public init(_ text: String) throws(InvalidAttribute) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/") else {
            throw EventSource.invalid(at: 0, "the source begins with a slash")
        }
        let parts = bytes.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3 else {
            throw EventSource.invalid(at: nil, "the source has three parts: /namespace/service/process")
        }
        for part in parts.prefix(2) {
            guard !part.isEmpty else {
                throw EventSource.invalid(at: part.startIndex, "a part of the source is empty")
            }
            if let offset = part.firstIndex(where: { !URIGrammar.isUnreserved($0) }) {
                throw EventSource.invalid(
                    at: offset, "a part of the source holds ASCII letters, digits and - . _ ~ only")
            }
            if part.allSatisfy({ $0 == UInt8(ascii: ".") }) {
                throw EventSource.invalid(at: part.startIndex, "a part of the source is more than dots")
            }
        }
        guard let process = Process(rawValue: String(decoding: parts[2], as: UTF8.self)) else {
            throw EventSource.invalid(at: parts[2].startIndex, "the last part of the source is web or worker")
        }
        namespace = String(decoding: parts[0], as: UTF8.self)
        service = String(decoding: parts[1], as: UTF8.self)
        self.process = process
        description = text
    }

    private static func invalid(at offset: Int?, _ message: String) -> InvalidAttribute {
        InvalidAttribute(.source, attribute: "source", offset: offset, message)
    }
}

extension EventSource: CustomStringConvertible {}

extension EventSource: Codable {
    /// Reads the source from a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(InvalidAttribute) {
            try self.init(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the source as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
