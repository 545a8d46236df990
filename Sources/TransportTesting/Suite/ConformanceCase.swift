public import OpenEdXEvents

/// One promise that every transport keeps, as something that can be run.
///
/// With Swift Testing:
/// ```swift
/// @Test(arguments: TransportConformance.cases)
/// func conforms(_ promise: ConformanceCase) async throws { try await promise.run(on: harness) }
/// ```
public struct ConformanceCase: Sendable, Identifiable, CustomStringConvertible {
    /// How a run of a case ended that did not fail.
    public enum Outcome: Sendable, Hashable {
        /// The transport keeps the promise.
        case passed
        /// The case did not run, for a reason that was printed.
        case notRun(because: String)
    }

    /// The promise in words; no two cases have the same.
    public let name: String
    /// The features without which the case has nothing to show.
    public let needs: TransportFeatures
    /// What the harness must be able to do.
    public let asks: HarnessAbilities
    private let body: @Sendable (Stage) async throws -> Void

    init(
        _ name: String, needs: TransportFeatures = [], asks: HarnessAbilities = [],
        _ body: @escaping @Sendable (Stage) async throws -> Void
    ) {
        self.name = name
        self.needs = needs
        self.asks = asks
        self.body = body
    }

    /// The name.
    public var id: String { name }

    /// The name.
    public var description: String { name }

    /// Runs the case on transports, topics and groups of its own, and shuts down what it made.
    ///
    /// Where the transport or the harness lacks what the case needs, it prints `not run: NAME, because TRANSPORT lacks
    /// FEATURE` and returns that.
    ///
    /// - Throws: ``ConformanceFailure`` if the transport breaks the promise.
    @discardableResult
    public func run(on harness: any ConformanceHarness) async throws(ConformanceFailure) -> Outcome {
        let stage = Stage(harness)
        do {
            let outcome = try await run(on: stage)
            try await stage.tearDown()
            return outcome
        } catch {
            // The first failure is the one that tells; what the tear-down finds after it is a consequence.
            try? await stage.tearDown()
            var failure =
                error as? ConformanceFailure ?? ConformanceFailure(expected: "no error", seen: "\(error)")
            failure.caseName = name
            throw failure
        }
    }

    private func run(on stage: Stage) async throws -> Outcome {
        let features = try await stage.transport().features.subtracting(stage.harness.lacking)
        let lacks =
            needs.subtracting(features).listed + asks.subtracting(stage.harness.abilities).listed
        guard lacks.isEmpty else {
            let reason = "\(stage.harness.name) lacks \(lacks.joined(separator: ", "))"
            print("not run: \(name), because \(reason)")
            return .notRun(because: reason)
        }
        try await body(stage)
        return .passed
    }
}

extension TransportFeatures {
    /// The names of the features.
    var listed: [String] { Self.names.filter { contains($0.feature) }.map(\.name) }
}
