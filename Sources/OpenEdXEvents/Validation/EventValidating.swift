import Synchronization

/// Knows what the data of events must look like, and which services emit them.
///
/// It is asked on the path of the events: it is to be quick and never to block.
public protocol EventValidating: Sendable {
    /// What the data of an event breaks; empty if it is valid, or no schema of the type is known.
    ///
    /// A finding names the place, the rule and what was expected, never a value.
    ///
    /// - Parameters:
    ///   - data: The data's bytes, a JSON value.
    ///   - type: The event type's name as it stands in the envelope.
    ///   - minorVersion: The minor version as it stands in the envelope; `nil` if it says none.
    func findings(in data: ArraySlice<UInt8>, of type: String, minorVersion: Int?) -> [Finding]

    /// The services that may emit a type (rule 20); `nil` if the type is not known.
    func producers(of type: EventType) -> [String]?
}

/// How a producer validates what it emits.
public struct ProducerValidation: Sendable {
    /// Which events are validated.
    public enum Share: Hashable, Sendable {
        /// Each.
        case every
        /// One of so many, at least 1, counted over all types.
        case oneIn(Int)
        /// None: only the owners of types are checked, once, when the producer is created.
        case none
    }

    /// What knows the schemas.
    public let validator: any EventValidating
    /// Which events are validated.
    public let share: Share
    /// The emitting service's name as the schemas have it, such as `openedx/edx-platform`; `nil` checks no owner.
    public let service: String?

    /// Creates a validation from its parts.
    public init(_ validator: any EventValidating, service: String?, share: Share = .every) {
        self.validator = validator
        self.service = service
        self.share = share
    }

    /// Everything that is wrong with it, and with routes of types that another service owns (rule 20).
    func problems(routes: [Route]) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if case .oneIn(let count) = share, count < 1 {
            problems.append(ConfigurationProblem(nil, "validation.share", "oneIn is \(count), must be at least 1"))
        }
        guard let service else { return problems }
        for (index, route) in routes.enumerated() where route.isEnabled {
            guard let owners = validator.producers(of: route.type), !owners.contains(service) else { continue }
            problems.append(
                ConfigurationProblem(
                    .oneProducer, "routes[\(index)]",
                    "\(route.type) is emitted by \(owners.joined(separator: " and ")), not by \(service): "
                        + "remove the route, or let the type's schema name this service"))
        }
        return problems
    }
}

/// Picks the events that are validated.
final class ValidationSampler: Sendable {
    private let validation: ProducerValidation
    private let count = Locked(0)

    init(_ validation: ProducerValidation) { self.validation = validation }

    /// What an event breaks; empty if it is valid or not among those that are validated.
    func findings(in event: EncodedEvent) -> [Finding] {
        guard isDue else { return [] }
        return validation.validator.findings(
            in: event.data ?? Self.null, of: event.type.name, minorVersion: event.minorVersion)
    }

    private static let null = Array("null".utf8)[...]

    private var isDue: Bool {
        switch validation.share {
        case .every: true
        case .none: false
        case .oneIn(let each):
            count.withLock { count in
                defer { count = count + 1 < each ? count + 1 : 0 }
                return count == 0
            }
        }
    }
}

/// How a consumer validates what it reads.
public struct ConsumerValidation: Sendable {
    /// What becomes of an event whose data breaks its schema.
    public enum Policy: String, Sendable, Codable, CaseIterable {
        /// The handlers get it, with what it breaks as ``ReceivedEvent/dataFindings``.
        case deliver
        /// Store it whole in the dead-letter topic, with the reason, and go on.
        case deadLetter = "dead_letter"
        /// Go on without it. The observer is told.
        case skip
        /// Stop the consumer; the event is not committed and comes again.
        case stop

        /// What is done instead of calling the handlers; `nil` if they are called.
        var action: FailureAction? {
            switch self {
            case .deliver: nil
            case .deadLetter: .deadLetter
            case .skip: .skip
            case .stop: .stop
            }
        }
    }

    /// What knows the schemas.
    public let validator: any EventValidating
    /// What becomes of an event whose data breaks its schema.
    public let onInvalid: Policy

    /// Creates a validation from its parts.
    public init(_ validator: any EventValidating, onInvalid: Policy) {
        self.validator = validator
        self.onInvalid = onInvalid
    }

    /// What an event's data breaks; data that is not JSON is left to the handler's own decoding.
    func findings(in envelope: ReceivedEnvelope) -> [Finding] {
        envelope.withJSONData {
            validator.findings(in: $0, of: envelope.type, minorVersion: envelope.minorVersion)
        } ?? []
    }

    /// The findings as the error of an event that no handler gets.
    static func error(_ findings: [Finding]) -> EnvelopeError {
        let reasons = findings.prefix(5).map(\.message) + (findings.count > 5 ? ["and \(findings.count - 5) more"] : [])
        return EnvelopeError(
            .invalid, rule: findings.first?.rule ?? .payloadTypes, attribute: "data",
            "the data breaks its schema: " + reasons.joined(separator: "; "))
    }
}
