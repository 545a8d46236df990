/// Reads a validated JSON value forward, member by member and element by element, into Swift values.
///
/// A coder reads an object like this; every member is read or skipped, and the loop runs to the end:
///
/// ```swift
/// try json.beginObject()
/// while let field = try json.nextField(of: Self.names) {
///     switch field {
///     case 0: id = try json.read()
///     case 1: name = try json.read()
///     default: try json.skipValue()
///     }
/// }
/// ```
///
/// A coder that calls out of order gets a ``PayloadError`` with the code ``PayloadError/Code/misuse``.
///
/// Safety: the reader lives only within ``read(_:from:)`` and its kin, which lend it the bytes; nothing public makes
/// one, and it cannot be copied, so none outlives them. The bytes were validated and are well formed from `start` to
/// `end`. The position stands at the beginning of a token, of white space, or at the end: every step looks at the token
/// that is there, whatever a coder expects, and moves past the whole of it or throws.
public struct JSONReader: ~Copyable {
    /// Where the payload begins: offsets and pointers of errors count from here.
    let start: BytePointer
    let end: BytePointer
    /// Where strings come from that were read before.
    var strings: StringCache.Loan?
    var position: BytePointer
    /// Where the value stands that has been announced and not read, to catch a coder that reads none.
    var pending: BytePointer?
    /// The fields expected next, for the objects that are open. Only a guess: deep objects share their slots.
    private var expected: InlineArray<16, UInt8>
    private var depth: UInt8 = 0
    /// Whether the bytes were not validated, see ``Nesting``.
    let isStrict: Bool
    var nesting = Nesting()

    /// The bytes must be one valid JSON value and outlive the reader.
    init(validated bytes: UnsafeBufferPointer<UInt8>, strings: StringCache.Loan? = nil) {
        self.init(bytes, strings, isStrict: false)
    }

    /// The bytes may be anything, and more than one value, and must outlive the reader.
    init(unvalidated bytes: UnsafeBufferPointer<UInt8>, strings: StringCache.Loan? = nil) {
        self.init(bytes, strings, isStrict: true)
        pending = start
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ strings: StringCache.Loan?, isStrict: Bool) {
        self.strings = strings
        start = bytes.baseAddress ?? BytePointer(bitPattern: 1).unsafelyUnwrapped
        end = start + bytes.count
        position = start
        expected = InlineArray(repeating: 0)
        self.isStrict = isStrict
    }

    // MARK: - Objects

    /// Begins an object: its names follow. Throws if the value is none.
    public mutating func beginObject() throws(PayloadError) {
        guard valueStart() == Byte.leftBrace else { throw wrongType("an object") }
        if isStrict, !nesting.beginObject() { throw notAtOnce() }
        position += 1
        depth &+= 1
        expected[Int(depth & 15)] = 0
    }

    /// The index of the next member's name; ``JSONFieldNames/unknown`` for one that is not in the list, which is then
    /// to be skipped; `nil` at the end of the object.
    public mutating func nextField(of names: JSONFieldNames) throws(PayloadError) -> Int? {
        // Compact JSON whose members come as the list has them: everything else goes the slow way.
        var here = position
        guard here < end, here != pending else { return try nextFieldSlowly(of: names) }
        if isStrict, !isMemberStart(here) { throw notAtOnce() }
        if here.pointee == Byte.comma {
            here += 1
        } else if here.pointee == Byte.rightBrace {
            if isStrict { nesting.end() }
            position = here + 1
            depth &-= 1
            return nil
        }
        let slot = Int(depth & 15)
        let index = Int(expected[slot])
        guard index < names.count, names.matches(index, here, before: end) else {
            return try nextFieldSlowly(of: names)
        }
        here += names.entries[index].tokenCount
        expected[slot] = UInt8(truncatingIfNeeded: index &+ 1)
        position = here
        pending = here
        return index
    }

    @inline(never)
    private mutating func nextFieldSlowly(of names: JSONFieldNames) throws(PayloadError) -> Int? {
        if isStrict { return try nextFieldStrictly(of: names) }
        guard try nextName() else { return nil }
        let slot = Int(depth & 15)
        var index = Int(expected[slot])
        // Members that are absent are passed over: the one after the expected is tried too.
        if index >= names.count || !names.matches(index, position, before: end) {
            index += 1
            if index >= names.count || !names.matches(index, position, before: end) { index = JSONFieldNames.unknown }
        }
        if index >= 0 {
            position += names.entries[index].tokenCount
        } else {
            index = try lookUp(in: names)
        }
        if index >= 0 { expected[slot] = UInt8(truncatingIfNeeded: index &+ 1) }
        pending = position
        return index
    }

    /// Reads a name that does not follow the one before in the list, if it comes later in it: so none comes twice.
    private mutating func nextFieldStrictly(of names: JSONFieldNames) throws(PayloadError) -> Int? {
        guard position < end, position != pending else { throw notAtOnce() }
        let here = position.pointee == Byte.comma ? position + 1 : position
        let slot = Int(depth & 15)
        for index in min(Int(expected[slot]), names.count)..<names.count where names.holds(index, here, before: end) {
            expected[slot] = UInt8(truncatingIfNeeded: index &+ 1)
            position = here + names.entries[index].tokenCount
            pending = position
            return index
        }
        throw notAtOnce()
    }

    /// The next member's name; `nil` at the end of the object.
    public mutating func nextKey() throws(PayloadError) -> String? {
        if isStrict { throw notAtOnce() }
        guard try nextName() else { return nil }
        let name = try readString()
        try readColon()
        return name
    }

