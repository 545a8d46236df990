import JSONSchema
import OpenEdXEvents

/// The page of one minor version of an event.
struct EventPage {
    private let schema: EventSchema
    private let history: SchemaCatalogue.History
    private let parts: SiteParts
    /// The same event in other major versions, ascending.
    private let majors: [SchemaCatalogue.History]
    private let root = "../"

    init(
        _ schema: EventSchema, in history: SchemaCatalogue.History, majors: [SchemaCatalogue.History],
        _ parts: SiteParts
    ) {
        self.schema = schema
        self.history = history
        self.majors = majors
        self.parts = parts
    }

    var page: SitePage {
        let isNewest = schema.minorVersion == history.latest.minorVersion
        return SitePage(
            path: parts.path(of: schema, newest: history.latest),
            title: isNewest ? schema.title : "\(schema.title), minor version \(schema.minorVersion)",
            summary: schema.summary, section: .events, content: content)
    }

    private var content: HTML {
        let sections: [(id: HTML, title: HTML, body: HTML)] = [
            ("facts", "Facts", facts), ("fields", "Fields", fields), ("samples", "Samples", samples),
            ("swift", "In Swift", swift), ("history", "History", EventHistory(schema, history, majors, parts).html),
            ("exceptions", "Exceptions", exceptions),
        ].filter { !$0.body.text.isEmpty }
        let contents = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" as HTML }
        let bodies = sections.map { section -> HTML in
            """
            <section id="\(section.id)" aria-labelledby="\(section.id)-title">
            <h2 id="\(section.id)-title">\(section.title)</h2>
            \(section.body)</section>

            """
        }
        let subdomain = schema.type.subdomain
        return """
            <div class="event">
            <header class="head">
            <nav class="crumbs" aria-label="Path"><a href="\(root)index.html">Events</a> <span aria-hidden="true">›</span> \
            <a href="\(root)index.html#\(SiteParts.anchor(subdomain))">\(subdomain)</a></nav>
            <h1>\(HTML.breakable(schema.title))</h1>
            <p class="id" data-copy="\(schema.type.name)">\(SiteParts.typeName(schema.type))</p>
            <p class="lead">\(HTML.prose(schema.summary))</p>
            <p class="badges"><span class="badge">minor version \(schema.minorVersion)</span> \
            \(HTML.joined(SiteParts.badges(of: schema), " "))</p>
            \(notices)</header>
            <nav class="contents" aria-label="On this page"><ul>
            \(contents)</ul></nav>
            <div class="body">
            \(bodies)</div>
            </div>
            """
    }

    // MARK: - What must be known first

    private var notices: [HTML] {
        var notices: [HTML] = []
        if schema.minorVersion != history.latest.minorVersion {
            let link = "\(root)\(parts.path(of: history.latest, newest: history.latest))"
            notices.append(
                notice(
                    "This is an older version. <a href=\"\(link)\">The newest is \(history.latest.minorVersion).</a>"))
        }
        let major = schema.type.majorVersion ?? 0
        if let newer = majors.last(where: { $0.published != nil }), (newer.type.majorVersion ?? 0) > major {
            notices.append(notice("There is a newer major version: \(link(newer))."))
        }
        if schema.status == .draft {
            notices.append(notice("A draft: nothing emits it yet, and it may change without notice."))
        }
        if let retirement = schema.retirement { notices.append(notice(words(retirement))) }
        return notices
    }

    private func words(_ retirement: EventSchema.Retirement) -> HTML {
        var text: HTML = schema.status == .retired ? "Retired" : "To be retired"
        if let since = retirement.since { text += " \(schema.status == .retired ? "since" : "from") \(since)" }
        if let reason = retirement.reason { text += ": \(HTML.prose(reason))" }
        text += "."
        if let name = retirement.replacement {
            text += " \(parts.catalogue[name].map { link($0) } ?? "<code>\(name)</code>") takes its place."
        }
        return text
    }

    private func notice(_ text: HTML) -> HTML { "<p class=\"notice\">\(text)</p>\n" }

    private func link(_ history: SchemaCatalogue.History) -> HTML {
        "<a href=\"\(root)\(parts.path(of: history.latest, newest: history.latest))\">\(HTML.breakable(history.type.name))</a>"
    }

    // MARK: - Sections

