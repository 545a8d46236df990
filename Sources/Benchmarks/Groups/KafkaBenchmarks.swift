import KafkaTransport
import OpenEdXEvents

extension Benchmark {
    /// Typed emit in batches, all outcomes awaited, against prepared bytes.
    static var kafkaPublish: Benchmark {
        Benchmark(
            name: "kafka-publish",
            against: "a C program that produces the same bytes, prepared in advance; acks=all, idempotent, linger 5 ms",
            roundSize: .fixed(50_000, rounds: 11), gate: .atLeast(0.6)
        ) {
            let stage = try KafkaStage()
            let configuration = stage.configuration()
            let bus = try KafkaBus(stage, configuration)
            let program = try stage.producing("produce", like: configuration)
            return Sides(
                timedSubject: { try await RoundTime.measure(bus.emit, $0) }, timedReference: { try program.time($0) },
                finish: {
                    program.close()
                    await bus.stop()
                    try stage.close()
                })
        }
    }

    /// From the broker to typed handlers, against a member of a group that looks at nothing.
    static var kafkaConsume: Benchmark {
        let operations = 160_000
        return Benchmark(
            name: "kafka-consume",
            against: "a C program that only reads; the time from the first message to the last",
            roundSize: .fixed(operations, rounds: 9), gate: .atLeast(0.6)
        ) {
            // As many as are read, and what both sides fetch ahead meanwhile.
            let messages = operations / 10 * 11
            let stage = try KafkaStage(mockPartitions: KafkaBus.courses)
            try stage.fill(messages)
            let configuration = stage.configuration()
            let bus = try KafkaBus(stage, configuration)
            let program = try stage.consuming(like: configuration)
            return Sides(
                timedSubject: { try await bus.consume($0) }, timedReference: { try program.time($0) },
                finish: {
                    program.close()
                    await bus.stop()
                    try stage.close()
                })
        }
    }

    /// One awaited publish: what the way through tasks and threads adds to the way to the broker and back.
    static var kafkaLatency: Benchmark {
        var gate = Gate()
        gate.difference = 200_000
        return Benchmark(
            name: "kafka-latency",
            against: "a C program that awaits each publish, linger 0, medians of single publishes",
            roundSize: .fixed(500, rounds: 15), gate: gate,
            note: differenceInWords
        ) {
            let stage = try KafkaStage()
            var configuration = stage.configuration()
            configuration.producer.linger = .zero
            let bus = try KafkaBus(stage, configuration)
            let program = try stage.producing("produce-awaited", like: configuration)
            return Sides(
                timedSubject: { try await bus.emitAwaited($0) },
                timedReference: { operations in
                    let answer = try program.run(operations)
                    return RoundTime(
                        wall: Double(answer.median), processor: Double(answer.processor) / Double(operations))
                },
                finish: {
                    program.close()
                    await bus.stop()
                    try stage.close()
                })
        }
    }

    private static func differenceInWords(_ timing: PairedTiming) -> String? {
        timing.difference > 0
            ? "\(Report.decimal(timing.difference / 1e6, places: 3)) ms more than C" : "no more than C"
    }

    /// Five hundred tasks that each emit one event at a time, against a window of five hundred in C.
    static var kafkaConcurrent: Benchmark {
        concurrent(
            "kafka-concurrent", gate: .atLeast(0.3),
            against: "a C program that keeps 500 publishes under way, each report making room for the next; linger 5 ms"
        ) { _ in }
    }

    /// The same where nothing waits for company: then librdkafka's own thread is busy all the time.
    static var kafkaConcurrentEager: Benchmark {
        concurrent(
            "kafka-concurrent-eager", gate: Gate(),
            against: "the same C program, linger 0: there librdkafka's thread asks without a pause whether it may send"
        ) { $0.producer.linger = .zero }
    }

    private static func concurrent(
        _ name: String, gate: Gate, against: String, adjust: @escaping @Sendable (inout KafkaConfiguration) -> Void
    ) -> Benchmark {
        Benchmark(name: name, against: against, roundSize: .fixed(20_000, rounds: 11), gate: gate) {
            let stage = try KafkaStage()
            var configuration = stage.configuration()
            adjust(&configuration)
            let bus = try KafkaBus(stage, configuration)
            let program = try stage.producing("produce-concurrently", ["500"], like: configuration)
            return Sides(
                timedSubject: { operations in
                    try await RoundTime.measure({ try await bus.emitSingly($0, tasks: 500) }, operations)
                },
                timedReference: { try program.time($0) },
                finish: {
                    program.close()
                    await bus.stop()
                    try stage.close()
                })
        }
    }
}
