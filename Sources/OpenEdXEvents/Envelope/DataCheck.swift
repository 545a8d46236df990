/// Finds whether an event's data is what its media type says (rule 38): pure.
struct DataCheck {
    let data: EventData
    /// The media type as text; without one, `application/json` is assumed.
    let mediaType: String?
    /// Where the data stands in the document.
    let offset: Int?

    var findings: [Finding] {
        // A text that is no media type has its own finding; what the data should be is not known then.
        guard let type = mediaType.map({ MediaType($0) }) ?? .json else { return [] }
        switch data {
        case .absent: return []
        case .json(let value):
            if let error = validate(value) {
                return [finding(at: error.offset, "is not JSON, as its media type says: \(error.code)")]
            }
            if !type.isJSON {
                return [
                    finding(
                        "is a JSON value, but the media type is another: text stands in a string, "
                            + "anything else in data_base64")
                ]
            }
            guard holdsJSON(value) else { return [] }
            return [
                finding(
                    severity: .warning,
                    "is a string that holds JSON: readers do not parse it again; make it the value itself")
            ]
        case .text:
            guard type.isJSON else { return [] }
            return [finding("is text, but the media type is JSON: readers would take it for a JSON string")]
        case .binary(let bytes):
            guard type.isJSON, let error = validate(bytes) else { return [] }
            return [finding(at: offset == nil ? error.offset : 0, "is not JSON, as its media type says: \(error.code)")]
        }
    }

    private func validate(_ bytes: [UInt8]) -> JSONError? {
        bytes.withUnsafeBufferPointer { JSONScanner.validate($0, depth: 1) }
    }

    /// Whether a JSON value is a string whose text is a JSON object or array.
    private func holdsJSON(_ value: [UInt8]) -> Bool {
        guard let first = value.firstIndex(of: Byte.quote), let last = value.lastIndex(of: Byte.quote), first < last,
            value[..<first].allSatisfy({ $0 <= 0x20 })
        else { return false }
        let text = value[(first + 1)..<last].withUnsafeBufferPointer { [UInt8](unescaping: $0) }
        guard let begin = text.first(where: { $0 > 0x20 }), begin == Byte.leftBrace || begin == Byte.leftBracket else {
            return false
        }
        return text.withUnsafeBufferPointer { JSONScanner.validate($0) } == nil
    }

    private func finding(
        at inner: Int = 0, severity: Finding.Severity? = nil, _ message: String
    ) -> Finding {
        Finding(.jsonData, attribute: "data", offset: offset.map { $0 + inner }, severity: severity, message)
    }
}
