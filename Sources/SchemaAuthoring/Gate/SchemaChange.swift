import OpenEdXEvents

/// A difference between two schemas of one type that matters to those who write or read its events.
struct SchemaChange {
    /// What a difference means for a type that was published.
    enum Weight {
        /// Writers or readers of the old schema do not get on with the new: it needs a new major version.
        case breaking
        /// Both get on; it needs a new minor version.
        case addition
        /// Events are the same, and what is generated from the schema is not.
        case notable
    }

    let kind: SchemaFinding.Kind
    let rule: Rule
    let weight: Weight
    /// Where it is in the new file, in bytes.
    let offset: Int
    let pointer: String
    let message: String
    let hint: String
}

/// The kinds of findings of the gate.
extension SchemaFinding.Kind {
    static let removedField = Self("removed-field")
    static let renamedField = Self("renamed-field")
    static let addedField = Self("added-field")
    static let retyped = Self("retyped")
    static let nullability = Self("changed-nullability")
    static let newlyRequired = Self("newly-required")
    static let noLongerRequired = Self("no-longer-required")
    static let narrowedEnum = Self("narrowed-enum")
    static let widenedEnum = Self("widened-enum")
    static let narrowedBound = Self("narrowed-bound")
    static let widenedBound = Self("widened-bound")
    static let changedPattern = Self("changed-pattern")
    static let changedFormat = Self("changed-format")
    static let objectClosed = Self("object-closed")
    static let objectOpened = Self("object-opened")
    static let changedKeyword = Self("changed-keyword")
    static let relaxedKeyword = Self("relaxed-keyword")
    static let changedDefault = Self("changed-default")
    static let changedAvro = Self("changed-avro")
    static let droppedMark = Self("dropped-personal-data-mark")
    static let changedTitle = Self("changed-title")

    static let changedOwner = Self("changed-owner")
    static let changedTopic = Self("changed-topic")
    static let changedKey = Self("changed-key")
    static let changedIdentifier = Self("changed-identifier")
    static let deletedVersion = Self("deleted-version")
    static let unpublished = Self("unpublished")
    static let unretired = Self("unretired")
    static let retiredAtOnce = Self("retired-at-once")
    static let unraisedMinor = Self("unraised-minor")
    static let emptyMinor = Self("empty-minor")

    /// The kinds that are breaks: they need a new major version.
    package static let breaks: Set<Self> = [
        removedField, renamedField, retyped, nullability, newlyRequired, noLongerRequired, narrowedEnum, narrowedBound,
        changedPattern, changedFormat, objectClosed, changedKeyword, changedDefault, changedAvro, droppedMark,
        changedOwner, changedTopic, changedKey, changedIdentifier, deletedVersion, unpublished,
    ]
}
