import Foundation

/// A directory that holds what was made of a catalogue, and nothing else.
///
/// A list of its files stands in it. By that list a later run removes what is made no more, and nothing that somebody
/// else put there.
public struct OutputDirectory: Sendable {
    /// The name of the file with the list.
    static let listName = ".openedx-events-files"

    /// The directory, which need not be there yet.
    public let path: String

    /// Takes a directory.
    public init(_ path: String) { self.path = path }

    /// Writes the files, and removes those of an earlier run that are not among them.
    ///
    /// - Throws: ``SchemaDirectoryError`` if the directory holds files and no list of an earlier run, before anything is
    ///   written, and if a file cannot be written.
    public func write(_ files: [GeneratedFile]) throws(SchemaDirectoryError) {
        let old = try earlierFiles()
        let new = Set(files.map(\.path))
        for file in files { try write(file) }
        for name in old where !new.contains(name) && Self.staysWithin(name) {
            // Whoever removed it before did what is wanted.
            try? FileManager.default.removeItem(at: url(name))
        }
        try write(GeneratedFile(path: Self.listName, text: new.sorted().map { $0 + "\n" }.joined()))
    }

    private func earlierFiles() throws(SchemaDirectoryError) -> [String] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            if FileManager.default.fileExists(atPath: path) {
                throw SchemaDirectoryError(directory: path, reason: "it is no directory, or may not be read")
            }
            return []
        }
        if let list = try? String(contentsOf: url(Self.listName), encoding: .utf8) {
            return list.split(separator: "\n").map(String.init)
        }
        guard names.isEmpty else {
            throw SchemaDirectoryError(
                directory: path, reason: "it holds files that are not this command's: name a new or an empty one")
        }
        return []
    }

    private func write(_ file: GeneratedFile) throws(SchemaDirectoryError) {
        do {
            let url = url(file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: url, options: .atomic)
        } catch {
            throw SchemaDirectoryError(
                directory: "\(path)/\(file.path)", reason: (error as NSError).localizedDescription)
        }
    }

    private func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

    /// The list may have been edited: what it names must still lie below the directory.
    private static func staysWithin(_ name: String) -> Bool {
        !name.hasPrefix("/") && !name.split(separator: "/").contains("..")
    }
}
