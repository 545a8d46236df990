/// Writes JSON forward, in its most compact form, into a buffer that is used again and again.
///
/// ```swift
/// json.beginObject()
/// try json.member("id", id)
/// try json.member("is_active", isActive)
/// json.endObject()
/// ```
///
/// Commas and colons come by themselves. What is written is well formed whatever a coder calls: a call out of order
/// writes nothing, and the first one is thrown as ``PayloadError/Code/misuse`` when the payload is complete. Only a
/// name that a coder writes twice into one object is not looked for.
///
/// Safety: the buffer belongs to the writer alone, which cannot be copied. `count` bytes of it are initialized, and
/// every write first makes room for all its bytes and `slack` more, so that whole blocks may be stored.
public struct JSONWriter: ~Copyable {
    /// What may come next.
    private enum State {
        /// One value: at the beginning, or behind a name.
        static let value: UInt8 = 0
        /// A first element, or the array's end.
        static let firstElement: UInt8 = 1
        /// A comma and an element, or the array's end.
        static let nextElement: UInt8 = 2
        /// A first member, or the object's end.
        static let firstMember: UInt8 = 3
        /// A comma and a member, or the object's end.
        static let nextMember: UInt8 = 4
        /// Nothing: the document is complete, or something went wrong.
        static let nothing: UInt8 = 5
    }

    /// Bytes behind what a write needs that it may overwrite.
    static let slack = 16

    var buffer: UnsafeMutablePointer<UInt8>
    package private(set) var count = 0
    private var capacity: Int
    private var state = State.value
    /// What may come behind a value at this depth.
    private var stateBehindValue = State.nothing
    private var depth = 0
    /// For each open container whether it is an object, from the lowest bit on.
    private var objects: InlineArray<8, UInt64>
    /// Where the payload begins in the buffer: pointers and offsets of errors count from here.
    private(set) var payloadStart = 0
    private var failure: PayloadError?

