public import OpenEdXEvents

/// A JSON document as it stands in a file: its value, and where each part of it is.
///
/// It is read for authors and compilers of schemas, who must say where something is wrong. Member order and the text of
/// numbers are kept. Instances are validated without one.
public struct JSONDocument: Sendable {
    /// The name of the file, as findings say it.
    public let file: String
    /// The document's text.
    public let bytes: [UInt8]
    /// The document's value.
    public let root: JSONNode
    private let lines: LineTable

    /// Reads a document.
    ///
    /// Throws at the first byte that is not JSON: bytes that are not UTF-8, a name that stands twice in its object and
    /// more than 512 levels of nesting are refused too.
    public init(parsing bytes: [UInt8], file: String) throws(JSONDocumentError) {
        let lines = LineTable(bytes)
        if let failure = bytes.withUnsafeBufferPointer({ JSONScanner.validate($0) }) {
            let (line, column) = lines.position(of: failure.offset, in: bytes)
            throw JSONDocumentError(failure, file: file, line: line, column: column)
        }
        self.file = file
        self.bytes = bytes
        self.lines = lines
        root = bytes.withUnsafeBufferPointer { buffer in
            var reader = NodeReader(buffer)
            return reader.node()
        }
    }

    /// Makes a document of a value that was put together by a program: its text is the value's
    /// ``JSONNode/prettyBytes``.
    public init(_ value: JSONNode, file: String) throws(JSONDocumentError) {
        try self.init(parsing: value.prettyBytes(), file: file)
    }

    /// The line and the column of a byte, both counted from 1; columns are characters (code points), not bytes.
    ///
    /// An offset behind the document's end is taken as its end.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        lines.position(of: offset, in: bytes)
    }

    /// The value that a JSON Pointer (RFC 6901) names, `nil` if there is none.
    public func node(at pointer: String) -> JSONNode? { root.node(at: pointer) }
}

/// Why a file is not a JSON document: what, and where.
public struct JSONDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and the byte where.
    public let error: JSONError
    /// The name of the file.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The column in characters, counted from 1.
    public let column: Int

    init(_ error: JSONError, file: String, line: Int, column: Int) {
        self.error = error
        self.file = file
        self.line = line
        self.column = column
    }

    /// What is wrong, without the place.
    public var message: String { "not JSON: \(error.code)" }

    /// The value as text, for people.
    public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// Where the lines of a text begin, and how many characters stand before every so many bytes, so that any place is
/// found in short time also in a text of one long line.
struct LineTable: Sendable {
    private static let stride = 1024
    private var starts: [Int] = [0]
    private var characters: [Int] = []

    init(_ bytes: [UInt8]) {
        var count = 0
        characters.reserveCapacity(bytes.count / Self.stride + 1)
        for (index, byte) in bytes.enumerated() {
            if index % Self.stride == 0 { characters.append(count) }
            if byte & 0xC0 != 0x80 { count += 1 }
            if byte == 0x0A { starts.append(index + 1) }
        }
    }

    func position(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return (low + 1, count(before: offset, in: bytes) - count(before: starts[low], in: bytes) + 1)
    }

    private func count(before offset: Int, in bytes: [UInt8]) -> Int {
        let block = min(offset / Self.stride, characters.count - 1)
        guard block >= 0 else { return 0 }
        return bytes[(block * Self.stride)..<offset].reduce(characters[block]) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
    }
}
