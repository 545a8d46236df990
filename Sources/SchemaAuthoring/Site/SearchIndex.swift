import JSONSchema
import OpenEdXEvents

/// What the script searches: a file that works from a disk too, where scripts may not fetch.
struct SearchIndex {
    private let parts: SiteParts

    init(_ parts: SiteParts) { self.parts = parts }

    /// A list of entries: title, type, page, summary, owners, topic, flags, fields.
    var javaScript: String {
        let entries = parts.catalogue.types.map { history -> JSONNode in
            let schema = history.latest
            let fields = schema.fields.map(\.text).joined(separator: " ")
            let texts = [
                schema.title, schema.type.name, parts.path(of: schema, newest: schema), schema.summary,
                schema.owners.joined(separator: " "), schema.topic ?? "",
                SiteParts.flags(of: schema).joined(separator: " "), fields,
            ]
            return JSONNode(.array(texts.map { JSONNode(.string($0)) }))
        }
        let lines = entries.map { Self.escape(String(decoding: $0.compactBytes(), as: UTF8.self)) }
        return "window.eventCatalogue = [\n\(lines.joined(separator: ",\n"))\n];\n"
    }

    /// JSON that is a script's text wherever it stands: `<` begins no tag, and no character ends a line.
    private static func escape(_ json: String) -> String {
        var text = ""
        for scalar in json.unicodeScalars {
            switch scalar {
            case "<": text += "\\u003c"
            case "\u{2028}": text += "\\u2028"
            case "\u{2029}": text += "\\u2029"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
