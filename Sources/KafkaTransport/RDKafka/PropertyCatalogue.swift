import CRdKafka

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The properties that the librdkafka in use knows: whose they are, what they allow, and their other names.
struct PropertyCatalogue: Sendable {
    /// One property.
    struct Entry: Sendable, Hashable {
        /// Whose client knows the property.
        enum Scope: Sendable {
            case both, producer, consumer
        }

        let name: String
        let scope: Scope
        /// What is allowed, as librdkafka lists it: `0 .. 900000`, or words with commas; empty where it lists nothing.
        let range: String
        /// The property that this is another name of.
        let canonical: String

        /// What is allowed, in words; `nil` where librdkafka lists nothing.
        var allowed: String? {
            if range.isEmpty { return nil }
            let bounds = range.split(separator: " ")
            if bounds.count == 3, bounds[1] == ".." { return "\(bounds[0]) to \(bounds[2])" }
            return "one of " + range
        }
    }

    private let entries: [String: Entry]

    /// The properties of the library that this process runs with.
    static let current = PropertyCatalogue(table: table())

    /// The version of the library that this process runs with, such as `2.0.2`.
    static let version = String(cString: rd_kafka_version_str())

    /// The version as a number to compare, such as `0x020002ff`.
    static let versionNumber = rd_kafka_version()

    /// Reads librdkafka's own table of properties: a property a line, columns between bars.
    init(table: String) {
        var entries: [String: Entry] = [:]
        for line in table.split(separator: "\n") {
            let columns = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
            guard columns.count >= 5, let scope = Self.scopes[columns[1]] else { continue }
            let name = columns[0]
            // A property of topics has the name of a global one only where it is to be left alone.
            if entries[name] == nil {
                entries[name] = Entry(
                    name: name, scope: scope, range: columns[2], canonical: Self.alias(in: line) ?? name)
            }
        }
        self.entries = entries
    }

    /// All names, sorted.
    var names: [String] { entries.keys.sorted() }

    /// The property of a name.
    subscript(name: String) -> Entry? { entries[name] }

    /// The one name that all names of a property have in common.
    func canonical(_ name: String) -> String { entries[name]?.canonical ?? name }

    private static let scopes: [String: Entry.Scope] = ["*": .both, "P": .producer, "C": .consumer]

    private static func alias(in line: Substring) -> String? {
        let marker = "Alias for `"
        guard let begin = line.firstRange(of: marker) else { return nil }
        return String(line[begin.upperBound...].prefix { $0 != "`" })
    }

    /// What librdkafka prints about its properties, taken from memory instead of a file.
    private static func table() -> String {
        var buffer: UnsafeMutablePointer<CChar>?
        var count = 0
        guard let stream = open_memstream(&buffer, &count) else { return "" }
        rd_kafka_conf_properties_show(stream)
        fclose(stream)
        defer { free(buffer) }
        // The stream ends what it wrote with a zero byte once it is closed.
        return buffer.map { String(cString: $0) } ?? ""
    }
}

extension Substring {
    /// Without the spaces around it.
    fileprivate var trimmed: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
