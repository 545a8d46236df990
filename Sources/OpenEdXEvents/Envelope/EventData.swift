/// The data of an event, as its envelope holds it.
public enum EventData: Hashable, Sendable {
    /// No data at all, which is not the same as JSON's `null` (rule 37).
    case absent
    /// A JSON value as it stands in the document, or will (rule 38).
    case json([UInt8])
    /// Text of another media type, which structured JSON holds as a string.
    case text(String)
    /// Bytes, which structured JSON holds as `data_base64`.
    case binary([UInt8])
}
