import OpenEdXEvents

/// What every minor version of an event changed, newest first, and what its major version did.
struct EventHistory {
    private let schema: EventSchema
    private let history: SchemaCatalogue.History
    private let majors: [SchemaCatalogue.History]
    private let parts: SiteParts

    init(
        _ schema: EventSchema, _ history: SchemaCatalogue.History, _ majors: [SchemaCatalogue.History],
        _ parts: SiteParts
    ) {
        self.schema = schema
        self.history = history
        self.majors = majors
        self.parts = parts
    }

    var html: HTML {
        let versions = history.versions
        let items = versions.indices.reversed().map { index -> HTML in
            let version = versions[index]
            let older = index > 0 ? versions[index - 1] : nil
            let isShown = version.minorVersion == schema.minorVersion
            let name: HTML = "Minor version \(version.minorVersion)"
            let link: HTML =
                isShown ? name : "<a href=\"../\(parts.path(of: version, newest: history.latest))\">\(name)</a>"
            let current: HTML = isShown ? " <span class=\"badge\">this page</span>" : ""
            return """
                <li><h3>\(link)\(current)</h3>
                \(older.map { Self.changes(from: $0, to: version) } ?? first)\
                <p class="notes"><a href="../schemas/\(version.expectedPath)">JSON Schema</a></p></li>

                """
        }
        return "<ol class=\"versions\" reversed>\n\(items)</ol>\n"
    }

    /// The first minor version is compared with the newest of the major version before.
    private var first: HTML {
        let major = schema.type.majorVersion ?? 0
        guard let older = majors.last(where: { ($0.type.majorVersion ?? 0) < major })?.latest else {
            return "<p>The first version.</p>\n"
        }
        let link: HTML = "<a href=\"../\(parts.path(of: older))\">\(HTML.breakable(older.type.name))</a>"
        return """
            <p>Differs from \(link), minor version \(older.minorVersion):</p>
            \(Self.changes(from: older, to: history.versions[0]))
            """
    }

    /// The differences as a list.
    static func changes(from old: EventSchema, to new: EventSchema) -> HTML {
        let changes = VersionComparison(from: old, to: new).changes
        guard !changes.isEmpty else { return "<p>No difference but in examples and remarks.</p>\n" }
        let items = changes.map { change -> HTML in
            let (sign, word): (HTML, HTML) =
                switch change.kind {
                case .added: ("+", "Added")
                case .removed: ("−", "Removed")
                case .changed: ("~", "Changed")
                }
            return """
                <li class="\(change.kind.rawValue)"><span class="sign" aria-hidden="true">\(sign)</span>\
                <span><span class="unseen">\(word): </span>\(HTML.prose(change.text))</span></li>

                """
        }
        return "<ul class=\"changes\">\n\(items)</ul>\n"
    }
}
