import OpenEdXEvents
import Synchronization

@testable import openedx_events

/// Keeps what is written, and may fail at the end.
final class MemorySink: ByteSink {
    private let bytes = Locked<[UInt8]>([])
    private let failure: SystemFailure?

    init(failure: SystemFailure? = nil) { self.failure = failure }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ bytes: [UInt8]) { self.bytes.withLock { $0 += bytes } }
    func flush() -> SystemFailure? { failure }
}

/// Gives bytes in pieces of a size.
final class MemorySource: ByteSource {
    private let rest: Locked<ArraySlice<UInt8>>
    private let size: Int

    init(_ text: String, pieces size: Int = 7) {
        rest = Locked(ArraySlice(Array(text.utf8)))
        self.size = size
    }

    func read() throws(SystemFailure) -> [UInt8] {
        rest.withLock { rest in
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(size)
            return piece
        }
    }
}

/// A terminal in memory.
struct TerminalDouble {
    let output: MemorySink
    let errors = MemorySink()
    var terminal: Terminal

    init(input: String = "", output: MemorySink = MemorySink()) {
        self.output = output
        terminal = Terminal(input: MemorySource(input), output: output, errors: errors)
    }
}
