import CRdKafka
import OpenEdXEvents

/// librdkafka's mock cluster and the client that it hangs on.
// Unchecked: librdkafka's handles may be used from any thread; `destroy` is called once, by the owner's lock.
struct MockCluster: @unchecked Sendable {
    private let client: OpaquePointer
    private let cluster: OpaquePointer

    init(brokers: Int32) throws(TransportError) {
        let configuration = rd_kafka_conf_new()
        // The client has no brokers and would say so; what the cluster does is seen by its clients.
        rd_kafka_conf_set_log_cb(configuration, nil)
        var text = [CChar](repeating: 0, count: 512)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
            rd_kafka_conf_destroy(configuration)
            throw TransportError(.other, "the embedded broker's client could not be made")
        }
        guard let cluster = rd_kafka_mock_cluster_new(client, brokers) else {
            rd_kafka_destroy(client)
            throw TransportError(.other, "the embedded broker could not be started")
        }
        self.client = client
        self.cluster = cluster
    }

    func destroy() {
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(client)
    }

    var bootstrapServers: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

    func createTopic(_ name: String, partitions: Int32, replicas: Int32) throws(TransportError) {
        try check(rd_kafka_mock_topic_create(cluster, name, partitions, replicas), "creating the topic “\(name)”")
    }

    func setTopicError(_ name: String, _ code: Int32) {
        rd_kafka_mock_topic_set_error(cluster, name, rd_kafka_resp_err_t(rawValue: code))
    }

    func pushErrors(_ codes: [Int32], request: Int16) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: $0) }
        rd_kafka_mock_push_request_errors_array(cluster, request, errors.count, errors)
    }

    func clearErrors(request: Int16) {
        rd_kafka_mock_clear_request_errors(cluster, request)
    }

    func setBroker(_ broker: Int32, isUp: Bool) throws(TransportError) {
        let code = isUp ? rd_kafka_mock_broker_set_up(cluster, broker) : rd_kafka_mock_broker_set_down(cluster, broker)
        try check(code, "setting broker \(broker) \(isUp ? "up" : "down")")
    }

    func setRoundTrip(_ milliseconds: Int32, broker: Int32) throws(TransportError) {
        try check(rd_kafka_mock_broker_set_rtt(cluster, broker, milliseconds), "delaying broker \(broker)")
    }

    func setLeader(_ broker: Int32, topic: String, partition: Int32) throws(TransportError) {
        try check(
            rd_kafka_mock_partition_set_leader(cluster, topic, partition, broker), "moving \(topic)[\(partition)]")
    }

    private func check(_ code: rd_kafka_resp_err_t, _ action: String) throws(TransportError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw TransportError(
            .invalidArgument, "\(action): \(String(cString: rd_kafka_err2str(code)))", underlyingCode: code.rawValue)
    }
}
