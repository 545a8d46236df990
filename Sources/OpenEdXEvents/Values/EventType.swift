/// The name of an event type: `{reverse DNS}.{subdomain}.{subject}.{action}.v{N}` (rule 10).
///
/// The subject may hold dots, so the name is read from the right, after a registered reverse-DNS prefix:
/// `org.openedx.learning.special_exam.proctored.allowance.created.v1` has the subdomain `learning`, the subject
/// `special_exam.proctored.allowance`, the action `created` and the major version 1.
///
/// Names are equal if their text is.
public struct EventType: Sendable {
    /// The whole name.
    public let name: String
    /// The major version, from 1; `nil` for the unversioned names on the legacy list.
    public let majorVersion: Int?
    /// Whether the name begins with a prefix that was registered when it was read.
    package let hasRegisteredPrefix: Bool

    // Ends of the parts in the name, in bytes; each but the last is followed by a dot.
    private let prefixEnd: Int
    private let subdomainEnd: Int
    private let subjectEnd: Int
    private let actionEnd: Int

    /// The prefixes that need no further registration: Open edX's own, and edX's (rule 11).
    public static let registeredPrefixes = ["org.openedx", "org.edx"]

    /// The subdomains in use (rule 12), sorted.
    public static let registeredSubdomains = [
        "analytics", "authz", "catalog", "content_authoring", "credentials", "enterprise", "learning",
    ]

    /// The published names that break rule 10. They can be read, and written by a format that says so.
    public static let legacyNames: Set<String> = [
        "org.openedx.authz.role_assignment.created",
        "org.openedx.authz.role_assignment.deleted",
        "org.openedx.enterprise.subsidy.redemption-reversed.v1",
    ]

    /// Reads a name.
    ///
    /// A name with no registered prefix is taken to have one of two labels; ``findings`` then tells so.
    ///
    /// - Parameters:
    ///   - name: The name, such as `org.openedx.learning.course.enrollment.created.v1`.
    ///   - prefixes: The registered prefixes, without a dot at the end. The longest that fits counts.
    /// - Throws: ``InvalidEventType`` if the name breaks rule 10 and is not one of ``legacyNames``.
    public init(_ name: String, prefixes: [String] = EventType.registeredPrefixes) throws(InvalidEventType) {
        let isLegacy = EventType.legacyNames.contains(name)
        let bytes = Array(name.utf8)
        let labels = try EventType.labels(of: bytes, hyphens: isLegacy)

        var majorVersion: Int?
        var labelsBeforeVersion = labels.count
        if let version = try EventType.majorVersion(bytes[labels[labels.count - 1]], required: !isLegacy) {
            majorVersion = version
            labelsBeforeVersion -= 1
        }

        var prefixLabels = 2
        var hasRegisteredPrefix = false
        for prefix in prefixes where bytes.starts(with: prefix.utf8) {
            let length = prefix.utf8.count
            guard length > 0, length < bytes.count, bytes[length] == UInt8(ascii: ".") else { continue }
            let count = 1 + prefix.utf8.count { $0 == UInt8(ascii: ".") }
            if !hasRegisteredPrefix || count > prefixLabels { prefixLabels = count }
            hasRegisteredPrefix = true
        }
        guard labelsBeforeVersion >= prefixLabels + 3 else {
            throw InvalidEventType(
                at: bytes.count,
                "a subdomain, a subject and an action stand between the prefix of \(prefixLabels) labels and the "
                    + "version; add what is missing")
        }

        self.name = name
        self.majorVersion = majorVersion
        self.hasRegisteredPrefix = hasRegisteredPrefix
        prefixEnd = labels[prefixLabels - 1].upperBound
        subdomainEnd = labels[prefixLabels].upperBound
        subjectEnd = labels[labelsBeforeVersion - 2].upperBound
        actionEnd = labels[labelsBeforeVersion - 1].upperBound
    }

    /// The reverse-DNS prefix, such as `org.openedx`.
    public var prefix: String { part(from: 0, to: prefixEnd) }

    /// The subdomain, such as `learning`.
    public var subdomain: String { part(from: prefixEnd + 1, to: subdomainEnd) }

