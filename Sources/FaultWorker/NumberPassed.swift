package import OpenEdXEvents

/// The event that the fault tests send: the n-th of its key.
package struct NumberPassed: Event, Hashable {
    /// The event type's name.
    package static let type: EventType = "org.openedx.learning.fault.number.passed.v1"
    private static let names: JSONFieldNames = ["key", "number"]

    package let key: String
    package let number: Int

    package init(key: String, number: Int) {
        self.key = key
        self.number = number
    }

    package init(from json: inout JSONReader) throws(PayloadError) {
        var key: String?
        var number: Int?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: key = try json.read(String.self)
            case 1: number = try json.read(Int.self)
            default: try json.skipValue()
            }
        }
        guard let key else { throw json.missing("key") }
        guard let number else { throw json.missing("number") }
        self.init(key: key, number: number)
    }

    package func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("key", key)
        try json.member("number", number)
        json.endObject()
    }
}

/// The events of one lane: every so many-th key, the keys in turns, each with its numbers in order.
package struct Lane: Sendable {
    /// How many lanes there are; each sends one batch at a time, so that order within its keys is its own.
    package static let count = 8

    package let number: Int
    private let keys: Int

    package init(_ number: Int, keys: Int) {
        self.number = number
        self.keys = (keys - number + Self.count - 1) / Self.count
    }

    /// How many of so many events belong to the lane.
    package func share(of events: Int) -> Int { (events - number + Self.count - 1) / Self.count }

    /// The lane's event at an index.
    package func event(_ index: Int) -> NumberPassed {
        NumberPassed(key: "key-\(number + index % keys * Self.count)", number: index / keys)
    }

    /// The lane's event at an index, with the id that it has each time it is sent.
    package func emission(_ index: Int) -> Emission {
        Emission(event(index), at: Self.time, id: Self.id(number, index))
    }

    private static let time = EventTime(seconds: 1_780_000_000, nanoseconds: 0)

    /// A version 1 UUID with a node that is no network card's (OEP41-04), made of lane and index.
    private static func id(_ lane: Int, _ index: Int) -> EventID {
        EventID(high: UInt64(index) << 32 | UInt64(lane) << 16 | 0x1000, low: 0x8000_0100_0000_0000 | UInt64(lane))
    }
}
