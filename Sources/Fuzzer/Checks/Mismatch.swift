/// The library and what it is held against do not agree on an input.
struct Mismatch: Error {
    let check: String
    let message: String

    init(_ check: String, _ message: String) {
        self.check = check
        self.message = message
    }
}
