public import JSONSchema
public import OpenEdXEvents

/// One minor version of an event type, as its schema file states it: the event's own facts, and what its data is.
public struct EventSchema: Sendable {
    /// How far a type has come.
    public enum Status: String, Sendable, CaseIterable {
        /// Not yet promised: may change freely.
        case draft
        /// Promised: changes only by compatible additions.
        case published
        /// Emitted no more.
        case retired
    }

    /// Why a rule is not to be reported here: a waiver, or what an old name breaks.
    public struct Waiver: Hashable, Sendable {
        /// What is waived: a rule such as `OEP41-22`, or a kind of finding such as `missing-example`.
        public let rule: String
        /// The field for which alone it holds, as a path into the data such as `certificate.download_url`.
        public let field: String?
        /// Why.
        public let reason: String
        /// The JSON Pointer of the waiver in the file.
        public let pointer: String
        /// Where it begins in the file, in bytes.
        public let offset: Int
    }

    /// That a type is, or will be, emitted no more.
    public struct Retirement: Hashable, Sendable {
        /// Since when, or from when on: a date.
        public let since: String?
        /// The type that takes its place.
        public let replacement: String?
        /// Why.
        public let reason: String?
    }

    /// The file, parsed.
    public let document: JSONDocument
    /// The schema's own address.
    public let identifier: String?
    /// The name of the event's Swift type.
    public let title: String
    /// What the event states, in a sentence.
    public let summary: String
    /// The event type.
    public let type: EventType
    /// The minor version, from 0 (rule 05).
    public let minorVersion: Int
    /// How far the type has come.
    public let status: Status
    /// The services that emit it; one (rule 20), but for old types.
    public let owners: [String]
    /// The source of its events, such as `/openedx/lms/web` (rule 06).
    public let source: String?
    /// The topic, without the environment's prefix (rule 26).
    public let topic: String?
    /// The path into the data where the key stands; `nil` if events have no key.
    public let keyPath: [String]?
    /// Services that are known to read it.
    public let consumers: [String]
    /// What is not to be reported, and why.
    public let waivers: [Waiver]
    /// What an old type breaks, and why.
    public let legacy: [Waiver]
    /// That the type is emitted no more, or will not be.
    public let retirement: Retirement?
    /// What the data is.
    public let data: DataObject
    /// Samples of the data.
    public let examples: [JSONNode]

    /// The file's name as it was loaded.
    public var file: String { document.file }
    /// Type and minor version, such as `org.openedx.learning.badge.awarded.v1.0`.
    public var versionedName: String { "\(type.name).\(minorVersion)" }
    /// The one owner, or the first of several.
    public var owner: String? { owners.first }
    /// Every field of the data, also those within others, in order.
    public var fields: [DataPath] { data.paths }
    /// Whether any field is marked as personal data (rule 28).
    public var hasPersonalData: Bool { fields.contains(where: \.isPersonal) }

    /// The field at a path into the data; `nil` if there is none.
    public func field(at path: [String]) -> DataField? {
        var object = data
        for (index, name) in path.enumerated() {
            guard let field = object.fields.first(where: { $0.name == name }) else { return nil }
            if index == path.count - 1 { return field }
            guard case .object(let inner) = field.type.kind else { return nil }
            object = inner
        }
        return nil
    }
}

extension EventSchema {
    /// The folder and name that the file must have below the directory of schemas.
    public var expectedPath: String { EventSchema.path(of: type, minorVersion: minorVersion) }

    /// The folder and name of the file of a type's minor version.
    public static func path(of type: EventType, minorVersion: Int) -> String {
        "\(type.subdomain)/\(type.name).\(minorVersion).json"
    }
}
