import JSONSchema
import OpenEdXEvents

/// A catalogue as a static site: pages for people, which work from a disk, on a phone, and without scripts.
///
/// The same catalogue gives the same bytes.
public struct CatalogueSite: Sendable {
    private let catalogue: SchemaCatalogue
    private let title: String

    /// Takes a catalogue, and what the site is called.
    public init(_ catalogue: SchemaCatalogue, title: String = "Event catalogue") {
        self.catalogue = catalogue
        self.title = title
    }

    /// All files, in the order of their paths.
    public var files: [GeneratedFile] {
        let parts = SiteParts(catalogue: catalogue)
        let index = IndexPages(parts, title: title)
        var pages = [index.events, index.search, index.owners, index.topics, index.personalData, index.exceptions]
        let families = Dictionary(grouping: catalogue.types) { Self.family($0.type) }
        for history in catalogue.types {
            let majors = (families[Self.family(history.type)] ?? []).sorted {
                ($0.type.majorVersion ?? 0) < ($1.type.majorVersion ?? 0)
            }
            pages += history.versions.map { EventPage($0, in: history, majors: majors, parts).page }
        }
        let count = Count.of(catalogue.types.count, "event type")
        let footer: HTML = "\(count). Written by <code>openedx-events catalogue</code> from the schemas."
        var files = pages.map { $0.file(site: title, footer: footer) }
        files += catalogue.events.map { Self.copy(of: $0) }
        files.append(GeneratedFile(path: "site.css", text: SiteStyle.css))
        files.append(GeneratedFile(path: "site.js", text: SiteScript.javaScript))
        files.append(GeneratedFile(path: "search-index.js", text: SearchIndex(parts).javaScript))
        return files.sorted { $0.path < $1.path }
    }

    /// The schema's own file: JSON is UTF-8, so that no byte is lost.
    private static func copy(of schema: EventSchema) -> GeneratedFile {
        GeneratedFile(
            path: "schemas/" + schema.expectedPath, text: String(decoding: schema.document.bytes, as: UTF8.self))
    }

    /// What all major versions of an event have in common.
    private static func family(_ type: EventType) -> [String] {
        [type.prefix, type.subdomain, type.subject, type.action]
    }
}
