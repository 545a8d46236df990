import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Event times")
struct EventTimeTests {
    @Test(
        "OEP41-17: every form of RFC 3339 is read, and written in UTC with the fewest digits",
        arguments: [
            ("2026-03-14T15:09:26Z", "2026-03-14T15:09:26Z"),
            ("2026-03-14t15:09:26z", "2026-03-14T15:09:26Z"),
            ("2026-03-14 15:09:26Z", "2026-03-14T15:09:26Z"),
            ("2026-03-14T15:09:26+00:00", "2026-03-14T15:09:26Z"),
            ("2026-03-14T15:09:26-00:00", "2026-03-14T15:09:26Z"),
            ("2026-03-14T15:09:26.535897+00:00", "2026-03-14T15:09:26.535897Z"),
            ("2026-03-14T17:09:26+02:00", "2026-03-14T15:09:26Z"),
            ("2026-03-14T15:09:26-09:30", "2026-03-15T00:39:26Z"),
            ("2026-03-14T15:09:26+23:59", "2026-03-13T15:10:26Z"),
            ("2026-03-14T15:09:26.5Z", "2026-03-14T15:09:26.500Z"),
            ("2026-03-14T15:09:26.50Z", "2026-03-14T15:09:26.500Z"),
            ("2026-03-14T15:09:26.000Z", "2026-03-14T15:09:26Z"),
            ("2026-03-14T15:09:26.001Z", "2026-03-14T15:09:26.001Z"),
            ("2026-03-14T15:09:26.5358Z", "2026-03-14T15:09:26.535800Z"),
            ("2026-03-14T15:09:26.000001Z", "2026-03-14T15:09:26.000001Z"),
            ("2026-03-14T15:09:26.5358971Z", "2026-03-14T15:09:26.535897100Z"),
            ("2026-03-14T15:09:26.000000001Z", "2026-03-14T15:09:26.000000001Z"),
            ("2026-03-14T15:09:26.999999999Z", "2026-03-14T15:09:26.999999999Z"),
            ("2026-03-14T15:09:26.9999999999999999999999Z", "2026-03-14T15:09:26.999999999Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"), ("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"),
            ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00Z"), ("0000-02-29T00:00:00Z", "0000-02-29T00:00:00Z"),
            ("9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("0001-01-01T00:30:00+00:30", "0001-01-01T00:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60Z"),
            ("2016-12-31T23:59:60.25Z", "2016-12-31T23:59:60.250Z"),
            ("1990-12-31T15:59:60-08:00", "1990-12-31T23:59:60Z"),
            ("2015-07-01T01:59:60+02:00", "2015-06-30T23:59:60Z"),
            ("2024-02-29T23:59:60Z", "2024-02-29T23:59:60Z"), ("9999-12-31T23:59:60Z", "9999-12-31T23:59:60Z"),
        ])
    func read(text: String, canonical: String) throws {
        let time = try #require(EventTime(text))
        #expect(time.description == canonical)
        #expect(EventTime(canonical) == time)
    }

    @Test(
        "OEP41-17: what is no RFC 3339 time is refused",
        arguments: [
            "", "Z", "2026-03-14", "2026-03-14T15:09:26", "2026-03-14T15:09Z", "2026-03-14T15:09:26.Z",
            "2026-03-14T15:09:26,5Z", "2026-03-14T15:09:26.5", "2026-03-14T15:09:26ZZ", "2026-03-14T15:09:26 Z",
            " 2026-03-14T15:09:26Z", "2026-03-14T15:09:26Z ", "2026-03-14_15:09:26Z", "2026-03-14T24:00:00Z",
            "2026-03-14T15:60:26Z", "2026-03-14T15:09:61Z", "2026-00-14T15:09:26Z", "2026-13-14T15:09:26Z",
            "2026-03-00T15:09:26Z", "2026-03-32T15:09:26Z", "2026-04-31T15:09:26Z", "2026-02-29T15:09:26Z",
            "1900-02-29T15:09:26Z", "2026-03-14T15:09:26+2:00", "2026-03-14T15:09:26+0200", "2026-03-14T15:09:26+24:00",
            "2026-03-14T15:09:26+02:60", "2026-03-14T15:09:26+02", "2026-03-14T15:09:26+02:00Z",
            "20260314T150926Z", "+2026-03-14T15:09:26Z", "12026-03-14T15:09:26Z", "2026-3-14T15:09:26Z",
            "2026/03/14T15:09:26Z", "2026-03-14T15-09-26Z", "2026-03-14T15:09:26.-1Z", "2026-03-14T15:09:2６Z",
            "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "2026-03-14T15:09:60Z", "2026-03-31T22:59:60Z",
            "2026-03-30T23:59:60Z", "2026-02-28T23:58:60Z", "2024-02-28T23:59:60Z", "2016-12-31T23:59:60+01:00",
            "2026-03-14T15:09:26\0", "2026-03-14T15:09:26.5\0Z", "today at ten o'clock",
        ])
    func refused(text: String) {
        #expect(EventTime(text) == nil)
    }

    @Test("OEP41-17: seconds agree with Foundation's calendar over 4 000 years")
    func calendar() {
        let formatter = ISO8601DateFormatter()
        for day in stride(from: -700_000, to: 800_000, by: 733) {
            let seconds = Int64(day) * 86_400 + 45_296
            let time = EventTime(seconds: seconds)
            let (year, month, dayOfMonth) = EventTime.date(ofDay: Int64(day))
            #expect(EventTime.day(year: year, month: month, day: dayOfMonth) == Int64(day))
            #expect(EventTime(time.description) == time)
            // Foundation changes to the Julian calendar before October 1582.
            if day > -141_427 {
                #expect(time.description == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
            }
        }
    }

    @Test("Times are in order, leap seconds too")
    func order() throws {
        let times = try [
            "0000-01-01T00:00:00Z", "2016-12-31T23:59:59.999999999Z", "2016-12-31T23:59:60Z", "2016-12-31T23:59:60.5Z",
            "2017-01-01T00:00:00Z",
        ].map { try #require(EventTime($0)) }
        #expect(times.sorted() == times)
        #expect(Set(times).count == times.count)
        #expect(times[2].nanoseconds == 1_000_000_000)
        #expect(times[2].seconds == times[1].seconds)
    }

    @Test("Nanoseconds outside a second are carried, and times outside the years are brought to their ends")
    func carries() {
        #expect(EventTime(seconds: 0, nanoseconds: -1).description == "1969-12-31T23:59:59.999999999Z")
        #expect(EventTime(seconds: 0, nanoseconds: 1_500_000_000).description == "1970-01-01T00:00:01.500Z")
        #expect(EventTime(seconds: -1, nanoseconds: 1_500_000_000).description == "1969-12-31T23:59:60.500Z")
        #expect(EventTime(seconds: -1, nanoseconds: 2_000_000_000).description == "1970-01-01T00:00:01Z")
        #expect(EventTime(seconds: .max, nanoseconds: .max) == .distantFuture)
        #expect(EventTime(seconds: .min, nanoseconds: .min) == .distantPast)
        #expect(EventTime(seconds: 253_402_300_800) == .distantFuture)
        #expect(EventTime(seconds: 253_402_300_799, nanoseconds: 2_000_000_000) == .distantFuture)
        #expect(EventTime(seconds: -62_167_219_201, nanoseconds: 1_000_000_000) == .distantPast)
        #expect(EventTime(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
        #expect(EventTime(milliseconds: -1).milliseconds == -1)
        #expect(EventTime(milliseconds: .max) == .distantFuture)
        #expect(EventTime(milliseconds: .min) == .distantPast)
        #expect(EventTime.distantFuture.description == "9999-12-31T23:59:59.999999999Z")
        #expect(EventTime.distantPast.description == "0000-01-01T00:00:00Z")
    }

    @Test("Durations are added and taken")
    func durations() throws {
        let time = try #require(EventTime("2026-02-28T23:59:59.75Z"))
        #expect(time.advanced(by: .milliseconds(250)).description == "2026-03-01T00:00:00Z")
        #expect(time.advanced(by: .milliseconds(-750)).description == "2026-02-28T23:59:59Z")
        #expect(time.advanced(by: .seconds(-1)).description == "2026-02-28T23:59:58.750Z")
        #expect(time.advanced(by: .seconds(Int64.max)) == .distantFuture)
        #expect(time.advanced(by: .seconds(Int64.min)) == .distantPast)
        #expect(time.advanced(by: .seconds(90)).duration(since: time) == .seconds(90))
        #expect(time.duration(since: time.advanced(by: .nanoseconds(1))) == .nanoseconds(-1))
        let leap = try #require(EventTime("2016-12-31T23:59:60.5Z"))
        #expect(leap.advanced(by: .zero) == leap)
        #expect(leap.advanced(by: .seconds(1)).description == "2017-01-01T00:00:01.500Z")
        #expect(leap.duration(since: EventTime(seconds: leap.seconds)) == .milliseconds(1_500))
    }

    @Test("OEP41-17: now is written with Z")
    func now() {
        let text = EventTime.now().description
        #expect(text.hasSuffix("Z"))
        #expect(text.utf8.count <= EventTime.longestText)
    }

    @Test("A time is a string in Codable formats")
    func codable() throws {
        let data = try JSONEncoder().encode([EventTime(seconds: 0)])
        #expect(String(decoding: data, as: UTF8.self) == #"["1970-01-01T00:00:00Z"]"#)
        #expect(try JSONDecoder().decode([EventTime].self, from: data) == [EventTime(seconds: 0)])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([EventTime].self, from: Data("[\"x\"]".utf8)) }
    }

    @Test("OEP41-17: a time with any byte cut or changed is read or refused, never a trap")
    func mutations() {
        for text in ["2016-12-31T23:59:60.123456789+12:34", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.9-23:59"] {
            let bytes = Array(text.utf8)
            for index in bytes.indices {
                for value in UInt8.min...UInt8.max {
                    var changed = bytes
                    changed[index] = value
                    let time = changed.withUnsafeBufferPointer { EventTime.parse($0) }
                    if let time { #expect(EventTime(time.description) == time) }
                }
                #expect(bytes[..<index].withUnsafeBufferPointer { EventTime.parse($0) } == nil)
            }
        }
    }
}
