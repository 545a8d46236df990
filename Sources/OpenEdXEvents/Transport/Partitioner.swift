/// Puts a key where librdkafka's default partitioner, `consistent_random`, puts it (rule 42).
///
/// So events of one key published from Swift and from the Python services share a partition, and an order.
public enum Partitioner {
    /// The partition of a key: its CRC-32 modulo the number of partitions; a random one without a key.
    ///
    /// - Parameters:
    ///   - key: The record key. An empty key counts as none, as it does there.
    ///   - partitions: How many partitions the topic has, at least 1.
    ///   - generator: Where randomness comes from for messages without a key.
    public static func partition(
        of key: [UInt8]?, among partitions: Int32, using generator: inout some RandomNumberGenerator
    ) -> Int32 {
        guard let key, !key.isEmpty else { return Int32.random(in: 0..<partitions, using: &generator) }
        return Int32(CRC32.checksum(key) % UInt32(partitions))
    }
}
