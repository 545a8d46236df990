import OpenEdXEvents

/// The options by which a command chooses events, the same for every command.
enum FilterOptions {
    private static let types = Option<[String]>.texts(
        "type", ValueSpec("TYPE", .text(suggestions: [])),
        "only events of this type, '*' for anything; may be given several times")
    private static let keys = Option<[String]>.texts(
        "key", short: "k", ValueSpec("TEXT", .text(suggestions: [])),
        "only events with this key; may be given several times")
    private static let fields = Option<[String]>.texts(
        "field", ValueSpec("PATH=VALUE", .text(suggestions: ["data."])),
        "only events with this attribute, or value in the data behind 'data.'; several must all match")

    static let specs = [types.spec, keys.spec, fields.spec]

    static func filter(_ arguments: ParsedArguments) throws(UsageError) -> EventFilter {
        var filter = EventFilter(types: arguments[types], keys: arguments[keys])
        for text in arguments[fields] { filter.fields.append(try EventFilter.field(text)) }
        return filter
    }
}
