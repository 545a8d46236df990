/// The suite that every transport passes.
///
/// Its cases assume what the documentation of ``OpenEdXEvents/EventTransport`` promises and no more: not that a
/// rebalance is instant, not where a batch ends, not that offsets count by one. Every wait is for something that
/// happens, up to the harness's limit, and time passes by ``ConformanceHarness/letTimePass(_:)`` only.
public enum TransportConformance {
    /// All cases, each independent of the others: they may run at the same time.
    public static let cases: [ConformanceCase] = [
        PublishCases.all, OutcomeCases.all, MessageCases.all, OrderCases.all, ReadingCases.all, FlowCases.all,
        SettlingCases.all, ProgressCases.all, StartCases.all, SeekCases.all, GroupCases.all, TakeOverCases.all,
        RebalanceCases.all, CloseCases.all, ShutDownCases.all,
    ].flatMap { $0 }

    /// Runs every case, one after the other, and reports.
    ///
    /// What does not run is printed and listed in the report, never counted as passed.
    public static func run(_ harness: any ConformanceHarness) async -> ConformanceReport {
        var report = ConformanceReport(transport: harness.name)
        for promise in cases {
            do {
                switch try await promise.run(on: harness) {
                case .passed: report.passed.append(promise.name)
                case .notRun(let reason): report.notRun.append((promise.name, reason))
                }
            } catch {
                report.failures.append(error)
            }
        }
        return report
    }
}
