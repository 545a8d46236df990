import OpenEdXEvents

/// Cuts a stream of bytes into the documents that may each hold one event: pure, and in bounded memory.
///
/// The stream is one event however it is laid out, a batch, or events a line. Once a first event has stood on one line,
/// each line is a document of its own, so that one that is cut short takes no other with it. Whether a document is
/// sound is for its reader to say: what cannot be one is cut at the next line that begins with a brace.
struct EventSplitter {
    /// A document, and where it begins in the stream.
    struct Piece: Hashable, Sendable {
        enum Content: Hashable, Sendable {
            /// The document's bytes, sound or not.
            case document([UInt8])
            /// A document of more bytes than are kept.
            case tooLarge
            /// A batch is broken here, between its events.
            case broken(String)
        }

        /// Bytes from the beginning of the stream.
        let offset: Int
        /// The line, from 1.
        let line: Int
        /// The column in bytes, from 1.
        let column: Int
        let content: Content
    }

    private enum Place {
        /// Before a document.
        case between
        /// In a document.
        case document
        /// Behind a document, on its last line.
        case documentEnd
        /// In a batch, before an event that must come unless the batch is empty.
        case batchStart
        case batchNext
        /// In a batch, behind an event.
        case batchEvent
        /// Behind a batch, on its last line.
        case batchEnd
    }

    private enum Layout {
        case unknown
        case lines
        case documents
    }

    /// How many bytes of a document are kept at the most.
    let limit: Int

    private var place = Place.between
    private var layout = Layout.unknown
    private var isInBatch = false
    private var structure = Structure()
    private var batchLine = 0
    /// Whether a batch was begun, though it may be empty.
    private(set) var foundBatch = false

    // Where the next byte stands.
    private var offset = 0
    private var line = 1
    private var lineStart = 0

    // The document that was begun.
    private var bytes: [UInt8] = []
    private var isTooLarge = false
    private var start = (offset: 0, line: 1, column: 1)

    init(limit: Int = 16 << 20) { self.limit = limit }

    /// Takes the next bytes of the stream and calls the body with each document that ends in them.
    mutating func consume<Failure: Error>(
        _ chunk: [UInt8], _ body: (Piece) throws(Failure) -> Void
    ) throws(Failure) {
        for byte in chunk {
            if byte == UInt8(ascii: "\n") {
                try endLine(body)
                offset += 1
                line += 1
                lineStart = offset
            } else {
                if place == .document, offset == lineStart, byte == Byte.leftBrace, structure.cannotTakeValue {
                    try endDocument(body)
                    // The event that was cut short has lost its comma too: one report is enough.
                    if isInBatch { place = .batchNext }
                }
                try take(byte, body)
                offset += 1
            }
        }
    }

    /// Ends the stream.
    mutating func finish<Failure: Error>(_ body: (Piece) throws(Failure) -> Void) throws(Failure) {
        switch place {
        case .between: break
        case .document, .documentEnd:
            try endDocument(body)
            if isInBatch { try body(broken("the batch ends too early: ']' is missing")) }
        case .batchStart, .batchNext, .batchEvent: try body(broken("the batch ends too early: ']' is missing"))
        case .batchEnd: break
        }
    }

    // MARK: Bytes

    private mutating func take<Failure: Error>(
        _ byte: UInt8, _ body: (Piece) throws(Failure) -> Void
    ) throws(Failure) {
        let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0D
        switch place {
        case .between:
            if isSpace { return }
            if byte == Byte.leftBracket {
                isInBatch = true
                foundBatch = true
                batchLine = line
                place = .batchStart
            } else {
                begin(byte)
            }
        case .batchStart, .batchNext:
            if isSpace { return }
            if byte == Byte.rightBracket {
                if place == .batchNext { try body(broken("an event is missing behind a comma")) }
                endBatch()
            } else if byte == Byte.comma {
                try body(broken("an event is missing before a comma"))
                place = .batchNext
            } else {
                begin(byte)
            }
        case .batchEvent:
            if isSpace { return }
            if byte == Byte.comma {
                place = .batchNext
            } else if byte == Byte.rightBracket {
                endBatch()
            } else {
                try body(broken("a comma is missing between two events"))
                begin(byte)
            }
        case .batchEnd:
            if isSpace { return }
            try body(broken("something follows the end of the batch"))
            place = .between
            begin(byte)
        case .document:
            if isInBatch, structure.isFlat, byte == Byte.comma || byte == Byte.rightBracket {
                try endDocument(body)
                try take(byte, body)
            } else {
                keep(byte)
                if structure.take(byte) { place = .documentEnd }
                if place == .documentEnd, isInBatch { try endDocument(body) }
            }
        case .documentEnd: keep(byte)
        }
    }

    private mutating func endLine<Failure: Error>(_ body: (Piece) throws(Failure) -> Void) throws(Failure) {
        switch place {
        case .document where structure.isScalar || layout == .lines: try endDocument(body)
        case .document:
            keep(UInt8(ascii: "\n"))
            structure.breakLine()
        case .documentEnd: try endDocument(body)
        case .batchEnd: place = .between
        case .batchStart, .batchNext, .batchEvent:
            guard layout == .lines else { return }
            try body(broken("the batch ends too early: ']' is missing"))
            endBatch()
            place = .between
        case .between: break
        }
    }

    // MARK: Documents

    private mutating func begin(_ byte: UInt8) {
        start = (offset, line, offset - lineStart + 1)
        structure = Structure()
        place = .document
        keep(byte)
        _ = structure.take(byte)
    }

    private mutating func keep(_ byte: UInt8) {
        if bytes.count < limit {
            bytes.append(byte)
        } else {
            isTooLarge = true
        }
    }

    private mutating func endDocument<Failure: Error>(_ body: (Piece) throws(Failure) -> Void) throws(Failure) {
        let piece = Piece(
            offset: start.offset, line: start.line, column: start.column,
            content: isTooLarge ? .tooLarge : .document(bytes))
        bytes.removeAll(keepingCapacity: !isTooLarge)
        isTooLarge = false
        if isInBatch {
            place = .batchEvent
        } else {
            place = .between
            let lastLine = offset == lineStart ? line - 1 : line
            if layout == .unknown { layout = start.line == lastLine ? .lines : .documents }
        }
        try body(piece)
    }

    private mutating func endBatch() {
        isInBatch = false
        place = .batchEnd
        if layout == .unknown { layout = batchLine == line ? .lines : .documents }
    }

    private func broken(_ reason: String) -> Piece {
        Piece(offset: offset, line: line, column: offset - lineStart + 1, content: .broken(reason))
    }
}
