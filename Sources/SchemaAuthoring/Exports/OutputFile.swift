/// A file that is made of a catalogue, to be written below a directory.
public struct OutputFile: Hashable, Sendable {
    /// The path below the directory, with slashes; it never leads out of it.
    public let path: String
    /// What it holds.
    public let bytes: [UInt8]

    /// Creates a file.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// Creates a file of text, in UTF-8.
    public init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }

    /// The bytes as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