    /// The subject, such as `course.enrollment`. It may hold dots.
    public var subject: String { part(from: subdomainEnd + 1, to: subjectEnd) }

    /// The action, such as `created`.
    public var action: String { part(from: subjectEnd + 1, to: actionEnd) }

    /// Whether the name is one of ``legacyNames``.
    public var isLegacy: Bool { EventType.legacyNames.contains(name) }

    /// What a linter says about the name: rules 10 (a note on a legacy name), 11, 12 and 14.
    public var findings: [Finding] { findings(subdomains: EventType.registeredSubdomains) }

    /// What a linter says about the name, by another list of subdomains.
    public func findings(subdomains: [String]) -> [Finding] {
        var findings: [Finding] = []
        if isLegacy {
            findings.append(
                Finding(
                    .typeName, attribute: "type", severity: .note,
                    "a legacy name that breaks the naming rule; it is read, and not written without need"))
        }
        if !hasRegisteredPrefix {
            findings.append(
                Finding(
                    .reverseDNSPrefix, attribute: "type",
                    "the reverse-DNS prefix is not registered; the first two labels are taken for it"))
        }
        if !subdomains.contains(subdomain) {
            findings.append(
                Finding(
                    .subdomain, attribute: "type",
                    "the subdomain is not registered; use one of \(subdomains.joined(separator: ", "))"))
        }
        if !PastTense.fits(action) {
            findings.append(
                Finding(
                    .pastTense, attribute: "type",
                    "the action is not in the past tense; name what happened, such as completed"))
        }
        return findings
    }

    private func part(from start: Int, to end: Int) -> String {
        let utf8 = name.utf8
        return String(name[utf8.index(utf8.startIndex, offsetBy: start)..<utf8.index(utf8.startIndex, offsetBy: end)])
    }

    private static func labels(of bytes: [UInt8], hyphens: Bool) throws(InvalidEventType) -> [Range<Int>] {
        var labels: [Range<Int>] = []
        var start = 0
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "."), offset > start {
                labels.append(start..<offset)
                start = offset + 1
            } else if offset == start, !ASCII.isLowerLetter(byte) {
                throw InvalidEventType(
                    at: offset,
                    byte == UInt8(ascii: ".")
                        ? "a label is empty; put one dot between labels"
                        : "a label begins with a lower case letter")
            } else if !ASCII.isLowerLetter(byte), !ASCII.isDigit(byte), byte != UInt8(ascii: "_"),
                !(hyphens && byte == UInt8(ascii: "-"))
            {
                throw InvalidEventType(at: offset, "a label holds lower case letters, digits and underscores only")
            }
        }
        guard start < bytes.count else {
            throw InvalidEventType(
                at: bytes.count, bytes.isEmpty ? "the name is empty" : "a label is missing after the last dot")
        }
        labels.append(start..<bytes.count)
        return labels
    }

    private static func majorVersion(
        _ label: ArraySlice<UInt8>, required: Bool
    ) throws(InvalidEventType) -> Int? {
        let digits = label.dropFirst()
        if label.first == UInt8(ascii: "v"), let first = digits.first, first != UInt8(ascii: "0"),
            digits.allSatisfy(ASCII.isDigit)
        {
            guard let version = Int(String(decoding: digits, as: UTF8.self)) else {
                throw InvalidEventType(at: label.startIndex, "the major version is too large")
            }
            return version
        }
        guard required else { return nil }
        throw InvalidEventType(
            at: label.startIndex, "the last label is v and the major version: from 1, without leading zeros")
    }
}

extension EventType: Hashable {
    /// Whether two names are the same text.
    public static func == (left: EventType, right: EventType) -> Bool { left.name == right.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension EventType: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

extension EventType: ExpressibleByStringLiteral {
    /// Reads a name from the source code, and stops the program with the reason if it is none.
    public init(stringLiteral name: String) {
        do throws(InvalidEventType) {
            try self.init(name)
        } catch {
            fatalError("\"\(name)\" is no event type: \(error)")
        }
    }
}

extension EventType: Codable {
    /// Reads the name from a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        do throws(InvalidEventType) {
            try self.init(name)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
        }
    }

    /// Writes the name as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
}
