import EventSchemas
import OpenEdXEvents

/// The service of the demonstration that emits.
struct DemoLMS {
    /// How many events it emits, a third of each kind.
    let events: Int
    let transport: any EventTransport
    let stage: DemoStage

    private static let batch = 500

    /// Emits all events in batches.
    ///
    /// - Parameter progress: Called now and then with how many events were emitted.
    /// - Throws: ``EmitError`` for the first that is not stored.
    func run(progress: (Int) -> Void = { _ in }) async throws -> DemoReport.Emitted {
        let samples = try DemoSamples()
        let producer = try EventProducer(
            transport: transport,
            configuration: .init(
                source: EventSource(service: "lms", process: .web), environment: stage.environment,
                routes: [
                    Route(
                        CourseEnrollmentCreated.type, to: DemoStage.enrollments, key: "enrollment.course.course_key"),
                    Route(PersistentGradeSummaryChanged.type, to: DemoStage.grades, key: "grade.course.course_key"),
                    Route(CertificateCreated.type, to: DemoStage.certificates, key: "certificate.course.course_key"),
                ]))
        var emitted = DemoReport.Emitted()
        while emitted.total < events {
            let count = min(Self.batch, events - emitted.total)
            let emissions = (0..<count).map { index -> Emission in
                let number = emitted.total + index
                return switch number % 3 {
                case 0: Emission(samples.enrollment(number / 3))
                case 1: Emission(samples.grade(number / 3))
                default: Emission(samples.certificate(number / 3))
                }
            }
            for (index, outcome) in await producer.emit(contentsOf: emissions).enumerated() {
                _ = try outcome.get()
                emitted.count(emissions[index].event)
            }
            progress(emitted.total)
        }
        return emitted
    }
}
