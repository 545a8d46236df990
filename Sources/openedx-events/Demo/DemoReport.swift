import EventSchemas
import OpenEdXEvents

/// What the demonstration did, and whether anything was lost.
struct DemoReport {
    /// How many events were emitted, by kind.
    struct Emitted {
        var enrollments = 0
        var grades = 0
        var certificates = 0

        var total: Int { enrollments + grades + certificates }

        mutating func count(_ event: any Event) {
            switch event {
            case is CourseEnrollmentCreated: enrollments += 1
            case is PersistentGradeSummaryChanged: grades += 1
            default: certificates += 1
            }
        }

        /// What the LMS emits where it emits so many: a third of each kind.
        init(of events: Int) {
            enrollments = (events + 2) / 3
            grades = (events + 1) / 3
            certificates = events / 3
        }

        init() {}

        func count(of type: String) -> Int {
            switch type {
            case CourseEnrollmentCreated.type.name: enrollments
            case PersistentGradeSummaryChanged.type.name: grades
            default: certificates
            }
        }
    }

    let emitted: Emitted
    /// How long the emitting took; `nil` where another process did it.
    let emitting: Duration?
    let handling: Duration
    let services: [(name: String, counts: [String: DemoTally.Counts])]
    let redriven: Int

    private static let types = [
        CourseEnrollmentCreated.type, PersistentGradeSummaryChanged.type, CertificateCreated.type,
    ]

    /// One line of the table.
    struct Row {
        let service: String
        let type: EventType
        let emitted: Int
        let counts: DemoTally.Counts
        let redriven: Int

        /// Every event was handled, those that went through the dead-letter topic after that.
        var isComplete: Bool { counts.handled == emitted && counts.deadLettered == redriven }
    }

    var rows: [Row] {
        services.flatMap { service in
            Self.types.compactMap { type in
                service.counts[type.name].map { counts in
                    Row(
                        service: service.name, type: type, emitted: emitted.count(of: type.name), counts: counts,
                        redriven: counts.deadLettered > 0 ? redriven : 0)
                }
            }
        }
    }

    /// Whether every event was handled by every service that wants it.
    var isComplete: Bool { rows.count == 4 && rows.allSatisfy(\.isComplete) }

    /// How many events a second that is.
    static func rate(_ count: Int, _ duration: Duration) -> Int {
        let seconds = duration / .seconds(1)
        return seconds > 0 ? Int(Double(count) / seconds) : 0
    }

    private var handled: Int { rows.reduce(0) { $0 + $1.counts.handled } }

    /// The number with a comma between thousands.
    private static func grouped(_ number: Int) -> String {
        var text = String(number)
        var end = text.count - 3
        while end > 0 {
            text.insert(",", at: text.index(text.startIndex, offsetBy: end))
            end -= 3
        }
        return text
    }

    private var emittingRate: String {
        emitting.map { ", \(Self.grouped(Self.rate(emitted.total, $0))) a second" } ?? ""
    }

    /// The report for people.
    func text(_ style: TextStyle) -> String {
        var table = TextTable(
            .text("SERVICE"), .text("EVENT"), .number("EMITTED"), .number("HANDLED"), .number("RETRIED"),
            .number("DEAD-LETTERED"), .number("REDRIVEN"))
        for row in rows {
            table.add(
                row.service, "\(row.type.subject).\(row.type.action)", Self.grouped(row.emitted),
                Self.grouped(row.counts.handled), String(row.counts.retried), String(row.counts.deadLettered),
                String(row.redriven))
        }
        let verdict =
            isComplete ? style.green("Nothing was lost.") : style.red("SOMETHING IS MISSING: see the table.")
        return """
            \(table.lines(style).joined(separator: "\n"))

            \(Self.grouped(emitted.total)) events emitted\(emittingRate); \
            \(Self.grouped(handled)) handled, \(Self.grouped(Self.rate(handled, handling))) a second.
            \(verdict)
            """
    }

    /// The report for programs.
    var json: String {
        let items = rows.map { row in
            """
            {"service":"\(row.service)","type":"\(row.type.name)","emitted":\(row.emitted),\
            "handled":\(row.counts.handled),"retried":\(row.counts.retried),\
            "dead_lettered":\(row.counts.deadLettered),"redriven":\(row.redriven)}
            """
        }
        return """
            {"emitted":\(emitted.total),"emitted_per_second":\(emitting.map { String(Self.rate(emitted.total, $0)) } ?? "null"),\
            "handled":\(handled),"handled_per_second":\(Self.rate(handled, handling)),\
            "complete":\(isComplete),"rows":[\(items.joined(separator: ","))]}
            """
    }
}
