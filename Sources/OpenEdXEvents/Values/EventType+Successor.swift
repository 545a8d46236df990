extension EventType {
    /// Whether this is the next major version of another type: alike in everything else (rule 16).
    public func isSuccessor(of other: EventType) -> Bool {
        guard let major = majorVersion, let older = other.majorVersion, major == older + 1 else { return false }
        return prefix == other.prefix && subdomain == other.subdomain && subject == other.subject
            && action == other.action
    }
}