    /// Moves to the opening quote of the next name; `false` behind the end of the object.
    @inline(__always)
    private mutating func nextName() throws(PayloadError) -> Bool {
        var byte = peek()
        guard position != pending else { throw unreadValue() }
        if byte == Byte.comma {
            position += 1
            byte = peek()
        }
        if byte == Byte.quote { return true }
        guard byte == Byte.rightBrace else { throw misuse("a member's name was asked for where there is none") }
        position += 1
        depth &-= 1
        return false
    }

    /// Reads a name that is not where the list expects it.
    @inline(never)
    private mutating func lookUp(in names: JSONFieldNames) throws(PayloadError) -> Int {
        let contents = try stringContents()
        let index: Int
        if contents.isEscaped {
            index = Array(unescaping: contents.bytes).withUnsafeBufferPointer { names.index(of: $0) }
        } else {
            index = names.index(of: contents.bytes)
        }
        try readColon()
        return index
    }

    private mutating func readColon() throws(PayloadError) {
        guard peek() == Byte.colon else { throw misuse("a string was taken for a member's name") }
        position += 1
        pending = position
    }

    // MARK: - Arrays

    /// Begins an array: its elements follow. Throws if the value is none.
    public mutating func beginArray() throws(PayloadError) {
        guard valueStart() == Byte.leftBracket else { throw wrongType("an array") }
        if isStrict, !nesting.beginArray() { throw notAtOnce() }
        position += 1
        pending = nil
    }

    /// Whether there is another element, which is then to be read or skipped; `false` behind the end of the array.
    public mutating func nextElement() throws(PayloadError) -> Bool {
        if isStrict { return try nextElementStrictly() }
        let byte = peek()
        if byte == Byte.rightBracket {
            position += 1
            return false
        }
        guard position != pending else { throw unreadValue() }
        if byte == Byte.comma {
            position += 1
            _ = peek()
        } else if byte == Byte.colon || byte == Byte.rightBrace || position == end {
            throw misuse("an element was asked for where there is none")
        }
        pending = position
        return true
    }

    private mutating func nextElementStrictly() throws(PayloadError) -> Bool {
        guard isElementStart(position) else { throw notAtOnce() }
        if position.pointee == Byte.rightBracket {
            nesting.end()
            position += 1
            return false
        }
        if position.pointee == Byte.comma { position += 1 }
        pending = position
        return true
    }

    // MARK: - Any value

    /// Reads a value of a type that can be read.
    @inlinable
    public mutating func read<Value: JSONReadable>(_ type: Value.Type = Value.self) throws(PayloadError) -> Value {
        try Value(from: &self)
    }

    /// Reads `null`, if it is there; otherwise reads nothing.
    public mutating func readNull() throws(PayloadError) -> Bool {
        guard valueStart() == UInt8(ascii: "n") else { return false }
        if isStrict, !holdsLiteral("null") { throw notAtOnce() }
        position += 4
        return true
    }

    /// Reads `true` or `false`.
    public mutating func readBool() throws(PayloadError) -> Bool {
        switch valueStart() {
        case UInt8(ascii: "t"):
            if isStrict, !holdsLiteral("true") { throw notAtOnce() }
            position += 4
            return true
        case UInt8(ascii: "f"):
            if isStrict, !holdsLiteral("false") { throw notAtOnce() }
            position += 5
            return false
        default: throw wrongType("true or false")
        }
    }

    /// Skips a value, whatever it is.
    public mutating func skipValue() throws(PayloadError) {
        _ = try valueBytes()
    }

    /// Reads a value as its JSON text.
    public mutating func readRawValue() throws(PayloadError) -> [UInt8] {
        Array(try valueBytes())
    }

    // MARK: - Errors

    /// The error of an object that lacks a required member, to be thrown behind the object's end.
    public func missing(_ field: StaticString) -> PayloadError {
        missing(field.description)
    }

    @inline(never)
    package func missing(_ field: String) -> PayloadError {
        let end = max(offset - 1, 0)
        let pointer = JSONPointer(to: end, in: payload).appending(field)
        return PayloadError(.missing, pointer: pointer.description, offset: end, "a required member is absent")
    }

    /// The error of a value of the right type that is not one of those allowed, to be thrown right after reading it.
    /// Put no value in the message.
    @inline(never)
    public func invalid(_ message: String) -> PayloadError {
        PayloadError(.invalid, offset: max(offset - 1, 0), message)
    }

    /// What stands here, in words, is not what is expected.
    @inline(never)
    func wrongType(_ expected: StaticString) -> PayloadError {
        let found =
            switch position < end ? position.pointee : 0 {
            case Byte.quote: "a string"
            case Byte.leftBrace: "an object"
            case Byte.leftBracket: "an array"
            case UInt8(ascii: "n"): "null"
            case UInt8(ascii: "t"), UInt8(ascii: "f"): "true or false"
            case 0x30...0x39, Byte.minus: "a number"
            default: ""
            }
        if found.isEmpty { return misuse("\(expected) was asked for where no value begins") }
        return PayloadError(.wrongType, offset: offset, "expected \(expected), found \(found)")
    }

    @inline(never)
    func misuse(_ message: String) -> PayloadError {
        PayloadError(.misuse, offset: offset, "the type's own coder reads out of order: " + message)
    }

    @inline(never)
    private func unreadValue() -> PayloadError {
        misuse("a value was announced and neither read nor skipped")
    }

    var offset: Int { start.distance(to: position) }
    var payload: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: start.distance(to: end)) }
}
