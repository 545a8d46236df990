/// A type that can be read from JSON.
public protocol JSONReadable {
    /// Reads a value, moving the reader past the whole of it.
    init(from json: inout JSONReader) throws(PayloadError)
}

/// A type that can be written as JSON.
public protocol JSONWritable {
    /// Writes exactly one value.
    func write(to json: inout JSONWriter) throws(PayloadError)
}

/// A type that goes both ways: an event's payload or a part of it.
///
/// A `Codable` type needs nothing else; its coders then go through Foundation. A type with both methods of its own,
/// as the types generated from `schemas/` have them, is some twenty times as fast.
public protocol JSONPayload: JSONReadable, JSONWritable, Sendable {}

// The conformances are `@inlinable`, so that a coder in another module calls the reader and writer directly and
// not through witness tables: a third of the time of the typed-decode benchmark.

extension String: JSONPayload {
    /// Reads a string.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) { self = try json.readString() }

    /// Writes a string.
    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Bool: JSONPayload {
    /// Reads `true` or `false`.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) { self = try json.readBool() }

    /// Writes `true` or `false`.
    @inlinable
    public func write(to json: inout JSONWriter) { json.write(self) }
}

extension Double: JSONPayload {
    /// Reads a number as the nearest double.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) { self = try json.readDouble() }

    /// Writes a number that reads as the same double. Throws if it is not finite.
    @inlinable
    public func write(to json: inout JSONWriter) throws(PayloadError) { try json.write(self) }
}

extension Float: JSONPayload {
    /// Reads a number as the nearest one of single precision.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) { self = try json.readFloat() }

    /// Writes a number that reads as the same. Throws if it is not finite.
    @inlinable
    public func write(to json: inout JSONWriter) throws(PayloadError) { try json.write(self) }
}

extension JSONPayload where Self: FixedWidthInteger & Codable {
    /// Reads an integer. Throws if it does not fit or is not whole.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) { self = try json.readInteger() }

    /// Writes an integer in plain decimal digits.
    @inlinable
    public func write(to json: inout JSONWriter) { json.writeInteger(self) }
}

extension Int: JSONPayload {}
extension Int8: JSONPayload {}
extension Int16: JSONPayload {}
extension Int32: JSONPayload {}
extension Int64: JSONPayload {}
extension UInt: JSONPayload {}
extension UInt8: JSONPayload {}
extension UInt16: JSONPayload {}
extension UInt32: JSONPayload {}
extension UInt64: JSONPayload {}

extension Optional: JSONReadable where Wrapped: JSONReadable {
    /// Reads `null` as `nil`.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) {
        self = try json.readNull() ? nil : Wrapped(from: &json)
    }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Writes `nil` as `null`.
    @inlinable
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        guard let self else { return json.writeNull() }
        try self.write(to: &json)
    }
}

extension Optional: JSONPayload where Wrapped: JSONPayload {}

extension Array: JSONReadable where Element: JSONReadable {
    /// Reads the value.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) {
        self = []
        try json.beginArray()
        while try json.nextElement() { append(try Element(from: &json)) }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes the value.
    @inlinable
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginArray()
        for element in self { try element.write(to: &json) }
        json.endArray()
    }
}

extension Array: JSONPayload where Element: JSONPayload {}

extension Dictionary: JSONReadable where Key == String, Value: JSONReadable {
    /// Reads the value.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) {
        self = [:]
        try json.beginObject()
        while let key = try json.nextKey() {
            // JSON tells names apart by code points, Swift by canonical equivalence.
            guard updateValue(try Value(from: &json), forKey: key) == nil else {
                throw json.invalid("two names of the object are canonically equivalent")
            }
        }
    }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// Writes the members in the order of their names, so that equal dictionaries are written alike.
    @inlinable
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        for key in keys.sorted() {
            guard let value = self[key] else { continue }
            json.key(key)
            try value.write(to: &json)
        }
        json.endObject()
    }
}

extension Dictionary: JSONPayload where Key == String, Value: JSONPayload {}

// MARK: - Enumerations and wrappers

extension JSONReadable where Self: RawRepresentable, RawValue: JSONReadable {
    /// Reads the raw value. Throws with the code ``PayloadError/Code/invalid`` if there is no case for it.
    @inlinable
    public init(from json: inout JSONReader) throws(PayloadError) {
        guard let value = Self(rawValue: try RawValue(from: &json)) else {
            throw json.invalid("the value is none of those that the type knows")
        }
        self = value
    }
}

extension JSONWritable where Self: RawRepresentable, RawValue: JSONWritable {
    /// Writes the raw value.
    @inlinable
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        try rawValue.write(to: &json)
    }
}
