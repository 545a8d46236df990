import OpenEdXEvents

/// Parts that several pages have, for one catalogue.
struct SiteParts {
    let catalogue: SchemaCatalogue

    /// The page of an event's version: the newest has the type's own page.
    func path(of schema: EventSchema, newest: EventSchema? = nil) -> String {
        let newest = newest ?? catalogue[schema.type.name]?.latest
        let isNewest = newest?.minorVersion == schema.minorVersion
        return "events/\(isNewest ? schema.type.name : schema.versionedName).html"
    }

    /// The text as an anchor's name: lower case letters, digits, dots, underscores and hyphens. The frame's own anchors
    /// begin with a capital.
    static func anchor(_ text: String) -> String {
        String(text.lowercased().map { isPlain($0) ? $0 : "-" })
    }

    /// Whether a character may stand in an address as it is.
    static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || "._-".contains(character))
    }

    /// The type's name, with prefix and version in the background.
    static func typeName(_ type: EventType) -> HTML {
        let middle = String(type.name.dropFirst(type.prefix.count + 1))
        let version = type.majorVersion.map { ".v\($0)" } ?? ""
        let body = String(middle.dropLast(version.count))
        return """
            <code class="type"><span class="faint">\(type.prefix).</span><wbr>\(HTML.breakable(body))<span \
            class="faint">\(version)</span></code>
            """
    }

    /// What a reader must know of an event before all else.
    static func badges(of schema: EventSchema) -> [HTML] {
        var badges: [HTML] = []
        switch schema.status {
        case .draft: badges.append("<span class=\"badge draft\">draft</span>")
        case .retired: badges.append("<span class=\"badge retired\">retired</span>")
        case .published:
            if schema.retirement != nil { badges.append("<span class=\"badge retired\">to be retired</span>") }
        }
        if !schema.legacy.isEmpty { badges.append("<span class=\"badge legacy\">legacy name</span>") }
        if schema.hasPersonalData { badges.append("<span class=\"badge personal\">personal data</span>") }
        return badges
    }

    /// A list of events, each with its type and summary.
    func list(_ schemas: [EventSchema], root: String = "", detail: (EventSchema) -> HTML? = { _ in nil }) -> HTML {
        let items = schemas.map { schema -> HTML in
            let flags = Self.flags(of: schema).joined(separator: " ")
            let version: HTML =
                schema.minorVersion > 0 ? " <span class=\"badge\">minor \(schema.minorVersion)</span>" : ""
            return """
                <li data-is="\(flags)">
                <div><a class="title" href="\(root)\(path(of: schema))">\(HTML.breakable(schema.title))</a> \
                \(HTML.joined(Self.badges(of: schema), " "))\(version)<br>\(Self.typeName(schema.type))</div>
                \(detail(schema) ?? "<p>\(HTML.prose(schema.summary))</p>")
                </li>

                """
        }
        return "<ul class=\"events\">\n\(items)</ul>\n"
    }

    /// Words by which lists are narrowed.
    static func flags(of schema: EventSchema) -> [String] {
        var flags = [schema.status.rawValue]
        if schema.hasPersonalData { flags.append("personal") }
        if !schema.waivers.isEmpty || !schema.legacy.isEmpty { flags.append("exception") }
        return flags
    }
}

/// Numbers with their nouns.
enum Count {
    static func of(_ number: Int, _ one: String, _ several: String? = nil) -> String {
        "\(number) \(number == 1 ? one : several ?? one + "s")"
    }
}
