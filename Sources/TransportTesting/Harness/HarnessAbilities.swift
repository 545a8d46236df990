/// What a harness can do that not every environment allows.
public struct HarnessAbilities: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int

    /// Creates a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// ``ConformanceHarness/crash(_:of:)``.
    public static let crash = HarnessAbilities(rawValue: 1 << 0)
    /// ``ConformanceHarness/unknownTopic()``.
    public static let unknownTopic = HarnessAbilities(rawValue: 1 << 1)
    /// ``ConformanceHarness/letTimePass(_:)``.
    public static let passingTime = HarnessAbilities(rawValue: 1 << 2)

    /// Their names, as reports print them.
    var listed: [String] {
        [(Self.crash, "a way to crash a member"), (.unknownTopic, "unknown topics"), (.passingTime, "passing time")]
            .filter { contains($0.0) }.map(\.1)
    }
}
