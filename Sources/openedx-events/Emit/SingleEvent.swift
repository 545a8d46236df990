import OpenEdXEvents

/// One event, made of what the command line says and what the library computes.
struct SingleEvent: Sendable {
    /// The source, unless another is given: the tool itself.
    static let standardSource = "/openedx/openedx-events/worker"

    private let envelope: EventEnvelope
    private let data: Data

    private enum Data: Sendable {
        case text(String)
        case file(EventInput)
    }

    init(
        type: String, data: String, source: String?, minorVersion: Int, subject: String?, time: String?
    ) throws(UsageError) {
        do throws(InvalidEventType) {
            _ = try EventType(type)
        } catch {
            throw UsageError("'\(printable(type))' is no value for option '--type': \(error)")
        }
        do throws(InvalidAttribute) {
            _ = try source.map { (text) throws(InvalidAttribute) in try EventSource(text) }
        } catch {
            throw UsageError("'\(printable(source ?? ""))' is no value for option '--source': \(error.message)")
        }
        var moment = EventTime.now()
        if let time {
            guard let given = EventTime(time) else {
                throw UsageError(
                    "'\(printable(time))' is no value for option '--time'",
                    hint: "It takes a time in UTC such as 2026-03-14T15:09:26Z.")
            }
            moment = given
        }
        envelope = EventEnvelope(
            id: EventID().description, source: source ?? Self.standardSource, type: type, time: moment,
            sourceHost: SourceHost.current.description, minorVersion: minorVersion, subject: subject)
        self.data = data.hasPrefix("@") ? .file(EventInput(path: String(data.dropFirst()))) : .text(data)
    }

    /// The event as structured JSON.
    ///
    /// - Throws: ``CommandFailure`` if its data is no JSON or cannot be read, or it breaks a mandatory rule.
    func document(_ terminal: Terminal) throws(CommandFailure) -> [UInt8] {
        var event = envelope
        switch data {
        case .text(let text): event.data = .json(Array(text.utf8).trimmingSpace())
        case .file(let input):
            event.data = .json(try input.readAll(terminal, atMost: EmitPlan.limit).trimmingSpace())
        }
        do throws(EnvelopeError) {
            return try event.structured()
        } catch {
            throw CommandFailure(error.rule == .jsonData ? .unreadable : .findings, printable("\(error)"))
        }
    }
}
