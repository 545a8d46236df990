import JSONSchema

/// Marks up JSON and Swift for reading.
enum CodeMarkup {
    // MARK: - JSON

    /// JSON for people; values of personal data are marked.
    ///
    /// - Parameter isPersonal: Whether the value at these names, from the root, is personal data.
    static func json(_ node: JSONNode, isPersonal: ([String]) -> Bool = { _ in false }) -> HTML {
        json(node, indent: "", path: [], isPersonal: isPersonal)
    }

    private static func json(
        _ node: JSONNode, indent: String, path: [String], isPersonal: ([String]) -> Bool
    ) -> HTML {
        let text = String(decoding: node.compactBytes(), as: UTF8.self)
        let inner = indent + "  "
        let html: HTML
        switch node.value {
        case .null, .bool: html = "<span class=\"w\">\(text)</span>"
        case .number: html = "<span class=\"n\">\(text)</span>"
        case .string: html = "<span class=\"s\">\(text)</span>"
        case .array(let elements):
            guard !elements.isEmpty else { return "[]" }
            let lines = elements.map { element -> HTML in
                "\(inner)\(json(element, indent: inner, path: path + ["[]"], isPersonal: isPersonal))"
            }
            html = "[\n\(HTML.joined(lines, ",\n"))\n\(indent)]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { member -> HTML in
                let name = String(decoding: JSONNode(.string(member.name)).compactBytes(), as: UTF8.self)
                let value = json(member.node, indent: inner, path: path + [member.name], isPersonal: isPersonal)
                return "\(inner)<span class=\"k\">\(name)</span>: \(value)"
            }
            html = "{\n\(HTML.joined(lines, ",\n"))\n\(indent)}"
        }
        return !path.isEmpty && isPersonal(path) && !node.isNull
            ? "<mark title=\"personal data\">\(html)</mark>" : html
    }

    // MARK: - Swift

    private static let keywords: Set<String> = ["await", "in", "import", "let", "try", "var", "self"]

    /// Swift, with its keywords, strings and comments marked.
    static func swift(_ source: String) -> HTML {
        var result = HTML.empty
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { result += "\n" }
            result += swift(line: line)
        }
        return result
    }

    private static func swift(line: Substring) -> HTML {
        var result = HTML.empty
        var rest = line
        while let first = rest.first {
            if rest.hasPrefix("//") {
                result += "<span class=\"c\">\(rest)</span>"
                break
            } else if first == "\"" {
                let end = rest.dropFirst().firstIndex(of: "\"").map { rest.index(after: $0) } ?? rest.endIndex
                result += "<span class=\"s\">\(rest[..<end])</span>"
                rest = rest[end...]
            } else if first.isLetter {
                let word = rest.prefix { $0.isLetter || $0.isNumber }
                result += keywords.contains(String(word)) ? "<span class=\"w\">\(word)</span>" : "\(word)"
                rest = rest[word.endIndex...]
            } else {
                result += "\(first.description)"
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
