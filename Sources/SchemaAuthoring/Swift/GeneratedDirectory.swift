import Foundation

/// A directory of generated Swift files: how it differs from what the schemas give, and how that is mended.
///
/// Only files that bear the mark of ``SwiftEmitter/mark`` are ever removed or replaced.
public struct GeneratedDirectory: Sendable {
    /// A file that is not as the schemas have it.
    public struct Difference: Hashable, Sendable {
        /// How it differs.
        public enum Kind: String, Hashable, Sendable {
            /// It is not there.
            case missing
            /// Its text is another.
            case changed
            /// No schema gives it any more.
            case stale
            /// It is in the way: it is there, and was not generated.
            case foreign
        }

        /// The path below the directory.
        public let path: String
        /// How it differs.
        public let kind: Kind
    }

    /// The directory.
    public let path: String

    /// Takes a directory, which need not be there yet.
    public init(_ path: String) { self.path = path }

    /// How the directory differs from these files, in the order of the paths.
    ///
    /// - Throws: ``SchemaDirectoryError`` if a file in it cannot be read.
    public func differences(from files: [GeneratedFile]) throws(SchemaDirectoryError) -> [Difference] {
        var differences: [Difference] = []
        for file in files {
            guard let text = try text(of: file.path) else {
                differences.append(Difference(path: file.path, kind: .missing))
                continue
            }
            // Lines may end otherwise where the files were checked out.
            if text.replacing("\r\n", with: "\n") != file.text {
                let isGenerated = text.hasPrefix(SwiftEmitter.mark)
                differences.append(Difference(path: file.path, kind: isGenerated ? .changed : .foreign))
            }
        }
        let expected = Set(files.map(\.path))
        for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init()
        where name.hasSuffix(".swift") && !expected.contains(name) {
            if try text(of: name)?.hasPrefix(SwiftEmitter.mark) == true {
                differences.append(Difference(path: name, kind: .stale))
            }
        }
        return differences.sorted { $0.path < $1.path }
    }

    /// Makes the directory the same as these files, and returns what was written or removed.
    ///
    /// - Throws: ``SchemaDirectoryError`` if a file that was not generated is in the way, before anything is written,
    ///   or if a file cannot be written.
    public func update(to files: [GeneratedFile]) throws(SchemaDirectoryError) -> [Difference] {
        let differences = try differences(from: files)
        if let foreign = differences.first(where: { $0.kind == .foreign }) {
            throw SchemaDirectoryError(
                directory: "\(path)/\(foreign.path)", reason: "the file was not generated, and is left as it is")
        }
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.text) })
        for difference in differences {
            let url = URL(fileURLWithPath: path).appendingPathComponent(difference.path)
            do {
                if let text = texts[difference.path] {
                    try FileManager.default.createDirectory(
                        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: url, options: .atomic)
                } else {
                    try FileManager.default.removeItem(at: url)
                }
            } catch {
                throw SchemaDirectoryError(
                    directory: "\(path)/\(difference.path)", reason: (error as NSError).localizedDescription)
            }
        }
        return differences
    }

    private func text(of name: String) throws(SchemaDirectoryError) -> String? {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            return try String(contentsOf: url, encoding: .utf8)
        } catch {
            throw SchemaDirectoryError(
                directory: "\(path)/\(name)", reason: (error as NSError).localizedDescription)
        }
    }
}
