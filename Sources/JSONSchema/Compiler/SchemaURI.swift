/// A URI reference in its parts (RFC 3986, section 3), as far as resolving needs them.
struct SchemaURI {
    var scheme: String?
    var authority: String?
    var path: String
    var query: String?
    var fragment: String?

    init(_ text: String) {
        var rest = Substring(text)
        if let hash = rest.firstIndex(of: "#") {
            fragment = String(rest[rest.index(after: hash)...])
            rest = rest[..<hash]
        }
        if let mark = rest.firstIndex(of: "?") {
            query = String(rest[rest.index(after: mark)...])
            rest = rest[..<mark]
        }
        if let colon = rest.firstIndex(where: { $0 == ":" || $0 == "/" }), rest[colon] == ":",
            colon > rest.startIndex, Self.isScheme(rest[..<colon])
        {
            scheme = rest[..<colon].lowercased()
            rest = rest[rest.index(after: colon)...]
        }
        if rest.hasPrefix("//") {
            let begin = rest.index(rest.startIndex, offsetBy: 2)
            let end = rest[begin...].firstIndex(of: "/") ?? rest.endIndex
            authority = String(rest[begin..<end]).lowercased()
            rest = rest[end...]
        }
        path = String(rest)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, (first | 0x20) >= 0x61, (first | 0x20) <= 0x7A else { return false }
        return text.utf8.allSatisfy {
            ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2B || $0 == 0x2D
                || $0 == 0x2E
        }
    }

    /// The URI without its fragment, normalized as far as equal URIs of one author are written differently.
    var withoutFragment: String {
        var text = scheme.map { $0 + ":" } ?? ""
        if let authority { text += "//" + authority }
        text += path
        if let query { text += "?" + query }
        return text
    }

    /// The fragment with its percent escapes resolved; `nil` if there is none, or it is no UTF-8.
    var decodedFragment: String? {
        guard let fragment else { return nil }
        guard fragment.utf8.contains(UInt8(ascii: "%")) else { return fragment }
        var bytes: [UInt8] = []
        var rest = fragment.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// A reference from this URI (RFC 3986, section 5.2).
    func resolve(_ reference: String) -> SchemaURI {
        var target = SchemaURI(reference)
        if target.scheme != nil {
            if target.authority != nil || target.path.hasPrefix("/") {
                target.path = Self.removingDots(target.path)
            }
            return target
        }
        target.scheme = scheme
        if target.authority != nil {
            target.path = Self.removingDots(target.path)
            return target
        }
        target.authority = authority
        if target.path.isEmpty {
            target.path = path
            if target.query == nil { target.query = query }
        } else if target.path.hasPrefix("/") {
            target.path = Self.removingDots(target.path)
        } else {
            let base = authority != nil && path.isEmpty ? "/" : path
            let directory = base.lastIndex(of: "/").map { base[...$0] } ?? ""
            target.path = Self.removingDots(String(directory) + target.path)
        }
        return target
    }

    private static func removingDots(_ path: String) -> String {
        guard path.contains("./") || path.hasSuffix(".") else { return path }
        var output: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if part == "." {
                if isLast { output.append("") }
            } else if part == ".." {
                if output.count > 1 { output.removeLast() }
                if isLast { output.append("") }
            } else {
                output.append(part)
            }
        }
        return output.joined(separator: "/")
    }
}
