public import OpenEdXEvents

/// A certificate was created.
public struct CertificateCreated: Event, Hashable {
    /// The event type's name.
    public static let type: EventType = "org.openedx.learning.certificate.created.v1"

    /// The certificate.
    public let certificate: Certificate

    /// Creates a certificate created from its parts.
    public init(certificate: Certificate) {
        self.certificate = certificate
    }
}

extension CertificateCreated {
    private static let names: JSONFieldNames = ["certificate"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var certificate: Certificate?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: certificate = try json.read(Certificate.self)
            default: try json.skipValue()
            }
        }
        guard let certificate else { throw json.missing("certificate") }
        self.init(
            certificate: certificate)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("certificate", certificate)
        json.endObject()
    }
}

extension CertificateCreated: Codable {
    private enum CodingKeys: String, CodingKey {
        case certificate
    }
}
