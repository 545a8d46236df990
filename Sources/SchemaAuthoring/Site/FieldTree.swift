import JSONSchema
import OpenEdXEvents

/// The fields of an event as nested lists.
struct FieldTree {
    private let key: [String]?

    /// Takes the path of the event's key, which is marked.
    init(key: [String]?) { self.key = key }

    /// The fields of an object and all fields within them.
    func html(_ object: DataObject) -> HTML { list(object, below: []) }

    private func list(_ object: DataObject, below names: [String]) -> HTML {
        guard !object.fields.isEmpty else { return "<p class=\"faint\">No fields are described.</p>" }
        return "<ul class=\"fields\">\n\(object.fields.map { item($0, names + [$0.name]) })</ul>\n"
    }

    private func item(_ field: DataField, _ names: [String]) -> HTML {
        let place = Self.anchor(names)
        let summary = field.summary.map { HTML.prose($0) }
        let inner = field.type.innerObject.map { list($0, below: names + field.type.pathSuffix) }
        return """
            <li id="\(place)">
            <div class="field"><a class="name" href="#\(place)">\(HTML.breakable(field.name))</a> \
            <span class="kind">\(Self.kind(field.type))</span> \(badges(field, names))</div>
            \(summary.map { "<p>\($0)</p>\n" })\(Self.notes(field))\(inner)</li>

            """
    }

    /// The name of a field's anchor: what an address takes without escapes.
    static func anchor(_ names: [String]) -> String {
        let path = names.map { $0 == "[]" ? "items" : $0 == "{}" ? "values" : $0 }.joined(separator: ".")
        return "field-" + String(path.map { SiteParts.isPlain($0) ? $0 : "-" })
    }

    private static func kind(_ type: DataType) -> HTML {
        type.isNullable ? "\(type.words) <span class=\"faint\">or null</span>" : "\(type.words)"
    }

    private func badges(_ field: DataField, _ names: [String]) -> [HTML] {
        var badges: [HTML] = []
        if names == key { badges.append("<span class=\"badge key\">record key</span>") }
        if field.isOptional { badges.append("<span class=\"badge\">optional</span>") }
        if field.isPersonal { badges.append("<span class=\"badge personal\">personal data</span>") }
        if field.node["deprecated"]?.bool == true { badges.append("<span class=\"badge retired\">deprecated</span>") }
        return badges
    }

    /// What narrows the value, and what holds where it is absent.
    private static func notes(_ field: DataField) -> HTML? {
        var notes: [HTML] = []
        let cases = DataConstraint.cases(of: field)
        if !cases.isEmpty {
            notes.append("one of \(HTML.joined(cases.map { "<code>\($0)</code>" }, ", "))")
        }
        for constraint in DataConstraint.constraints(of: field) {
            notes.append("\(constraint.keyword) <code>\(constraint.value)</code>")
        }
        if let value = field.defaultValue, !value.isNull {
            notes.append("default <code>\(String(decoding: value.compactBytes(), as: UTF8.self))</code>")
        }
        return notes.isEmpty ? nil : "<p class=\"notes\">\(HTML.joined(notes, " · "))</p>\n"
    }
}
