import OpenEdXEvents

/// The pages that lead to the events: all of them by subdomain, and by owner, topic, personal data and exception.
struct IndexPages {
    private let parts: SiteParts
    private let title: String
    /// The newest version of every type.
    private let newest: [EventSchema]

    init(_ parts: SiteParts, title: String) {
        self.parts = parts
        self.title = title
        newest = parts.catalogue.types.map(\.latest)
    }

    // MARK: - All events

    var events: SitePage {
        let groups = Self.grouped(newest) { [$0.type.subdomain] }
        let known = parts.catalogue.registry.subdomains
        let links = groups.map { group -> HTML in
            """
            <li><a href="#\(SiteParts.anchor(group.name))">\(group.name) \
            <span class="count">\(group.schemas.count)</span></a></li>

            """
        }
        let sections = groups.map { group -> HTML in
            let summary: HTML? = known.first { $0.name == group.name }.map {
                "<p class=\"faint\">\(Self.sentence($0.summary))</p>\n"
            }
            return section(group.name, summary, group.schemas)
        }
        return SitePage(
            path: "index.html", title: title, summary: counts, section: .events,
            content: """
                <h1>\(title)</h1>
                <p class="lead">\(counts)</p>
                <nav class="jump" aria-label="Subdomains"><ul>
                \(links)</ul></nav>
                <div class="filters" role="group" aria-label="Show" hidden>
                <button type="button" data-filter="" aria-pressed="true">All</button>
                <button type="button" data-filter="published" aria-pressed="false">Published</button>
                <button type="button" data-filter="draft" aria-pressed="false">Drafts</button>
                <button type="button" data-filter="retired" aria-pressed="false">Retired</button>
                <button type="button" data-filter="personal" aria-pressed="false">Personal data</button>
                <button type="button" data-filter="exception" aria-pressed="false">Exceptions</button>
                </div>
                \(sections)
                """)
    }

    private var counts: String {
        let drafts = newest.count { $0.status == .draft }
        let retired = newest.count { $0.status == .retired }
        var text = Count.of(newest.count - drafts - retired, "published event type")
        if drafts > 0 { text += ", \(Count.of(drafts, "draft"))" }
        if retired > 0 { text += ", \(retired) retired" }
        let owners = Set(newest.flatMap(\.owners)).count
        let subdomains = Set(newest.map(\.type.subdomain)).count
        return text + ", in \(Count.of(subdomains, "subdomain")), from \(Count.of(owners, "owner"))."
    }

    private func section(_ name: String, _ summary: HTML?, _ schemas: [EventSchema], id: String? = nil) -> HTML {
        let id = id ?? SiteParts.anchor(name)
        return """
            <section class="group" id="\(id)" aria-labelledby="\(id)-title">
            <h2 id="\(id)-title">\(HTML.breakable(name)) <span class="count">\(schemas.count)</span></h2>
            \(summary)\(parts.list(schemas))</section>

            """
    }

    /// Where the script shows all that was found.
    var search: SitePage {
        SitePage(
            path: "search.html", title: "Search", summary: "Search the catalogue.", section: nil,
            content: """
                <h1>Search</h1>
                <p class="lead" id="Found">The search needs a script. <a href="index.html">All events</a> stand on one \
                page, where the browser can find them.</p>
                <ul class="events" id="Results"></ul>
                """)
    }

    // MARK: - Owners and consumers

    var owners: SitePage {
        let registered = parts.catalogue.registry
        let groups = Self.grouped(newest) { $0.owners }
        var content: HTML = """
            <h1>Owners</h1>
            <p class="lead">Each event type has one service that emits it (OEP41-20).</p>

            """
        content += Self.jump(groups.map(\.name), label: "Owners")
        for group in groups {
            let owner = registered.owner(named: group.name)
            let summary: HTML? = owner?.summary.map { "<p class=\"faint\">\(Self.sentence($0))</p>\n" }
            content += section(group.name, summary, group.schemas)
        }
        let idle = registered.owners.filter { owner in !groups.contains { $0.name == owner.name } }
        if !idle.isEmpty {
            let items = idle.map { owner -> HTML in
                "<li id=\"\(SiteParts.anchor(owner.name))\"><strong>\(owner.name)</strong> \(owner.summary ?? "")</li>\n"
            }
            content +=
                "<section class=\"group\"><h2>Registered, and without events</h2>\n<ul class=\"plain\">\n\(items)</ul></section>\n"
        }
        let orphans = newest.filter(\.owners.isEmpty)
        if !orphans.isEmpty {
            content += section(
                "Without a known owner",
                "<p class=\"faint\">These are defined, and nothing is known to emit them.</p>\n", orphans)
        }
        let readers = Self.grouped(newest) { $0.consumers }
        for reader in readers {
            content += section(
                "Read by \(reader.name)", nil, reader.schemas, id: "reads-" + SiteParts.anchor(reader.name))
        }
        return SitePage(
            path: "owners.html", title: "Owners", summary: "Which service emits which events.", section: .owners,
            content: content)
    }

