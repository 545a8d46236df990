extension JSONReader {
    /// Reads one JSON value, with white space around it, after validating all of it.
    ///
    /// Throws an error with the code ``PayloadError/Code/notJSON`` if the bytes are none.
    public static func read<Value: JSONReadable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8]
    ) throws(PayloadError) -> Value {
        var value: Value?
        try read(bytes) { (reader) throws(PayloadError) in value = try Value(from: &reader) }
        return value.taken()
    }

    /// Reads one JSON value that was validated before.
    package static func read<Value: JSONReadable>(
        _ type: Value.Type = Value.self, validated bytes: UnsafeBufferPointer<UInt8>, strings: StringCache? = nil
    ) throws(PayloadError) -> Value {
        var value: Value?
        try read(validated: bytes, strings: strings) { (reader) throws(PayloadError) in
            value = try Value(from: &reader)
        }
        return value.taken()
    }

    // What follows knows no type of what is read: so it is compiled once, and a value never moves by way of metadata.

    /// Has one JSON value read that was validated before.
    ///
    /// - Parameter strings: Where strings are kept that were read before; as if there were none while another has it.
    static func read(
        validated bytes: UnsafeBufferPointer<UInt8>, strings: StringCache? = nil,
        by read: (inout JSONReader) throws(PayloadError) -> Void
    ) throws(PayloadError) {
        let loan = strings?.lend()
        defer { if loan != nil { strings?.giveBack() } }
        var reader = JSONReader(validated: bytes, strings: loan)
        do throws(PayloadError) {
            try read(&reader)
            try reader.finish()
        } catch {
            throw reader.locate(error)
        }
    }

    /// Has one JSON value read, after validating all of it.
    static func read(
        _ bytes: [UInt8], strings: StringCache? = nil, by read: (inout JSONReader) throws(PayloadError) -> Void
    ) throws(PayloadError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(PayloadError) in
            if let failure = JSONScanner.validate(buffer) { throw PayloadError(failure) }
            try self.read(validated: buffer, strings: strings, by: read)
        }
    }

    /// Has the JSON value read with which the bytes begin, validating it on the way.
    ///
    /// - Returns: Where it ends; `nil` if it is not read at once, see ``Nesting``.
    package static func readAtOnce(
        _ bytes: UnsafeBufferPointer<UInt8>, strings: StringCache?,
        by read: (inout JSONReader) throws(PayloadError) -> Void
    ) -> Int? {
        let loan = strings?.lend()
        defer { if loan != nil { strings?.giveBack() } }
        var reader = JSONReader(unvalidated: bytes, strings: loan)
        do throws(PayloadError) { try read(&reader) } catch { return nil }
        return reader.nesting.isClosed && reader.position != reader.pending ? reader.offset : nil
    }

    @inline(__always)
    private mutating func finish() throws(PayloadError) {
        if position != end {
            _ = peek()
            guard position == end else { throw misuse("a part of the payload was left unread") }
        }
    }

    /// The error with its place in the payload, which is looked for only now.
    @inline(never)
    private func locate(_ error: PayloadError) -> PayloadError {
        // A coder throws its own errors behind the value that it does not like.
        let place = error.offset ?? max(offset - 1, 0)
        return error.located(pointer: JSONPointer(to: place, in: payload).description, offset: place)
    }

    /// A failure of Foundation's decoder, placed below the value that it was given.
    func located(_ failure: CodableFailure, in value: UnsafeBufferPointer<UInt8>) -> PayloadError {
        let begin = value.baseAddress.map { start.distance(to: $0) } ?? 0
        var pointer = JSONPointer(to: begin, in: payload)
        for part in failure.path { pointer = pointer.appending(part) }
        let inner = JSONPointer(failure.path).offset(in: value) ?? 0
        return PayloadError(
            failure.code, pointer: pointer.description, offset: begin + inner, failure.message)
    }
}

extension Optional {
    /// What was read, moved out.
    @inlinable
    @inline(__always)
    mutating func taken() -> Wrapped {
        guard let value = take() else { preconditionFailure("what does not throw has read a value") }
        return value
    }
}
