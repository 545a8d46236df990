import Foundation
import JSONSchema
import OpenEdXEvents
import SchemaAuthoring

/// Reads a schema for `validate --schema`, and the documents that its references may lead to.
struct SchemaSource {
    /// The schema's file.
    let path: String
    /// Further documents, each as `URI=FILE`.
    let resources: [String]
    /// Directories of further documents, each as `DIR` or `URI=DIR`.
    let directories: [String]

    /// More than any schema of a directory has.
    private static let limit = 64 << 20

    /// Compiles the schema.
    ///
    /// - Returns: the schema, or what is wrong with it.
    func compile(_ options: JSONSchema.SchemaOptions) throws(CommandFailure) -> Result<CompiledSchema, FindingList> {
        let document = try Self.document(path)
        var all = SchemaResources()
        for text in resources {
            let (uri, file) = try Self.pair(text, option: "resource")
            all.add(try Self.document(file), at: uri)
        }
        for text in directories { try add(text, of: document, to: &all) }
        do throws(SchemaErrors) {
            return .success(try CompiledSchema(document, resources: all, options: options))
        } catch {
            return .failure(FindingList(findings: error.errors.map(SchemaFinding.init)))
        }
    }

    /// Adds every JSON document of a directory: under its `$id`, and under where it stands in the directory.
    ///
    /// That is relative to the URI that was given, else to the one of the schema.
    private func add(
        _ text: String, of schema: JSONDocument, to resources: inout SchemaResources
    ) throws(CommandFailure) {
        let pair = text.contains("=") ? try Self.pair(text, option: "resources") : ("", text)
        let base = URL(fileURLWithPath: pair.1, isDirectory: true)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: pair.1, isDirectory: &isDirectory), isDirectory.boolValue,
            let paths = FileManager.default.enumerator(atPath: pair.1)
        else {
            throw CommandFailure(.noInput, "cannot read the directory '\(printable(pair.1))'")
        }
        let id = schema.root["$id"]?.string ?? ""
        let prefix =
            pair.0.isEmpty
            ? String(id[..<(id.lastIndex(of: "/").map { id.index(after: $0) } ?? id.startIndex)])
            : pair.0.hasSuffix("/") ? pair.0 : pair.0 + "/"
        for case let path as String in paths where path.hasSuffix(".json") {
            let file = base.appendingPathComponent(path).path
            // What is no JSON in such a directory may be none of ours.
            guard let bytes = FileManager.default.contents(atPath: file),
                let document = try? JSONDocument(parsing: Array(bytes), file: file)
            else { continue }
            resources.add(document)
            resources.add(document, at: path)
            if !prefix.isEmpty { resources.add(document, at: prefix + path) }
        }
    }

    private static func pair(_ text: String, option: String) throws(CommandFailure) -> (String, String) {
        // A URI may have an equals sign in its query, a path seldom: the last one counts.
        guard let sign = text.lastIndex(of: "="), sign != text.startIndex, text.index(after: sign) != text.endIndex
        else {
            throw CommandFailure(
                .usage, "'\(printable(text))' is no value for option '--\(option)'",
                hint: "It takes a URI, an equals sign and a path, such as https://example.org/a.json=a.json.")
        }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }

    private static func document(_ path: String) throws(CommandFailure) -> JSONDocument {
        guard path != "-" else {
            throw CommandFailure(.usage, "a schema cannot be read from standard input", hint: "Name its file.")
        }
        let bytes = try read(path)
        do throws(JSONDocumentError) {
            return try JSONDocument(parsing: bytes, file: path)
        } catch {
            throw CommandFailure(.unreadable, printable(error.description))
        }
    }

    private static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let input = EventInput(path: path)
        var bytes: [UInt8] = []
        let source: FileSource
        do throws(SystemFailure) {
            source = try FileSource(path: path)
        } catch {
            throw CommandFailure(.noInput, "cannot open '\(printable(path))': \(error)")
        }
        while true {
            let chunk = try input.read(source)
            if chunk.isEmpty { return bytes }
            bytes += chunk
            guard bytes.count <= limit else {
                throw CommandFailure(.unreadable, "'\(printable(path))' has more than \(limit) bytes")
            }
        }
    }
}

/// What is wrong with a schema that does not compile.
struct FindingList: Error {
    let findings: [SchemaFinding]
}
