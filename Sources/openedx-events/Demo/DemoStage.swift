/// The names of one run of the demonstration: a run on a broker that others use has names of its own.
struct DemoStage: Hashable, Sendable {
    static let enrollments = "course-enrollments"
    static let grades = "course-grades"
    static let certificates = "certificates"
    static let deadLetters = "search-dead-letter"

    /// What tells this run from others; `nil` where it is alone.
    let run: String?

    /// The environment, which prefixes all topics.
    var environment: String? { run.map { "demo-" + $0 } }

    /// The full names of all topics.
    var topics: [String] {
        [Self.enrollments, Self.grades, Self.certificates, Self.deadLetters].map { topic in
            environment.map { "\($0)-\(topic)" } ?? topic
        }
    }

    /// The consumer group of a service.
    func group(_ service: String) -> String { run.map { "\(service)-\($0)" } ?? service }
}
