#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The system's clock.
enum WallClock {
    /// The time since 1970 UTC, without leap seconds.
    static func now() -> (seconds: Int64, nanoseconds: Int32) {
        var time = timespec()
        // It fails only for an unknown clock or a bad address.
        clock_gettime(CLOCK_REALTIME, &time)
        return (Int64(time.tv_sec), Int32(truncatingIfNeeded: time.tv_nsec))
    }

    /// What the system calls itself, `nil` if it does not say.
    static func hostName() -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let result = buffer.withUnsafeMutableBytes { bytes in
            // An array of 256 bytes has a base address; its last byte stays zero.
            gethostname(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
        guard result == 0 else { return nil }
        return String(validating: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
}
