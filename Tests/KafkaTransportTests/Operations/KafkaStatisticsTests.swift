import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("librdkafka's statistics")
struct KafkaStatisticsTests {
    func read(_ json: String) throws -> KafkaStatistics { try JSONReader.read(from: Array(json.utf8)) }

    /// One broker as librdkafka writes it, without the most of what is not used.
    func broker(_ address: String, source: String = "configured", state: String = "UP", roundTrips: Int = 7) -> String {
        """
        {"name": "\(address)/1", "nodeid": 1, "nodename": "\(address)", "source": "\(source)", "state": "\(state)",
         "txerrs": 2, "rxerrs": 1, "req_timeouts": 4, "disconnects": 3, "int_latency": {"avg": 9, "p99": 9, "cnt": 9},
         "rtt": {"min": 1, "avg": 397, "p99": 885, "cnt": \(roundTrips)}, "toppars": {"t-0": {"topic": "t"}}}
        """
    }

    @Test("a producer's queue, its traffic and its brokers are measured")
    func producer() throws {
        let statistics = try read(
            """
            {"name": "rdkafka#producer-1", "type": "producer", "msg_cnt": 12, "msg_size": 3400, "txmsgs": 100,
             "txmsg_bytes": 7000, "rxmsgs": 0, "rxmsg_bytes": 0, "cgrp": null,
             "brokers": {"a/1": \(broker("kafka-1:9092")), "b/2": \(broker("kafka-2:9092", state: "DOWN", roundTrips: 0)),
                         "c/-1": \(broker("kafka-1:9092", source: "learned"))},
             "topics": {}}
            """)
        let first = "kafka-1:9092"
        let second = "kafka-2:9092"
        #expect(
            Set(statistics.measurements) == [
                TransportMeasurement(.queuedMessages, 12), TransportMeasurement(.queuedBytes, 3_400),
                TransportMeasurement(.sentMessages, 100), TransportMeasurement(.sentBytes, 7_000),
                TransportMeasurement(.brokerUp, broker: first, 1),
                TransportMeasurement(.brokerTimeouts, broker: first, 4),
                TransportMeasurement(.brokerErrors, broker: first, 3),
                TransportMeasurement(.brokerDisconnects, broker: first, 3),
                TransportMeasurement(.brokerRoundTrip, broker: first, 397),
                TransportMeasurement(.brokerSlowRoundTrip, broker: first, 885),
                TransportMeasurement(.brokerUp, broker: second, 0),
                TransportMeasurement(.brokerTimeouts, broker: second, 4),
                TransportMeasurement(.brokerErrors, broker: second, 3),
                TransportMeasurement(.brokerDisconnects, broker: second, 3),
            ])
        #expect(statistics.lags.isEmpty)
    }

    @Test(
        "a broker that nobody needs is not one that is away",
        arguments: [
            ("UP", 1), ("UPDATE", 1), ("INIT", 1), ("DOWN", 0), ("TRY_CONNECT", 0), ("CONNECT", 0), ("AUTH_REQ", 0),
        ])
    func needed(state: String, up: Int64) throws {
        let statistics = try read(
            #"{"type": "producer", "brokers": {"a/1": \#(broker("kafka-1:9092", state: state))}, "topics": {}}"#)
        #expect(statistics.measurements.contains(TransportMeasurement(.brokerUp, broker: "kafka-1:9092", up)))
    }

    @Test("a consumer's lag is measured where it reads, from what is committed or else delivered")
    func consumer() throws {
        func partition(_ number: Int, _ state: String, _ committed: Int, _ end: Int, _ lag: Int) -> String {
            """
            "\(number)": {"partition": \(number), "fetch_state": "\(state)", "fetchq_cnt": 5, "stored_offset": -1001,
              "committed_offset": \(committed), "commited_offset": -7, "hi_offset": \(end), "consumer_lag": \(lag)}
            """
        }
        let statistics = try read(
            """
            {"type": "consumer", "rxmsgs": 61, "rxmsg_bytes": 183, "msg_cnt": 0,
             "brokers": {"GroupCoordinator": \(broker("kafka-1:9092", source: "logical"))},
             "topics": {"t": {"topic": "t", "batchsize": {"avg": 1}, "partitions": {
               \(partition(0, "active", 40, 61, 11)), \(partition(1, "active", -1001, 61, 9)),
               \(partition(2, "active", -1001, -1001, -1)), \(partition(3, "none", 40, 61, 21)),
               \(partition(4, "active", 62, 61, 0)), \(partition(-1, "active", 5, 60, 55))}}}}
            """)
        #expect(
            statistics.lags == [
                TopicPartition(topic: "t", partition: 0): 21, TopicPartition(topic: "t", partition: 1): 9,
                TopicPartition(topic: "t", partition: 4): 0,
            ])
        #expect(
            Set(statistics.measurements) == [
                TransportMeasurement(.fetchedMessages, 25), TransportMeasurement(.receivedMessages, 61),
                TransportMeasurement(.receivedBytes, 183),
            ])
    }

    @Test(
        "what librdkafka would never write is refused",
        arguments: ["", "[]", "{\"msg_cnt\": \"many\"}", "{\"brokers\": 3}"])
    func wrong(_ json: String) {
        #expect(throws: PayloadError.self) { try read(json) }
    }

    @Test("an empty object measures zeros")
    func empty() throws {
        #expect(try read("{}").measurements.allSatisfy { $0.value == 0 })
    }
}