    private var facts: HTML {
        var rows: [(HTML, HTML)] = []
        let owners = schema.owners.map { owner -> HTML in
            "<a href=\"\(root)owners.html#\(SiteParts.anchor(owner))\">\(HTML.breakable(owner))</a>"
        }
        rows.append(
            (
                owners.count > 1 ? "Owners" : "Owner",
                owners.isEmpty ? none("no producer is known") : HTML.joined(owners, ", ")
            ))
        if let source = schema.source { rows.append(("Source", "<code>\(HTML.breakable(source))</code>")) }
        if let topic = schema.topic {
            let link: HTML = "<a href=\"\(root)topics.html#\(SiteParts.anchor(topic))\"><code>\(topic)</code></a>"
            rows.append(("Topic", link))
        }
        if let key = schema.keyPath {
            let path = key.joined(separator: ".")
            rows.append(
                ("Record key", "<a href=\"#\(FieldTree.anchor(key))\"><code>\(HTML.breakable(path))</code></a>"))
        } else {
            rows.append(("Record key", none("none: events are spread over the partitions")))
        }
        let consumers = schema.consumers.map { consumer -> HTML in
            "<a href=\"\(root)owners.html#reads-\(SiteParts.anchor(consumer))\">\(HTML.breakable(consumer))</a>"
        }
        rows.append(("Consumers", consumers.isEmpty ? none("none is named") : HTML.joined(consumers, ", ")))
        let others = majors.filter { $0.type != schema.type }
        if !others.isEmpty { rows.append(("Other versions", HTML.joined(others.map { link($0) }, ", "))) }
        rows.append(
            (
                "Schema",
                "<a href=\"\(root)schemas/\(schema.expectedPath)\">JSON Schema of minor version \(schema.minorVersion)</a>"
            ))
        if let comment = schema.document.root["$comment"]?.string { rows.append(("Remark", HTML.prose(comment))) }
        return "<dl class=\"facts\">\n\(rows.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>\n" as HTML })</dl>\n"
    }

    private func none(_ text: HTML) -> HTML { "<span class=\"faint\">\(text)</span>" }

    private var fields: HTML { FieldTree(key: schema.keyPath).html(schema.data) }

    private var samples: HTML {
        let samples = EventSample.samples(of: schema)
        guard !samples.isEmpty else { return "" }
        let personal = Set(schema.fields.filter(\.field.isPersonal).map(\.text))
        let legend: HTML = personal.isEmpty ? "" : " <mark>Marked values</mark> are personal data."
        var result: HTML = "<p>Made up; the envelope is the library's.\(legend)</p>\n"
        for (index, sample) in samples.enumerated() {
            if samples.count > 1 { result += "<h3>Sample \(index + 1)</h3>\n" }
            result += html(sample, isPersonal: { path in personal.contains(path.joined(separator: ".")) })
        }
        return result
    }

    private func html(_ sample: EventSample, isPersonal: ([String]) -> Bool) -> HTML {
        let data = CodeMarkup.json(sample.data, isPersonal: isPersonal)
        guard let structured = sample.structured else {
            return """
                <p>The example does not fit into an event of \(EventEnvelope.sizeLimit) bytes. Its data alone:</p>
                \(block("JSON", data))
                """
        }
        let event = CodeMarkup.json(structured) { $0.first == "data" && isPersonal(Array($0.dropFirst())) }
        let key: HTML = sample.key.map { "<div><dt>key</dt><dd><code>\($0)</code></dd></div>\n" } ?? ""
        let headers = sample.headers.map { "<div><dt>\($0.name)</dt><dd><code>\($0.value)</code></dd></div>\n" as HTML }
        return """
            \(block("The event as structured JSON, \(sample.size) bytes without white space", event))
            <details>
            <summary>On Kafka, structured mode</summary>
            <p>The record's value is the document above.</p>
            <dl class="wire">
            \(key)<div><dt>content-type</dt><dd><code>application/cloudevents+json</code></dd></div>
            </dl>
            </details>
            <details>
            <summary>On Kafka, binary mode</summary>
            <p>Attributes are headers, and the data is the record's value.</p>
            <dl class="wire">
            \(key)\(headers)</dl>
            \(block("Value", data))
            </details>

            """
    }

    private var swift: HTML {
        let snippets = SwiftSnippets(schema)
        let emit = snippets.emit.map { block("Emit", CodeMarkup.swift($0)) }
        let legacy: HTML =
            schema.type.isLegacy
            ? "<p>The name is old: it is read, and written only in the format of the running bus.</p>" : ""
        return """
            \(emit ?? legacy)
            \(block("Handle", CodeMarkup.swift(snippets.handle)))

            """
    }

    private func block(_ title: HTML, _ code: HTML) -> HTML {
        "<figure><figcaption>\(title)</figcaption><pre tabindex=\"0\"><code>\(code)</code></pre></figure>"
    }

    private var exceptions: HTML {
        func list(_ waivers: [EventSchema.Waiver], _ word: HTML) -> [HTML] {
            waivers.map { waiver in
                let field: HTML? = waiver.field.map { " for <code>\($0)</code>" }
                let rule = Rule.allCases.first { $0.description == waiver.rule }
                let summary: HTML? = rule.map { " <span class=\"faint\">\($0.summary)</span>" }
                return """
                    <li><a href="\(root)exceptions.html#\(SiteParts.anchor(waiver.rule))">\(waiver.rule)</a> \
                    <span class="badge">\(word)</span>\(summary)<p>\(HTML.prose(waiver.reason))\(field)</p></li>

                    """
            }
        }
        let items = list(schema.legacy, "legacy") + list(schema.waivers, "waived")
        return items.isEmpty ? "" : "<ul class=\"plain\">\n\(items)</ul>\n"
    }
}
