import OpenEdXEvents
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why the system refused to read or write.
struct SystemFailure: Error, Hashable, Sendable, CustomStringConvertible {
    let code: Int32

    var description: String { String(cString: strerror(code)) }

    /// The failure of the call before.
    static var last: SystemFailure { SystemFailure(code: errno) }
    /// Nobody waits for the call any more.
    static let cancelled = SystemFailure(code: ECANCELED)
    /// Whether whoever read the pipe has gone away.
    var isBrokenPipe: Bool { code == EPIPE }
}

/// Where bytes go.
protocol ByteSink: Sendable {
    func write(_ bytes: [UInt8])
    /// Hands over what is kept back; returns the first failure since the beginning.
    func flush() -> SystemFailure?
}

/// Where bytes come from.
protocol ByteSource: Sendable {
    /// Waits for bytes and returns at least one; none at the end.
    func read() throws(SystemFailure) -> [UInt8]
}

/// An open file that is written, in blocks or at once.
final class FileSink: ByteSink {
    private struct State {
        var pending: [UInt8] = []
        var failure: SystemFailure?
    }

    private let descriptor: Int32
    private let blockSize: Int
    private let state = Locked(State())

    /// - Parameter blockSize: How many bytes are kept back before they are written; 0 to write at once.
    init(_ descriptor: Int32, blockSize: Int) {
        self.descriptor = descriptor
        self.blockSize = blockSize
    }

    func write(_ bytes: [UInt8]) {
        state.withLock { state in
            guard state.failure == nil else { return }
            state.pending += bytes
            if state.pending.count > blockSize { drain(&state) }
        }
    }

    func flush() -> SystemFailure? {
        state.withLock { state in
            drain(&state)
            return state.failure
        }
    }

    private func drain(_ state: inout State) {
        let descriptor = descriptor
        state.pending.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count, state.failure == nil {
                #if canImport(Glibc)
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #elseif canImport(Musl)
                let count = Musl.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #else
                let count = Darwin.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                #endif
                if count >= 0 {
                    written += count
                } else if errno != EINTR {
                    state.failure = .last
                }
            }
        }
        state.pending.removeAll(keepingCapacity: true)
    }
}

/// An open file that is read; closed with the last reference to it unless it is standard input.
final class FileSource: ByteSource {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Opens a file to read it.
    convenience init(path: String) throws(SystemFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last }
        self.init(descriptor)
    }

    deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

    func read() throws(SystemFailure) -> [UInt8] {
        var failure: SystemFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
            var count: Int
            repeat {
                #if canImport(Glibc)
                count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                count = Musl.read(descriptor, buffer.baseAddress, buffer.count)
                #else
                count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
                #endif
            } while count < 0 && errno == EINTR
            if count < 0 { failure = .last }
            initialized = max(count, 0)
        }
        if let failure { throw failure }
        return bytes
    }
}
