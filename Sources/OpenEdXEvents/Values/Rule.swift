/// A numbered rule that an event obeys; errors, findings and tests name it as `OEP41-06`.
///
/// Rules 01–22 are OEP-41's, 23–30 come from the later decisions of openedx-events, 31–43 from CloudEvents 1.0.
/// Rules that are *mandatory* are never broken by an event that this library emits. The others are reported.
public enum Rule: UInt8, CaseIterable, Sendable, Codable {
    case messageSize = 1
    case requiredAttributes
    case dataContentType
    case id
    case minorVersion
    case source
    case sourceIsOpaque
    case sourceHost
    case specVersion
    case typeName
    case reverseDNSPrefix
    case subdomain
    case subject
    case pastTense
    case compatibleMinor
    case newMajorBesideOld
    case time
    case sameTime
    case ownSubdomain
    case oneProducer
    case oneHome
    case noCallbacks
    case payloadTypes
    case envelopeIsNotPayload
    case optionalIsNullable
    case routes
    case severalTypesPerTopic
    case personalData
    case auditLog
    case oneFact
    case requiredContext
    case attributeName
    case attributeType
    case attributeCharacters
    case uniqueEvent
    case schemaAndSubject
    case jsonFormat
    case jsonData
    case batch
    case kafkaMode
    case kafkaBinary
    case kafkaKey
    case extensions

    /// Whether the library refuses to emit an event that breaks the rule.
    public var isMandatory: Bool {
        switch self {
        case .dataContentType, .sourceIsOpaque, .reverseDNSPrefix, .subdomain, .subject, .pastTense, .ownSubdomain,
            .oneHome, .noCallbacks, .payloadTypes, .personalData, .oneFact, .extensions:
            false
        default: true
        }
    }

    /// The rule in one line.
    public var summary: String {
        switch self {
        case .messageSize: "a message is one UTF-8 JSON document of at most 65536 bytes"
        case .requiredAttributes: "all eight attributes of the message format are present"
        case .dataContentType: "datacontenttype is application/json or text/xml"
        case .id: "id is a version 1 UUID, lower case, with a random node"
        case .minorVersion: "minorversion is an integer from 0"
        case .source: "source is /{namespace}/{service}/{web or worker}"
        case .sourceIsOpaque: "consumers do not branch on source"
        case .sourceHost: "sourcehost is a host name or IP address"
        case .specVersion: "specversion is 1.0"
        case .typeName: "type is {reverse DNS}.{subdomain}.{subject}.{action}.v{N}"
        case .reverseDNSPrefix: "type begins with a registered reverse-DNS prefix"
        case .subdomain: "the subdomain is registered"
        case .subject: "a subject means one thing within its subdomain"
        case .pastTense: "the action is in the past tense"
        case .compatibleMinor: "within a major version every change is a compatible addition"
        case .newMajorBesideOld: "a new major version is emitted beside the old one"
        case .time: "time is UTC, RFC 3339, ending in Z"
        case .sameTime: "events of one occurrence carry the same time"
        case .ownSubdomain: "a service emits only its own subdomain's events"
        case .oneProducer: "one service produces an event type"
        case .oneHome: "all definitions live in one place"
        case .noCallbacks: "a payload holds nothing to call back on"
        case .payloadTypes: "payloads are value types of standard types and opaque keys"
        case .envelopeIsNotPayload: "the payload does not repeat the envelope"
        case .optionalIsNullable: "optional fields are nullable with a default"
        case .routes: "routes are type, topic, key path and enabled flag, checked at start"
        case .severalTypesPerTopic: "a topic may carry several event types"
        case .personalData: "personal data is marked, and redacted from logs"
        case .auditLog: "the audit log holds topic, partition, offset, id, type and key only"
        case .oneFact: "an event states one specific fact"
        case .requiredContext: "id, source, specversion and type are present, not empty, and not repeated"
        case .attributeName: "attribute names are lower case letters and digits"
        case .attributeType: "an attribute has one of the CloudEvents types"
        case .attributeCharacters: "strings hold no control characters, noncharacters or lone surrogates"
        case .uniqueEvent: "source and id together identify an event"
        case .schemaAndSubject: "dataschema is an absolute URI, and subject is not empty"
        case .jsonFormat: "the JSON event format"
        case .jsonData: "JSON data is a JSON value, not a string holding one"
        case .batch: "a batch is a JSON array"
        case .kafkaMode: "content-type alone decides between structured and binary mode"
        case .kafkaBinary: "in binary mode attributes are headers and data is the value"
        case .kafkaKey: "the record key is the caller's key"
        case .extensions: "extension attributes follow their own rules"
        }
    }
}

extension Rule: CustomStringConvertible {
    /// The rule's name, such as `OEP41-06`.
    public var description: String { rawValue < 10 ? "OEP41-0\(rawValue)" : "OEP41-\(rawValue)" }
}

extension Rule: Comparable {
    /// Whether one rule's number is before another's.
    public static func < (left: Rule, right: Rule) -> Bool { left.rawValue < right.rawValue }
}