    /// Creates a writer whose buffer holds so many bytes at first.
    package init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64) + Self.slack
        buffer = .allocate(capacity: self.capacity)
        objects = InlineArray(repeating: 0)
    }

    deinit { buffer.deallocate() }

    // MARK: - Objects and arrays

    /// Begins an object.
    public mutating func beginObject() { begin(Byte.leftBrace, isObject: true) }

    /// Ends the object begun last.
    public mutating func endObject() {
        guard state == State.firstMember || state == State.nextMember else {
            return misuse("an object was ended where none can end")
        }
        end(Byte.rightBrace)
    }

    /// Begins an array.
    public mutating func beginArray() { begin(Byte.leftBracket, isObject: false) }

    /// Ends the array begun last.
    public mutating func endArray() {
        guard state == State.firstElement || state == State.nextElement else {
            return misuse("an array was ended where none can end")
        }
        end(Byte.rightBracket)
    }

    private mutating func begin(_ bracket: UInt8, isObject: Bool) {
        guard prepareValue(1) else { return }
        guard depth < JSONScanner.maximumDepth else {
            return fail(PayloadError(.tooDeep, offset: nil, "values are nested more than 512 deep"))
        }
        append(bracket)
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: depth & 63)
        if isObject { objects[depth &>> 6] |= bit } else { objects[depth &>> 6] &= ~bit }
        depth &+= 1
        state = isObject ? State.firstMember : State.firstElement
        stateBehindValue = isObject ? State.nextMember : State.nextElement
    }

    private mutating func end(_ bracket: UInt8) {
        reserve(1)
        append(bracket)
        depth &-= 1
        if depth == 0 {
            stateBehindValue = State.nothing
        } else {
            let level = depth &- 1
            let isObject = objects[level &>> 6] &>> UInt64(truncatingIfNeeded: level & 63) & 1 != 0
            stateBehindValue = isObject ? State.nextMember : State.nextElement
        }
        finishValue()
    }

    // MARK: - Names

    /// Writes the name of the next member; its value follows.
    public mutating func key(_ name: StaticString) {
        if name.hasPointerRepresentation {
            key(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        } else {
            key(name.description)
        }
    }

    /// Writes the name of the next member; its value follows.
    @_disfavoredOverload
    public mutating func key(_ name: String) {
        let wasWritten: Void? = name.utf8.withContiguousStorageIfAvailable { key($0) }
        if wasWritten == nil {
            var copy = name
            copy.withUTF8 { key($0) }
        }
    }

    /// Writes a name of valid UTF-8.
    @inline(__always)
    package mutating func key(_ name: UnsafeBufferPointer<UInt8>) {
        reserve(name.count &+ 4)
        // The end in a local, so that it is not stored and loaded for every byte.
        var end = buffer + count
        if state == State.nextMember {
            end.pointee = Byte.comma
            end += 1
        } else if state != State.firstMember {
            return misuse("a name was written where no member can stand")
        }
        end = storeString(name, at: end)
        end.pointee = Byte.colon
        count = buffer.distance(to: end) &+ 1
        state = State.value
    }

    // MARK: - Any value

    /// Writes a value of a type that can be written.
    @inlinable
    public mutating func write<Value: JSONWritable>(_ value: Value) throws(PayloadError) {
        try value.write(to: &self)
    }

    /// Writes a member: its name and value.
    @inlinable
    public mutating func member<Value: JSONWritable>(
        _ name: StaticString, _ value: Value
    ) throws(PayloadError) {
        key(name)
        try value.write(to: &self)
    }

    /// Writes a member if there is a value, and nothing otherwise.
    @inlinable
    public mutating func member<Value: JSONWritable>(
        _ name: StaticString, _ value: Value?
    ) throws(PayloadError) {
        guard let value else { return }
        key(name)
        try value.write(to: &self)
    }

    /// Writes `null`.
    public mutating func writeNull() { writeLiteral("null") }

    /// Writes a JSON value as it is, after validating it.
    public mutating func writeRaw(_ value: [UInt8]) throws(PayloadError) {
        try value.withUnsafeBufferPointer { (bytes) throws(PayloadError) in try writeRaw(bytes) }
    }

    /// Writes a JSON value as it is, after validating it as one that stands here.
    package mutating func writeRaw(_ value: UnsafeBufferPointer<UInt8>) throws(PayloadError) {
        if let error = JSONScanner.validate(value, depth: depth) { throw PayloadError(error) }
        writeRaw(validated: value)
    }

    /// Writes one JSON value that was validated before.
    package mutating func writeRaw(validated value: UnsafeBufferPointer<UInt8>) {
        guard prepareValue(value.count), let source = value.baseAddress else { return }
        (buffer + count).update(from: source, count: value.count)
        count &+= value.count
        finishValue()
    }

    // MARK: - For the other files of the writer

    /// Makes room for a value of so many bytes and the comma before it; `false` if no value can stand here.
    @inline(__always)
    mutating func prepareValue(_ size: Int) -> Bool {
        reserve(size &+ 1)
        if state == State.value || state == State.firstElement { return true }
        if state == State.nextElement {
            append(Byte.comma)
            return true
        }
        misuse("a value was written where none can stand")
        return false
    }

    /// Notes that a value is complete.
    @inline(__always)
    mutating func finishValue() { state = stateBehindValue }

    /// Notes that a value is complete, which ends before a position in the buffer.
    @inline(__always)
    mutating func finishValue(at end: UnsafeMutablePointer<UInt8>) {
        count = buffer.distance(to: end)
        state = stateBehindValue
    }

    /// Sets how many bytes are written, while a slow path appends.
    @inline(__always)
    mutating func resume(at end: UnsafeMutablePointer<UInt8>) { count = buffer.distance(to: end) }

    /// Makes room for so many bytes more and the slack.
    @inline(__always)
    mutating func reserve(_ size: Int) {
        if size > capacity &- count &- Self.slack { grow(size) }
    }

    @inline(never)
    private mutating func grow(_ size: Int) {
        capacity = max(capacity * 2, count + size + Self.slack)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: buffer, count: count)
        buffer.deallocate()
        buffer = larger
    }

    /// Appends a byte for which there is room.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        buffer[count] = byte
        count &+= 1
    }

    /// Counts bytes that were stored behind the end.
    @inline(__always)
    mutating func advance(_ size: Int) { count &+= size }

    /// Appends text as it is: members of an object that are well formed together.
    @inline(__always)
    mutating func appendMembers(_ text: StaticString) {
        reserve(text.utf8CodeUnitCount)
        (buffer + count).update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        count &+= text.utf8CodeUnitCount
        state = State.nextMember
    }

    /// Appends what the body stores behind the end, up to so many bytes, of which it returns how many.
    @inline(__always)
    mutating func appendText(_ most: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        reserve(most)
        count &+= body(buffer + count)
    }

    // MARK: - Beginning and end

    /// Empties the writer, keeping its buffer.
    package mutating func reset() {
        count = 0
        state = State.value
        stateBehindValue = State.nothing
        depth = 0
        payloadStart = 0
        failure = nil
    }

    /// Says that the payload begins with the value that is written next.
    package mutating func beginPayload() { payloadStart = count }

    /// Throws the first failure, located, or that the document is not complete.
    package mutating func checkComplete() throws(PayloadError) {
        guard failure == nil, depth == 0, state == State.nothing else { throw incomplete() }
    }

    /// Throws unless one whole value was written behind a name.
    package mutating func checkPayload(depth expected: Int) throws(PayloadError) {
        guard failure == nil, depth == expected, state == State.nextMember, count > payloadStart else {
            throw incomplete()
        }
    }

    @inline(never)
    private mutating func incomplete() -> PayloadError {
        failure ?? located(PayloadError(.misuse, offset: nil, "the type's own coder wrote no complete value"))
    }

    /// The error with the place that was reached in the payload.
    @inline(never)
    package func located(_ error: PayloadError) -> PayloadError {
        let written = UnsafeBufferPointer(start: buffer + payloadStart, count: max(count - payloadStart, 0))
        return error.located(
            pointer: JSONPointer(to: written.count, in: written).description, offset: written.count)
    }

    /// Notes the first failure. From then on nothing is written.
    @inline(never)
    mutating func fail(_ error: PayloadError) {
        if failure == nil { failure = located(error) }
        state = State.nothing
        stateBehindValue = State.nothing
    }

    @inline(never)
    private mutating func misuse(_ message: String) {
        fail(PayloadError(.misuse, offset: nil, "the type's own coder writes out of order: " + message))
    }
}

extension JSONWriter {
    /// Writes a value as a JSON document.
    public static func write(_ value: some JSONWritable) throws(PayloadError) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        do throws(PayloadError) {
            try value.write(to: &writer)
        } catch {
            throw writer.located(error)
        }
        try writer.checkComplete()
        return writer.bytes
    }

    /// The document, which must be complete.
    package consuming func finish() -> [UInt8] { bytes }

    /// What was written so far.
    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: buffer, count: count)) }
}

extension JSONWriter {
    /// A failure of Foundation's encoder, placed below the value that it was given.
    func located(_ failure: CodableFailure) -> PayloadError {
        let written = UnsafeBufferPointer(start: buffer + payloadStart, count: max(count - payloadStart, 0))
        var pointer = JSONPointer(to: written.count, in: written)
        for part in failure.path { pointer = pointer.appending(part) }
        return PayloadError(failure.code, pointer: pointer.description, offset: nil, failure.message)
    }
}
