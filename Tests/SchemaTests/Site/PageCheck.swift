/// Reads a page as strictly as XML: what is open, which anchors it has, and where it leads.
struct PageCheck {
    private(set) var ids: [String] = []
    private(set) var links: [String] = []
    private(set) var tags: [String] = []
    private(set) var problems: [String] = []

    private static let void: Set<String> = ["meta", "link", "input", "br", "wbr"]
    private static let known: Set<String> = [
        "html", "head", "meta", "title", "link", "script", "body", "a", "header", "form", "label", "input", "kbd", "ul",
        "ol", "li", "p", "nav", "main", "footer", "div", "span", "h1", "h2", "h3", "section", "code", "br", "wbr",
        "button", "dl", "dt", "dd", "figure", "figcaption", "pre", "mark", "details", "summary", "strong",
    ]
    private static let attributes: Set<String> = [
        "lang", "data-root", "charset", "http-equiv", "content", "name", "rel", "href", "src", "defer", "class", "role",
        "hidden", "for", "id", "type", "placeholder", "autocomplete", "autocapitalize", "spellcheck", "tabindex",
        "title", "data-is", "data-copy", "data-filter", "reversed",
    ]

    init(_ page: String) {
        var open: [String] = []
        var rest = page[...]
        while let start = rest.firstIndex(of: "<") {
            let text = rest[..<start]
            if text.contains(">") { problems.append("a > in the text '\(text.suffix(40))'") }
            guard let end = rest[start...].firstIndex(of: ">") else {
                problems.append("a tag does not end")
                break
            }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.lowercased() == "!doctype html" { continue }
            if tag.hasPrefix("/") {
                if open.popLast() != String(tag.dropFirst()) { problems.append("<\(tag)> closes nothing") }
                continue
            }
            let name = String(tag.prefix { $0.isLetter || $0.isNumber })
            tags.append(name)
            if !Self.known.contains(name) { problems.append("unknown element <\(tag)>") }
            if !Self.void.contains(name) { open.append(name) }
            read(tag.dropFirst(name.count), of: name)
        }
        if !open.isEmpty { problems.append("left open: \(open)") }
        if Set(ids).count != ids.count { problems.append("an anchor stands twice") }
    }

    private mutating func read(_ text: Substring, of element: String) {
        var rest = text
        while let first = rest.first {
            guard first.isWhitespace else {
                problems.append("an attribute of <\(element)> does not begin behind a space: '\(rest)'")
                return
            }
            rest = rest.drop { $0.isWhitespace }
            let name = rest.prefix { $0.isLetter || $0 == "-" }
            rest = rest[name.endIndex...]
            if !Self.attributes.contains(String(name)), !name.hasPrefix("aria-") {
                problems.append("unknown attribute '\(name)' of <\(element)>")
            }
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
                problems.append("a value of <\(element)> is not in quotes")
                return
            }
            let value = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            if name == "id" { ids.append(value) }
            if name == "href" || name == "src" { links.append(value) }
        }
    }
}
