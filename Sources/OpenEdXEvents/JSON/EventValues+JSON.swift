extension EventTime: JSONPayload {
    /// Reads a string of RFC 3339.
    public init(from json: inout JSONReader) throws(PayloadError) {
        let time = try json.withString { (text) throws(PayloadError) in EventTime.parse(text) }
        guard let time else { throw json.invalid("the string is not a time of RFC 3339") }
        self = time
    }

    /// Writes a string of RFC 3339 in UTC.
    public func write(to json: inout JSONWriter) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: EventTime.longestText) { text in
            guard let start = text.baseAddress else { return }
            json.write(utf8: UnsafeBufferPointer(start: start, count: write(to: start)))
        }
    }
}

extension EventID: JSONPayload {
    /// Reads a string that holds a UUID.
    public init(from json: inout JSONReader) throws(PayloadError) {
        let id = try json.withString { (text) throws(PayloadError) in EventID(utf8: text) }
        guard let id else { throw json.invalid("the string is not a UUID") }
        self = id
    }

    /// Writes a string, lower case with dashes.
    public func write(to json: inout JSONWriter) { json.write(description) }
}
