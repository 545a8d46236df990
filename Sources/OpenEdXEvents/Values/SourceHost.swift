/// The machine that an event comes from: a host name, a fully qualified one, or an IP address (rule 08). For logs only.
public struct SourceHost: Hashable, Sendable, CustomStringConvertible {
    /// The name or address.
    public let description: String

    /// This machine's own name; `localhost` if it has none that is a host name. Asked once.
    public static let current = WallClock.hostName().flatMap { try? SourceHost($0) } ?? SourceHost(checked: "localhost")

    /// Reads a host name (RFC 1123), an IPv4 or an IPv6 address.
    ///
    /// - Throws: ``InvalidAttribute`` (rule 08) if the text is none of them.
    public init(_ text: String) throws(InvalidAttribute) {
        let bytes = Array(text.utf8)
        guard HostGrammar.isIPv4(bytes[...]) || HostGrammar.isIPv6(bytes[...]) || HostGrammar.isHostName(bytes[...])
        else {
            throw InvalidAttribute(
                .sourceHost, attribute: "sourcehost",
                "neither a host name (letters, digits and hyphens between dots) nor an IP address")
        }
        description = text
    }

    private init(checked text: String) {
        description = text
    }
}

extension SourceHost: Codable {
    /// Reads the host from a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(InvalidAttribute) {
            try self.init(text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the host as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
