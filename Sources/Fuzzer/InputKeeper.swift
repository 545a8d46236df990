import Foundation

/// Keeps the input under test in a file, so that it is there even if the process traps.
struct InputKeeper {
    private let directory: URL
    private let current: FileHandle

    init(directory: String) throws {
        self.directory = URL(fileURLWithPath: directory)
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let file = self.directory.appendingPathComponent("current.json")
        try Data().write(to: file)
        current = try FileHandle(forWritingTo: file)
    }

    func keep(_ input: [UInt8]) throws {
        try current.seek(toOffset: 0)
        try current.write(contentsOf: Data(input))
        try current.truncate(atOffset: UInt64(input.count))
    }

    /// Stores an input for good and returns its path.
    func store(_ input: [UInt8], name: String) throws -> String {
        let file = directory.appendingPathComponent(name)
        try Data(input).write(to: file)
        return file.path
    }
}