    // MARK: - Topics

    var topics: SitePage {
        let groups = Self.grouped(newest.filter { $0.topic != nil }) { [$0.topic ?? ""] }
        let sections = groups.map { group -> HTML in
            let list = parts.list(group.schemas) { schema in
                schema.keyPath.map { "<p>key <code>\(HTML.breakable($0.joined(separator: ".")))</code></p>" }
                    ?? "<p class=\"faint\">no key</p>"
            }
            let id = SiteParts.anchor(group.name)
            return """
                <section class="group" id="\(id)" aria-labelledby="\(id)-title">
                <h2 id="\(id)-title"><code>\(group.name)</code> <span class="count">\(group.schemas.count)</span></h2>
                \(list)</section>

                """
        }
        return SitePage(
            path: "topics.html", title: "Topics", summary: "Which topic carries which events, and by which key.",
            section: .topics,
            content: """
                <h1>Topics</h1>
                <p class="lead">\(Count.of(groups.count, "topic")), without the prefix of the environment. Events of one \
                topic with the same key keep their order.</p>
                \(sections)
                """)
    }

    // MARK: - Personal data

    var personalData: SitePage {
        let schemas = newest.filter(\.hasPersonalData)
        let list = parts.list(schemas) { schema in
            let fields = schema.fields.filter(\.field.isPersonal).map { path -> HTML in
                let link = "\(parts.path(of: schema, newest: schema))#\(FieldTree.anchor(path.names))"
                return "<li><a href=\"\(link)\"><code>\(HTML.breakable(path.text))</code></a></li>\n"
            }
            return "<ul class=\"paths\">\n\(fields)</ul>"
        }
        return SitePage(
            path: "personal-data.html", title: "Personal data",
            summary: "Which fields of which events hold personal data.", section: .personalData,
            content: """
                <h1>Personal data</h1>
                <p class="lead">\(schemas.count) of \(Count.of(newest.count, "event type")) hold personal data. The \
                fields below are redacted from logs (OEP41-28).</p>
                \(list)
                """)
    }

    // MARK: - Exceptions

    var exceptions: SitePage {
        let waived = Self.grouped(newest) { schema in
            Array(Set((schema.legacy + schema.waivers).map(\.rule)))
        }
        var content: HTML = """
            <h1>Exceptions</h1>
            <p class="lead">Rules that are waived, each with its reason; old names; and what is retired.</p>

            """
        content += Self.jump(waived.map(\.name), label: "Rules")
        for group in waived {
            let rule = Rule.allCases.first { $0.description == group.name }
            let id = SiteParts.anchor(group.name)
            let list = parts.list(group.schemas) { schema in
                let reasons = (schema.legacy + schema.waivers).filter { $0.rule == group.name }.map { waiver -> HTML in
                    let field: HTML? = waiver.field.map { "<code>\($0)</code>: " }
                    return "<p>\(field)\(HTML.prose(waiver.reason))</p>"
                }
                return "<div>\(reasons)</div>"
            }
            let summary: HTML? = rule.map { "<p class=\"faint\">\(Self.sentence($0.summary))</p>\n" }
            content += """
                <section class="group" id="\(id)" aria-labelledby="\(id)-title">
                <h2 id="\(id)-title">\(group.name) <span class="count">\(group.schemas.count)</span></h2>
                \(summary)\(list)</section>

                """
        }
        let retired = newest.filter { $0.status == .retired || $0.retirement != nil }
        if !retired.isEmpty { content += section("Retired, or to be", nil, retired) }
        if waived.isEmpty, retired.isEmpty { content += "<p>There are none.</p>\n" }
        return SitePage(
            path: "exceptions.html", title: "Exceptions", summary: "Rules that are waived, and why.",
            section: .exceptions, content: content)
    }

    // MARK: - Parts

    /// The events by names that each of them has, in the order of the names.
    private static func grouped(
        _ schemas: [EventSchema], by names: (EventSchema) -> [String]
    ) -> [(name: String, schemas: [EventSchema])] {
        var groups: [String: [EventSchema]] = [:]
        for schema in schemas {
            for name in names(schema) { groups[name, default: []].append(schema) }
        }
        return groups.sorted { $0.key < $1.key }.map { (name: $0.key, schemas: $0.value) }
    }

    private static func jump(_ names: [String], label: HTML) -> HTML {
        let items = names.map { "<li><a href=\"#\(SiteParts.anchor($0))\">\($0)</a></li>\n" as HTML }
        return "<nav class=\"jump\" aria-label=\"\(label)\"><ul>\n\(items)</ul></nav>\n"
    }

    /// A phrase as a sentence: with a capital, and a full stop.
    private static func sentence(_ phrase: String) -> HTML {
        HTML.prose(phrase.prefix(1).uppercased() + phrase.dropFirst() + (phrase.hasSuffix(".") ? "" : "."))
    }
}
