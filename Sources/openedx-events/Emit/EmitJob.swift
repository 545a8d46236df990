import OpenEdXEvents

/// Sends events one batch after the other, while the next ones are read, and tells each one's outcome in order.
struct EmitJob {
    let transport: any EventTransport
    let terminal: Terminal
    let format: OutputFormat

    /// The most events of one batch. What is read while a batch is under way makes the next one.
    static let batchLimit = 2_000
    /// The most bytes that are read ahead.
    static let readAhead = 8 << 20

    /// How long what is under way may take once it is stopped.
    static let stopLimit: Duration = .seconds(5)

    /// What came of it.
    struct Result {
        var summary = EmitSummary()
        /// Why sending ended before the input did.
        var failure: CommandFailure?
    }

    /// Runs until the input ends, it is stopped, or nothing can be sent any more.
    ///
    /// - Throws: ``CommandFailure`` if input or output fail.
    func run(_ lines: BackgroundReader<EmitLine>, until stop: StopSignal) async throws -> Result {
        var result = Result()
        var meter = ProgressMeter(terminal)
        let writer = BackgroundWriter(terminal.output)
        var last = 0
        let transport = transport
        let registration = stop.onGiven {
            lines.stop()
            // What is under way is given a little time; else a broker that is away would hold up the end.
            Task { await transport.shutDown(within: Self.stopLimit) }
        }
        defer { registration.cancel() }
        while let batch = try await lines.next(atMost: Self.batchLimit) {
            let outcomes = await send(batch)
            var text: [UInt8] = []
            for outcome in outcomes {
                result.summary.add(outcome)
                text += (format == .json ? try outcome.json() : outcome.text(terminal.style)).utf8
                text.append(UInt8(ascii: "\n"))
            }
            last = batch.last?.line ?? last
            do throws(SystemFailure) {
                try await writer.write(text)
            } catch {
                lines.stop()
                result.failure = CommandFailure(
                    .inputOutput, "cannot write the outcomes: \(error)",
                    hint: "The events up to line \(last) were sent; what follows was not.")
                break
            }
            meter.update { result.summary.text }
            if let reason = Self.hopeless(outcomes) {
                lines.stop()
                result.failure = CommandFailure(
                    .findings, printable("\(reason)"),
                    hint: "What follows line \(last) of the input was not sent.")
                break
            }
        }
        meter.clear()
        if result.failure == nil, stop.isGiven {
            let place = last == 0 ? "Nothing was sent." : "What follows line \(last) of the input was not sent."
            result.failure = CommandFailure(.interrupted, "interrupted; \(result.summary.text)", hint: place)
        }
        return result
    }

    private func send(_ batch: [EmitLine]) async -> [EmitOutcomeLine] {
        var messages: [OutgoingMessage] = []
        messages.reserveCapacity(batch.count)
        for line in batch {
            if case .message(let message) = line.content { messages.append(message) }
        }
        var published: [PublishOutcome] = []
        if !messages.isEmpty {
            do throws(TransportError) {
                published = try await transport.publish(messages)
            } catch {
                published = Array(repeating: .failed(error), count: messages.count)
            }
        }
        var rest = published[...]
        return batch.map { line in
            switch line.content {
            case .refused(let remark): return EmitOutcomeLine(line, .refused(remark))
            case .unreadable(let remark): return EmitOutcomeLine(line, .unreadable(remark))
            case .message:
                switch rest.popFirst() {
                case .stored(let position): return EmitOutcomeLine(line, .stored(position))
                case .failed(let error): return EmitOutcomeLine(line, .failed(error))
                case nil:
                    return EmitOutcomeLine(
                        line, .failed(TransportError(.other, "the transport returned no outcome for the message")))
                }
            }
        }
    }

    /// Why sending more is of no use: a failure that no message can escape, or nothing at all that got through.
    private static func hopeless(_ outcomes: [EmitOutcomeLine]) -> TransportError? {
        var failure: TransportError?
        for outcome in outcomes {
            switch outcome.status {
            case .stored: return nil
            case .failed(let error):
                if error.isFatal || [.closed, .authentication].contains(error.code) { return error }
                if [.unavailable, .timedOut, .unknownTopic, .authorization].contains(error.code) { failure = error }
            case .refused, .unreadable: break
            }
        }
        return failure
    }
}
