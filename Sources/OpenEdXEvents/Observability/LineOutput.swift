import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where lines go: a file descriptor, or a closure.
public struct LineOutput: Sendable {
    /// Whether the lines are read by a person at a terminal.
    public let isTerminal: Bool

    private let body: @Sendable ([UInt8]) -> Void

    /// The process's standard error.
    public static let standardError = LineOutput(descriptor: 2)
    /// The process's standard output.
    public static let standardOutput = LineOutput(descriptor: 1)

    /// Writes to an open file descriptor, which stays the caller's to close.
    ///
    /// Lines of one output are kept whole. A line that cannot be written, such as on a full disk, is dropped.
    public init(descriptor: Int32) {
        isTerminal = isatty(descriptor) == 1
        let file = LineFile(descriptor)
        body = { file.write($0) }
    }

    /// Hands each line, with its line feed, to a closure, which is called from many tasks at once.
    public init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        isTerminal = false
        body = write
    }

    /// Writes a line, which ends in a line feed.
    func write(_ line: [UInt8]) { body(line) }
}

/// A file descriptor on which lines do not mix.
private final class LineFile: Sendable {
    // The write stands inside the lock on purpose: the lock is what keeps two lines from mixing.
    private let descriptor: Locked<Int32>

    init(_ descriptor: Int32) { self.descriptor = Locked(descriptor) }

    func write(_ line: [UInt8]) {
        descriptor.withLock { descriptor in
            // The pointer is used within the closure only, and never past the array's count.
            line.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
                    let count = systemWrite(descriptor, start, rest.count)
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if errno == EAGAIN {
                        // A pipe that takes no more for a second has no reader that is worth waiting for.
                        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                        guard poll(&entry, 1, 1_000) == 1 else { return }
                    } else if errno != EINTR {
                        return
                    }
                }
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, start, count)
}
