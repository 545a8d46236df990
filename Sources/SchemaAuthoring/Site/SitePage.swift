/// A page of the site: its place, its title, and what stands between header and footer.
struct SitePage {
    /// The pages that every page links to.
    enum Section: String, CaseIterable {
        case events = "index.html"
        case owners = "owners.html"
        case topics = "topics.html"
        case personalData = "personal-data.html"
        case exceptions = "exceptions.html"

        var label: HTML {
            switch self {
            case .events: "Events"
            case .owners: "Owners"
            case .topics: "Topics"
            case .personalData: "Personal data"
            case .exceptions: "Exceptions"
            }
        }
    }

    /// The path below the site's directory.
    let path: String
    let title: String
    /// What the page is about, for search engines and previews.
    let summary: String
    /// The section that the page is, or belongs to.
    let section: Section?
    let content: HTML

    /// What leads from the page to the site's directory: `` or `../`.
    private var root: String { String(repeating: "../", count: path.count { $0 == "/" }) }

    /// The page in its frame.
    func file(site: String, footer: HTML) -> GeneratedFile {
        let links = Section.allCases.map { section -> HTML in
            let current: HTML = section == self.section ? " aria-current=\"\(isSection ? "page" : "true")\"" : ""
            return "<li><a href=\"\(root)\(section.rawValue)\"\(current)>\(section.label)</a></li>\n"
        }
        let name: HTML = title == site ? "\(site)" : "\(title) · \(site)"
        // The policy allows the site's own files and nothing else; `file:` is for pages opened from a disk.
        let html: HTML = """
            <!doctype html>
            <html lang="en" data-root="\(root)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' file:; script-src \
            'self' file:; img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <meta name="description" content="\(summary)">
            <title>\(name)</title>
            <link rel="icon" href="data:,">
            <link rel="stylesheet" href="\(root)site.css">
            <script src="\(root)search-index.js" defer></script>
            <script src="\(root)site.js" defer></script>
            </head>
            <body>
            <a class="skip" href="#Main">Skip to the content</a>
            <header class="top">
            <div class="bar">
            <a class="brand" href="\(root)index.html">\(site)</a>
            <form class="search" role="search" hidden>
            <label class="unseen" for="Query">Search events, fields, owners and topics</label>
            <input id="Query" type="search" placeholder="Search" autocomplete="off" autocapitalize="none" spellcheck="false" \
            role="combobox" aria-expanded="false" aria-controls="Hits" aria-autocomplete="list" \
            aria-keyshortcuts="/">
            <kbd aria-hidden="true">/</kbd>
            <ul id="Hits" role="listbox" aria-label="What was found" hidden></ul>
            <p class="unseen" id="HitCount" role="status"></p>
            </form>
            <nav aria-label="Site"><ul>
            \(links)</ul></nav>
            </div>
            </header>
            <main id="Main" tabindex="-1">
            \(content)
            </main>
            <footer class="bottom"><p>\(footer)</p></footer>
            </body>
            </html>

            """
        return GeneratedFile(path: path, text: html.text)
    }

    private var isSection: Bool { path == section?.rawValue }
}
