import Foundation

/// Reads the schemas that stood in a directory at a commit of its git repository.
public enum GitSchemas {
    /// Why they cannot be read.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// What happened, beginning in lower case and without a full stop.
        public let message: String
        /// A sentence that helps.
        public let hint: String?
        /// One line.
        public var description: String { message }
    }

    /// The files below the directory at a reference, such as a tag, a branch or `HEAD`; none if there were none.
    ///
    /// - Parameters:
    ///   - directory: A directory of a git work tree.
    ///   - reference: Anything that git takes for a commit.
    ///   - git: The program; without one, `git` is looked for in `PATH`.
    /// - Throws: ``Failure`` if there is no git, the directory is in no work tree, or the reference is none.
    public static func files(
        in directory: String, at reference: String, git: String? = nil
    ) throws(Failure) -> [SchemaFile] {
        guard !reference.hasPrefix("-"), !reference.isEmpty else {
            throw Failure(message: "'\(reference)' is no reference of git", hint: nil)
        }
        guard let program = git ?? find() else {
            throw Failure(
                message: "git is not installed, or not in PATH",
                hint: "Install git, or name a directory with the published schemas instead of a reference.")
        }
        let repository = Repository(program: program, directory: directory)
        let place = try repository.run(["rev-parse", "--show-prefix"])
        guard place.status == 0 else {
            throw Failure(
                message: "'\(directory)' is in no git repository: \(place.complaint)",
                hint: "Name a directory with the published schemas instead of a reference.")
        }
        let commit = try repository.run(["rev-parse", "--verify", "--quiet", reference + "^{commit}"])
        guard commit.status == 0 else {
            throw Failure(
                message: "'\(reference)' is neither a directory nor a commit of the repository",
                hint: "Name a tag, a branch or a commit; in a shallow clone, fetch it first.")
        }
        let name = commit.text.trimmingCharacters(in: .whitespacesAndNewlines)
        let listing = try repository.run(["ls-tree", "-r", "-z", name, "./"])
        guard listing.status == 0 else {
            throw Failure(message: "git cannot list '\(reference)': \(listing.complaint)", hint: nil)
        }
        let entries = parse(listing.bytes)
        guard !entries.isEmpty else { return [] }
        let contents = try repository.run(["cat-file", "--batch"], input: entries.map { $0.object + "\n" }.joined())
        var rest = contents.bytes[...]
        var files: [SchemaFile] = []
        for entry in entries {
            guard let bytes = next(&rest) else {
                throw Failure(message: "git did not hand out '\(entry.path)' of '\(reference)'", hint: nil)
            }
            files.append(SchemaFile(path: "\(reference):\(entry.path)", bytes: bytes))
        }
        return files.sorted { $0.path < $1.path }
    }

    // MARK: What git says

    private struct Entry {
        let object: String
        let path: String
    }

    /// The regular files of a listing whose names end in `.json`: mode, kind and object, a tab, the path, a zero byte.
    private static func parse(_ listing: [UInt8]) -> [Entry] {
        listing.split(separator: 0).compactMap { line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return nil }
            let fields = line[..<tab].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            let path = String(decoding: line[(tab + 1)...], as: UTF8.self)
            guard fields.count == 3, fields[1] == "blob", fields[0] != "120000", path.hasSuffix(".json"),
                !path.split(separator: "/").contains(where: { $0.hasPrefix(".") })
            else { return nil }
            return Entry(object: fields[2], path: path)
        }
    }

    /// The next object of a batch: a line with name, kind and size, the bytes, a line feed.
    private static func next(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let fields = rest[..<end].split(separator: UInt8(ascii: " "))
        guard fields.count == 3, let size = Int(String(decoding: fields[2], as: UTF8.self)),
            end + 1 + size < rest.endIndex
        else { return nil }
        let bytes = Array(rest[(end + 1)..<(end + 1 + size)])
        rest = rest[(end + 2 + size)...]
        return bytes
    }

    private static func find() -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/git" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }
}

/// A work tree, and the program that reads it.
private struct Repository {
    struct Output {
        let status: Int32
        let bytes: [UInt8]
        let errors: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// The first line of what the program complained of.
        var complaint: String {
            let line = errors.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0, as: UTF8.self) }
            return line ?? "git failed with status \(status)"
        }
    }

    let program: String
    let directory: String

    /// Runs git to its end. Input and output are files, so that neither side waits for the other.
    func run(_ arguments: [String], input: String = "") throws(GitSchemas.Failure) -> Output {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "openedx-events-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
            try Data(input.utf8).write(to: files[0])
            try Data().write(to: files[1])
            try Data().write(to: files[2])
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = ["-C", directory] + arguments
            process.standardInput = try FileHandle(forReadingFrom: files[0])
            process.standardOutput = try FileHandle(forWritingTo: files[1])
            process.standardError = try FileHandle(forWritingTo: files[2])
            try process.run()
            process.waitUntilExit()
            return Output(
                status: process.terminationStatus, bytes: Array(try Data(contentsOf: files[1])),
                errors: Array(try Data(contentsOf: files[2])))
        } catch {
            throw GitSchemas.Failure(
                message: "git cannot be run: \((error as NSError).localizedDescription)", hint: nil)
        }
    }
}
