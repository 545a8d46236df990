import CRdKafka
import OpenEdXEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What is to be committed, or was, in one partition.
struct CommittedPlace: Sendable, Hashable {
    var offset: Int64
    var metadata: String
}

/// A list of partitions as librdkafka takes them, freed with its owner.
struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ partitions: some Collection<TopicPartition>) {
        pointer = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        for partition in partitions {
            rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
        }
    }

    init(_ offsets: some Collection<(key: TopicPartition, value: Int64)>) {
        pointer = rd_kafka_topic_partition_list_new(Int32(offsets.count))
        for (partition, offset) in offsets {
            rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition).pointee.offset = offset
        }
    }

    init(_ places: [TopicPartition: CommittedPlace]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(places.count))
        for (partition, place) in places {
            let element = rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
            element?.pointee.offset = place.offset
            guard !place.metadata.isEmpty else { continue }
            // librdkafka frees it with the list, so it is allocated as C does.
            element?.pointee.metadata = UnsafeMutableRawPointer(strdup(place.metadata))
            element?.pointee.metadata_size = place.metadata.utf8.count
        }
    }

    init(topics: [String]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(topics.count))
        for topic in topics { rd_kafka_topic_partition_list_add(pointer, topic, RD_KAFKA_PARTITION_UA) }
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    /// The partitions' offsets, where there are any.
    var offsets: [TopicPartition: Int64] {
        var offsets: [TopicPartition: Int64] = [:]
        for (name, element) in Self.elements(of: pointer)
        where element.offset >= 0 && element.err == RD_KAFKA_RESP_ERR_NO_ERROR {
            offsets[name] = element.offset
        }
        return offsets
    }

    /// The partitions' offsets with their metadata, where there are any.
    var places: [TopicPartition: CommittedPlace] {
        var places: [TopicPartition: CommittedPlace] = [:]
        for (name, element) in Self.elements(of: pointer) where element.offset >= 0 {
            let metadata = String(
                decoding: UnsafeRawBufferPointer(start: element.metadata, count: element.metadata_size), as: UTF8.self)
            places[name] = CommittedPlace(offset: element.offset, metadata: metadata)
        }
        return places
    }

    /// The first element's error, if any has one.
    var firstError: rd_kafka_resp_err_t? {
        Self.elements(of: pointer).lazy.map(\.1.err).first { $0 != RD_KAFKA_RESP_ERR_NO_ERROR }
    }

    static func names(_ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> [TopicPartition] {
        elements(of: list).map(\.0)
    }

    static func elements(
        of list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) -> [(TopicPartition, rd_kafka_topic_partition_t)] {
        UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)).map {
            (TopicPartition(topic: String(cString: $0.topic), partition: $0.partition), $0)
        }
    }
}
