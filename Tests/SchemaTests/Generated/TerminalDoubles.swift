import OpenEdXEvents
import Synchronization

@testable import openedx_events

/// Keeps what a command writes.
final class Sink: ByteSink {
    private let bytes = Locked<[UInt8]>([])
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    func write(_ bytes: [UInt8]) { self.bytes.withLock { $0 += bytes } }
    func flush() -> SystemFailure? { nil }
}

/// A terminal where nobody types.
struct NoInput: ByteSource {
    func read() -> [UInt8] { [] }
}
