public import OpenEdXEvents

/// What librdkafka says of a client, read from its JSON.
///
/// A transport whose configuration has a ``KafkaConfiguration/statisticsInterval`` tells its observer of them:
/// ``OpenEdXEvents/EventMetrics`` makes metrics of it.
public struct KafkaStatistics: Sendable, Hashable, JSONReadable {
    /// What is known of the connection to one broker.
    struct Broker: Sendable, Hashable {
        var address = ""
        var isLogical = false
        var isUp = false
        var meanRoundTrip: Int64 = 0
        var slowRoundTrip: Int64 = 0
        var roundTrips: Int64 = 0
        var timeouts: Int64 = 0
        var errors: Int64 = 0
        var disconnects: Int64 = 0
    }

    /// What is known of one partition.
    struct Partition: Sendable, Hashable {
        var number: Int32 = -1
        var isRead = false
        var fetched: Int64 = 0
        var committed: Int64 = -1
        var end: Int64 = -1
        var lag: Int64 = -1
    }

    private(set) var isProducer = false
    private(set) var queuedMessages: Int64 = 0
    private(set) var queuedBytes: Int64 = 0
    private(set) var sentMessages: Int64 = 0
    private(set) var sentBytes: Int64 = 0
    private(set) var receivedMessages: Int64 = 0
    private(set) var receivedBytes: Int64 = 0
    private(set) var brokers: [Broker] = []
    private(set) var partitions: [TopicPartition: Partition] = [:]

    /// Reads librdkafka's JSON; what is not used is skipped, so that newer versions can be read.
    ///
    /// - Throws: ``OpenEdXEvents/PayloadError`` if it is not what librdkafka writes.
    public init(from json: inout JSONReader) throws(PayloadError) {
        try json.beginObject()
        while let name = try json.nextKey() {
            switch name {
            case "type": isProducer = try json.readString() == "producer"
            case "msg_cnt": queuedMessages = try json.readInteger()
            case "msg_size": queuedBytes = try json.readInteger()
            case "txmsgs": sentMessages = try json.readInteger()
            case "txmsg_bytes": sentBytes = try json.readInteger()
            case "rxmsgs": receivedMessages = try json.readInteger()
            case "rxmsg_bytes": receivedBytes = try json.readInteger()
            case "brokers":
                try json.beginObject()
                while try json.nextKey() != nil { brokers.append(try Self.readBroker(&json)) }
            case "topics":
                try json.beginObject()
                while let topic = try json.nextKey() { try readTopic(topic, &json) }
            default: try json.skipValue()
            }
        }
    }

    private static func readBroker(_ json: inout JSONReader) throws(PayloadError) -> Broker {
        var broker = Broker()
        try json.beginObject()
        while let name = try json.nextKey() {
            switch name {
            case "nodename": broker.address = try json.readString()
            case "source": broker.isLogical = try json.readString() == "logical"
            // librdkafka connects to those brokers only that it needs: INIT is one that nobody asks for.
            case "state": broker.isUp = ["UP", "UPDATE", "INIT"].contains(try json.readString())
            case "txerrs", "rxerrs": broker.errors += try json.readInteger()
            case "req_timeouts": broker.timeouts = try json.readInteger()
            case "disconnects": broker.disconnects = try json.readInteger()
            case "rtt":
                try json.beginObject()
                while let name = try json.nextKey() {
                    switch name {
                    case "avg": broker.meanRoundTrip = try json.readInteger()
                    case "p99": broker.slowRoundTrip = try json.readInteger()
                    case "cnt": broker.roundTrips = try json.readInteger()
                    default: try json.skipValue()
                    }
                }
            default: try json.skipValue()
            }
        }
        return broker
    }

    private mutating func readTopic(_ topic: String, _ json: inout JSONReader) throws(PayloadError) {
        try json.beginObject()
        while let name = try json.nextKey() {
            guard name == "partitions" else {
                try json.skipValue()
                continue
            }
            try json.beginObject()
            while try json.nextKey() != nil {
                let partition = try Self.readPartition(&json)
                // -1 gathers what belongs to no partition yet.
                if partition.number >= 0 {
                    partitions[TopicPartition(topic: topic, partition: partition.number)] = partition
                }
            }
        }
    }

    private static func readPartition(_ json: inout JSONReader) throws(PayloadError) -> Partition {
        var partition = Partition()
        try json.beginObject()
        while let name = try json.nextKey() {
            switch name {
            case "partition": partition.number = try json.readInteger()
            case "fetch_state": partition.isRead = try json.readString() == "active"
            case "fetchq_cnt": partition.fetched = try json.readInteger()
            case "committed_offset": partition.committed = try json.readInteger()
            case "hi_offset": partition.end = try json.readInteger()
            case "consumer_lag": partition.lag = try json.readInteger()
            default: try json.skipValue()
            }
        }
        return partition
    }
}

extension KafkaStatistics {
    /// The numbers for an observer, those of the brokers that the client knows by their addresses.
    public var measurements: [TransportMeasurement] {
        var all: [TransportMeasurement] = []
        if isProducer {
            all.append(TransportMeasurement(.queuedMessages, queuedMessages))
            all.append(TransportMeasurement(.queuedBytes, queuedBytes))
            all.append(TransportMeasurement(.sentMessages, sentMessages))
            all.append(TransportMeasurement(.sentBytes, sentBytes))
        } else {
            all.append(TransportMeasurement(.fetchedMessages, partitions.values.reduce(0) { $0 + $1.fetched }))
            all.append(TransportMeasurement(.receivedMessages, receivedMessages))
            all.append(TransportMeasurement(.receivedBytes, receivedBytes))
        }
        var seen: Set<String> = []
        // The group's coordinator is a broker once more, under a name of its own.
        for broker in brokers where !broker.isLogical && !broker.address.isEmpty && seen.insert(broker.address).inserted
        {
            func add(_ quantity: TransportMeasurement.Quantity, _ value: Int64) {
                all.append(TransportMeasurement(quantity, broker: broker.address, value))
            }
            add(.brokerUp, broker.isUp ? 1 : 0)
            add(.brokerTimeouts, broker.timeouts)
            add(.brokerErrors, broker.errors)
            add(.brokerDisconnects, broker.disconnects)
            // Without a round trip in the last interval there is nothing to say about it.
            if broker.roundTrips > 0 {
                add(.brokerRoundTrip, broker.meanRoundTrip)
                add(.brokerSlowRoundTrip, broker.slowRoundTrip)
            }
        }
        return all
    }

    /// How many messages lie behind what is committed, or else delivered, in each partition that the client reads.
    public var lags: [TopicPartition: Int64] {
        var lags: [TopicPartition: Int64] = [:]
        for (name, partition) in partitions where partition.isRead {
            if partition.committed >= 0, partition.end >= 0 {
                lags[name] = max(0, partition.end - partition.committed)
            } else if partition.lag >= 0 {
                lags[name] = partition.lag
            }
        }
        return lags
    }
}
