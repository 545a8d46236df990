import OpenEdXEvents

/// Why a command line cannot be followed, and perhaps what was meant.
struct UsageError: Error, Hashable, Sendable {
    /// What is wrong, beginning in lower case and without a full stop.
    let message: String
    /// A sentence that helps.
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// The hint that names what is closest to a word, if anything is close.
    static func didYouMean(_ word: String, among candidates: [String]) -> String? {
        Suggestion.closest(to: word, among: candidates).map { "Did you mean '\($0)'?" }
    }
}

/// Why a command could not do its work.
struct CommandFailure: Error, Hashable, Sendable {
    let status: ExitStatus
    /// What happened, beginning in lower case and without a full stop.
    let message: String
    /// A sentence that helps.
    let hint: String?

    init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }
}
