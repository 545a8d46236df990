/// A format of JSON Schema, or one that the caller adds.
struct FormatCheck: Sendable {
    /// Its name in schemas.
    let name: String
    /// Whether a string has it.
    let check: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool

    /// The format of a name; `nil` if it is not known.
    init?(_ name: String, custom: [String: @Sendable (String) -> Bool]) {
        self.name = name
        if let custom = custom[name] {
            check = { custom(String(decoding: $0, as: UTF8.self)) }
            return
        }
        return nil
    }
}
