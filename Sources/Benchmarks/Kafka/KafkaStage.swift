import Foundation
import KafkaTransport
import OpenEdXEvents

/// The broker that is measured on, with a topic of its own: the broker of `KAFKA_BOOTSTRAP_SERVERS`, else librdkafka's
/// mock cluster in another process.
final class KafkaStage {
    static let partitions = 4
    /// How many messages of about 1.4 KB one partition of the mock cluster keeps: it holds 5 MB.
    static let mockPartitionLimit = 3_000

    let bootstrapServers: String
    let topic: String
    let partitions: Int
    /// Whether it is a broker, and not the mock cluster.
    let isReal: Bool
    private let mock: ReferenceProgram?
    private let directory: URL

    /// Opens the stage with a new topic.
    ///
    /// - Parameters:
    ///   - mockPartitions: How many partitions the topic has on the mock cluster, which keeps little in each.
    ///   - properties: The topic's own properties, which the mock cluster knows nothing of.
    init(mockPartitions: Int = KafkaStage.partitions, properties: [String] = []) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        if let servers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"], !servers.isEmpty {
            bootstrapServers = servers
            topic = "benchmark-" + UUID().uuidString.lowercased()
            partitions = Self.partitions
            isReal = true
            mock = nil
            try ReferenceProgram.run(["create-topic", servers, topic, String(partitions)] + properties)
        } else {
            let cluster = try ReferenceProgram(["mock", String(mockPartitions)])
            bootstrapServers = try cluster.ask("0")
            topic = "benchmark-0"
            partitions = mockPartitions
            isReal = false
            mock = cluster
        }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    /// Deletes the topic, or ends the mock cluster.
    func close() throws {
        try FileManager.default.removeItem(at: directory)
        if let mock { mock.close() } else { try ReferenceProgram.run(["delete-topic", bootstrapServers, topic]) }
    }

    /// The configuration of the subject's clients, from which the reference's properties are taken.
    func configuration() -> KafkaConfiguration {
        var configuration = KafkaConfiguration(bootstrapServers: [bootstrapServers])
        // The mock cluster answers an empty fetch no earlier than this.
        if !isReal { configuration.consumer.fetchWait = .milliseconds(1) }
        return configuration
    }

    /// Starts a producing command in C with the subject's properties and its messages as bytes.
    func producing(
        _ command: String, _ arguments: [String] = [], like configuration: KafkaConfiguration
    ) throws -> ReferenceProgram {
        try ReferenceProgram(
            [command, bootstrapServers, topic, try batchFile()] + arguments
                + Self.list(try configuration.producerProperties()))
    }

    /// Starts the consumer in C with the subject's properties.
    func consuming(like configuration: KafkaConfiguration) throws -> ReferenceProgram {
        let options = SubscriptionOptions(group: "reference", topics: [topic])
        return try ReferenceProgram(
            ["consume", bootstrapServers, topic] + Self.list(try configuration.consumerProperties(options)))
    }

    /// Fills the topic with so many messages, each key in one partition.
    func fill(_ count: Int) throws {
        // A batch has its courses in turns, the first ones once more than the last.
        let rounds = (KafkaBus.batchSize + KafkaBus.courses - 1) / KafkaBus.courses
        precondition(
            isReal || count / KafkaBus.batchSize * rounds <= Self.mockPartitionLimit, "the mock cluster would forget")
        try ReferenceProgram.run([
            "fill", bootstrapServers, topic, try batchFile(), String(count), String(partitions), "acks=all",
        ])
    }

    private static func list(_ properties: [(name: String, value: String)]) -> [String] {
        properties.map { "\($0.name)=\($0.value)" }
    }

    /// The subject's messages as the reference reads them: the header, then key and value of each, with their sizes.
    private func batchFile() throws -> String {
        let url = directory.appendingPathComponent("batch")
        guard !FileManager.default.fileExists(atPath: url.path) else { return url.path }
        var bytes = Data()
        func append(_ part: [UInt8]) {
            withUnsafeBytes(of: UInt32(part.count)) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: part)
        }
        append(Array("content-type".utf8))
        append(Array("application/cloudevents+json".utf8))
        var writer = JSONWriter()
        for event in EnrolmentSample.events(KafkaBus.batchSize, courses: KafkaBus.courses) {
            let encoded = try EncodedEvent.encode(event, head: try EnrolmentSample.head(), into: &writer)
            append(Array(EnrolmentSample.key(of: event).utf8))
            append(encoded.document)
        }
        try bytes.write(to: url)
        return url.path
    }
}
