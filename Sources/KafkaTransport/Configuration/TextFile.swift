#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Reads small files whole: configurations and secrets.
enum TextFile {
    /// Why a file could not be read, in words.
    struct Failure: Error {
        let reason: String
    }

    /// Reads a file.
    ///
    /// - Throws: a failure if it cannot be opened or read, or holds more bytes than the limit.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Failure(reason: String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        if ferror(file) != 0 { throw Failure(reason: String(cString: strerror(errno))) }
        if count > limit { throw Failure(reason: "it holds more than \(limit) bytes") }
        return Array(bytes.prefix(count))
    }

    /// Reads a secret: the text of a file, without the newline that editors put at the end.
    static func secret(_ path: String) throws(Failure) -> Secret {
        let bytes = try read(path, limit: 65_536)
        guard var text = String(validating: bytes, as: UTF8.self) else { throw Failure(reason: "it is not UTF-8") }
        if let last = text.last, last.isNewline { text.removeLast() }
        if text.isEmpty { throw Failure(reason: "it is empty") }
        return Secret(text)
    }
}
