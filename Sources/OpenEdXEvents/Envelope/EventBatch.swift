/// Several events in one JSON array (rule 39).
public enum EventBatch {
    /// The media type of a batch.
    public static let mediaType = "application/cloudevents-batch+json"

    /// One element of a batch: an event, or why it is none.
    public struct Element: Sendable {
        /// Where the element stands in the batch, in bytes.
        public let range: Range<Int>
        /// The event, or why it cannot be read; offsets count from the element's beginning.
        public let event: Result<ReceivedEnvelope, EnvelopeError>
    }

    /// Writes events as a batch, possibly an empty one. The size limit holds for each event.
    ///
    /// - Throws: ``EnvelopeError`` for the first event that breaks a mandatory rule.
    public static func write(
        _ events: some Sequence<EventEnvelope>, as profile: EventEnvelope.Profile = .openEdX
    ) throws(EnvelopeError) -> [UInt8] {
        var batch: [UInt8] = [Byte.leftBracket]
        for event in events {
            if batch.count > 1 { batch.append(Byte.comma) }
            batch += try event.structured(as: profile)
        }
        batch.append(Byte.rightBracket)
        return batch
    }

    /// Reads a batch; one element that cannot be read stops no other.
    ///
    /// - Throws: ``EnvelopeError`` if the document is not a JSON array.
    public static func read(_ document: [UInt8]) throws(EnvelopeError) -> [Element] {
        let error = document.withUnsafeBufferPointer { JSONScanner.validate($0) }
        // A name that stands twice makes its own element unreadable, not the batch.
        if let error, error.code != .duplicateName { throw notJSON(error) }
        guard let elements = ArrayElements(document) else {
            throw EnvelopeError(.invalid, rule: .batch, offset: 0, "the batch must be a JSON array of events")
        }
        if let offset = elements.failure { throw notJSON(JSONError(.unexpectedByte, offset: offset)) }
        return elements.ranges.map { range in
            do throws(EnvelopeError) {
                return Element(range: range, event: .success(try ReceivedEnvelope(structured: Array(document[range]))))
            } catch {
                return Element(range: range, event: .failure(error))
            }
        }
    }
    private static func notJSON(_ error: JSONError) -> EnvelopeError {
        EnvelopeError(
            error.code == .invalidUTF8 ? .notUTF8 : .notJSON, rule: .batch, offset: error.offset,
            "the batch is not JSON: \(error.code)")
    }
}
