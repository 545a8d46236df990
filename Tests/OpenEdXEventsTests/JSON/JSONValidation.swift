import OpenEdXEvents

/// The failure of a text that is to be a JSON document.
func jsonFailure(_ text: String) -> JSONError? { jsonFailure(Array(text.utf8)) }

/// The failure of bytes that are to be a JSON document.
///
/// They are copied to a block of exactly their size, so that the address sanitizer sees a read beyond the end.
func jsonFailure(_ bytes: [UInt8]) -> JSONError? {
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    defer { copy.deallocate() }
    copy.update(from: bytes, count: bytes.count)
    return JSONScanner.validate(UnsafeBufferPointer(start: copy, count: bytes.count))
}

/// An array in an array, so many deep.
func nested(_ depth: Int) -> String {
    String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
}
