import Foundation
import JSONSchema
import Testing

@testable import SchemaAuthoring

@Suite("The site")
struct CatalogueSiteTests {
    @Test("is well-formed on every page of the whole catalogue, and no link leads nowhere")
    func wholeCatalogue() throws {
        let catalogue = try SiteFixtures.real()
        let files = CatalogueSite(catalogue).files
        #expect(files.count { $0.path.hasPrefix("events/") } == catalogue.events.count)
        try check(files)
    }

    @Test("is well-formed with several versions, owners without events, consumers and retired types")
    func history() throws { try check(CatalogueSite(SiteFixtures.history()).files) }

    @Test("of an empty catalogue can be read")
    func empty() throws {
        let files = CatalogueSite(try SiteFixtures.catalogue([])).files
        try check(files)
        #expect(try files.text("index.html").contains("0 published event types, in 0 subdomains, from 0 owners."))
        #expect(try files.text("exceptions.html").contains("There are none."))
    }

    /// Every page can be read, every link and anchor is there, and nothing is loaded from elsewhere.
    private func check(_ files: [GeneratedFile]) throws {
        let pages = files.filter { $0.path.hasSuffix(".html") }
        let checks = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, PageCheck($0.text)) })
        let paths = Set(files.map(\.path))
        #expect(paths.count == files.count)
        for page in pages {
            let check = try #require(checks[page.path])
            #expect(check.problems.isEmpty, "\(page.path): \(check.problems)")
            #expect(check.tags.count { $0 == "h1" } == 1)
            #expect(check.tags.count { $0 == "main" } == 1)
            for link in check.links where link != "data:," {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                var place = page.path.split(separator: "/").dropLast().map(String.init)
                for step in parts[0].split(separator: "/") {
                    if step == ".." { place.removeLast() } else { place.append(String(step)) }
                }
                let target = parts[0].isEmpty ? page.path : place.joined(separator: "/")
                #expect(paths.contains(target), "\(page.path) leads to \(link)")
                if parts.count > 1 {
                    #expect(checks[target]?.ids.contains(String(parts[1])) == true, "\(page.path) leads to \(link)")
                }
            }
        }
    }

    @Test("takes no markup from a schema, wherever it stands")
    func escaping() throws {
        let attack =
            #"</pre></code></script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick=\"x()\" '&"#
        var schema = SiteFixtures.Schema()
        schema.summary = attack
        schema.facts = """
            "owner": "\(attack)", "source": "\(attack)", "topic": "\(attack)", "key": "\(attack)",
            "consumers": ["\(attack)"], "waivers": [{"rule": "\(attack)", "field": "\(attack)", "reason": "\(attack)"}],
            "legacy": [{"rule": "OEP41-10", "reason": "\(attack)"}],
            "retirement": {"since": "\(attack)", "replacement": "\(attack)", "reason": "\(attack)"}
            """
        schema.body = """
            "properties": {"\(attack)": {"type": "string", "description": "\(attack)", "pattern": "\(attack)",
            "enum": ["\(attack)"], "format": "\(attack)", "default": "\(attack)", "x-personal-data": true},
            "inner": {"type": "object", "title": "\(attack)", "properties": {"\(attack)": {"type": "boolean"}}}},
            "$comment": "\(attack)"
            """
        schema.examples = #"[{"\#(attack)": "\#(attack)"}, "\#(attack)"]"#
        var second = schema
        second.minor = 1
        second.body = schema.body.replacingOccurrences(of: "boolean", with: "integer")
        let files = CatalogueSite(try SiteFixtures.catalogue([schema, second]), title: attack).files
        for file in files where file.path.hasSuffix(".html") {
            let check = PageCheck(file.text)
            #expect(check.problems.isEmpty, "\(file.path): \(check.problems)")
            #expect(check.tags.count { $0 == "script" } == 2)
            #expect(!check.tags.contains("img"))
        }
        let index = try files.text("search-index.js")
        #expect(!index.contains("<"))
        #expect(index.contains(#"\u003cscript>"#))
    }

    @Test("shows characters that would turn the direction of reading as what they are: not to be trusted")
    func direction() throws {
        var schema = SiteFixtures.Schema()
        schema.summary = "safe \\u202Eetad"
        let page = try CatalogueSite(try SiteFixtures.catalogue([schema])).files
            .text("events/org.openedx.learning.note.created.v1.html")
        #expect(page.contains("safe \u{FFFD}etad"))
        #expect(!page.unicodeScalars.contains("\u{202E}"))
    }

    @Test("is the same for the same schemas, in whatever order they were read")
    func deterministic() throws {
        let schemas = [
            SiteFixtures.Schema(), SiteFixtures.Schema(type: "org.openedx.learning.note.kept.v1", title: "NoteKept"),
            SiteFixtures.Schema(type: "org.openedx.learning.badge.awarded.v1", title: "BadgeAwarded"),
        ]
        let files = CatalogueSite(try SiteFixtures.catalogue(schemas)).files
        #expect(files == CatalogueSite(try SiteFixtures.catalogue(schemas.reversed())).files)
        #expect(files.map(\.path) == files.map(\.path).sorted())
    }

    @Test("loads nothing from elsewhere, and forbids it too")
    func noResources() throws {
        let files = CatalogueSite(try SiteFixtures.real()).files
        #expect(try !files.text("site.css").contains("url("))
        #expect(try !files.text("site.css").contains("@import"))
        for word in ["http:", "https:", "innerHTML", "eval(", "fetch("] {
            #expect(try !files.text("site.js").contains(word))
        }
        for file in files where file.path.hasSuffix(".html") {
            #expect(file.text.contains("default-src 'none'"))
        }
    }

    @Test("has a page for every minor version, the newest under the type's own name")
    func versions() throws {
        let files = CatalogueSite(try SiteFixtures.history()).files
        let newest = try files.text("events/org.openedx.learning.note.created.v1.html")
        #expect(newest.contains("minor version 2"))
        #expect(newest.contains("<code>openedx/search</code> is known to read it now."))
        #expect(
            newest.contains("<code>author</code> is new: User or null, and <code>null</code> where it is left out."))
        #expect(newest.contains("There is a newer major version"))
        #expect(try files.text("events/org.openedx.learning.note.created.v1.0.html").contains("an older version"))
        #expect(try files.text("events/org.openedx.learning.note.created.v2.html").contains("<code>id</code> is gone."))
        #expect(
            try files.text("events/org.openedx.learning.note.kept.v1.html")
                .contains("Retired since 2026-01-01: nobody read it."))
        #expect(
            try files.text("schemas/learning/org.openedx.learning.note.created.v1.1.json").contains("Who wrote it."))
    }

    @Test("gives the search everything that it looks through")
    func search() throws {
        let text = try CatalogueSite(try SiteFixtures.history()).files.text("search-index.js")
        let json = text.dropFirst("window.eventCatalogue = ".count).dropLast(";\n".count)
        let document = try JSONDocument(parsing: Array(json.utf8), file: "")
        let entries = try #require(document.root.array)
        #expect(entries.count == 3)
        let first = (entries.first?.array ?? []).compactMap(\.string)
        #expect(
            first == [
                "NoteCreated", "org.openedx.learning.note.created.v1",
                "events/org.openedx.learning.note.created.v1.html", "A note was created.", "openedx/notes", "notes",
                "published personal", "id author author.email",
            ])
    }

    @Test("lists owners, consumers and topics with what is theirs")
    func indexes() throws {
        let files = CatalogueSite(try SiteFixtures.history()).files
        let owners = try files.text("owners.html")
        #expect(owners.contains("Registered, and without events"))
        #expect(owners.contains("Read by openedx/"))
        #expect(try files.text("topics.html").contains("<code>notes</code> <span class=\"count\">3</span>"))
        #expect(
            try files.text("personal-data.html")
                .contains("events/org.openedx.learning.note.created.v1.html#field-author.email"))
    }
}
