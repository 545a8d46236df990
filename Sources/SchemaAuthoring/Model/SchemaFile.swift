import Foundation

/// A file of a catalogue, as it was found: its path, and its bytes or why they are not there.
public struct SchemaFile: Sendable {
    /// What was found.
    enum Content: Sendable {
        case bytes([UInt8])
        case tooLarge(Int)
        case unreadable(String)
    }

    /// The most bytes that a file may have. The largest schema of Open edX has a hundredth of it.
    public static let limit = 1 << 20

    /// The path, as findings show it.
    public let path: String
    let content: Content

    /// Takes a file's bytes.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        content = bytes.count > Self.limit ? .tooLarge(bytes.count) : .bytes(bytes)
    }

    private init(path: String, _ content: Content) {
        self.path = path
        self.content = content
    }

    /// Whether the file is a registry.
    var isRegistry: Bool { path == "registry.json" || path.hasSuffix("/registry.json") }

    /// Reads the file; one that cannot be read, or is too large, says so as a finding of the catalogue.
    static func read(_ url: URL, path: String) -> SchemaFile {
        do {
            let values = try url.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
            guard values.isRegularFile == true else { return SchemaFile(path: path, .unreadable("it is no file")) }
            if let size = values.fileSize, size > limit { return SchemaFile(path: path, .tooLarge(size)) }
            return SchemaFile(path: path, bytes: Array(try Data(contentsOf: url)))
        } catch {
            return SchemaFile(path: path, .unreadable((error as NSError).localizedDescription))
        }
    }

    /// Every file of a directory whose name ends in `.json`, also below it, in the order of their paths.
    ///
    /// - Throws: ``SchemaDirectoryError`` if it is no directory, or may not be read.
    public static func files(in directory: String) throws(SchemaDirectoryError) -> [SchemaFile] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
            throw SchemaDirectoryError(directory: directory, reason: "there is no such directory")
        }
        guard isDirectory.boolValue, FileManager.default.isReadableFile(atPath: directory) else {
            throw SchemaDirectoryError(
                directory: directory, reason: isDirectory.boolValue ? "it may not be read" : "it is no directory")
        }
        let base = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
        let url = URL(fileURLWithPath: directory, isDirectory: true)
        var paths: [String] = []
        for case let path as String in FileManager.default.enumerator(atPath: directory) ?? .init()
        where path.hasSuffix(".json") && !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
            paths.append(path)
        }
        return paths.sorted().map { path in
            read(url.appendingPathComponent(path), path: base == "." ? path : "\(base)/\(path)")
        }
    }
}

/// Why a directory of schemas cannot be read.
public struct SchemaDirectoryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The directory, as it was named.
    public let directory: String
    /// Why, beginning in lower case and without a full stop.
    public let reason: String

    /// One line.
    public var description: String { "'\(directory)': \(reason)" }
}
