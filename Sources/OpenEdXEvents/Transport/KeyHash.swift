/// Hashes record keys, for what tells them apart within a process.
enum KeyHash {
    /// Another one in each process: nobody outside can choose keys that collide.
    private static let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    static func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: key.count)
        hash.fold(key)
        return hash
    }
}
