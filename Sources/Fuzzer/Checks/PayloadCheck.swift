import EventSchemas
import Foundation
import OpenEdXEvents

/// Holds the direct coders of a payload against the same type's `Codable` coders in Foundation.
enum PayloadCheck {
    private static let decoder = JSONDecoder()
    private static let names: JSONFieldNames = ["enrollment"]

    /// - Parameter data: A valid JSON value.
    static func run(_ data: [UInt8], _ model: JSONModel) throws(Mismatch) {
        let ours: Result<CourseEnrollmentCreated, PayloadError>
        do throws(PayloadError) {
            ours = .success(try JSONReader.read(CourseEnrollmentCreated.self, from: data))
        } catch {
            ours = .failure(error)
        }
        if case .failure(let error) = ours {
            guard let offset = error.offset, (0...data.count).contains(offset), error.code != .misuse else {
                throw Mismatch("payload", "a failure without a place in the data: \(error)")
            }
        }
        let theirs = try? decoder.decode(CourseEnrollmentCreated.self, from: Data(data))
        switch (ours, theirs) {
        case (.success(let ours), .some(let theirs)):
            guard ours == theirs else { throw Mismatch("payload", "is decoded as another value") }
            try checkRoundTrip(ours)
        case (.failure, .none): break
        case (.failure(let error), .some):
            // Foundation rounds 1.00000000000000001 to 1; an integer is taken here only if it is one.
            if let offset = error.offset, error.code == .outOfRange, isRoundedToWhole(data, offset) { break }
            throw Mismatch("payload", "Foundation decodes what fails with \(error)")
        case (.success, .none): throw Mismatch("payload", "is decoded, and not by Foundation")
        }
        try checkKeyPath(data, model)
    }

    private static func checkRoundTrip(_ payload: CourseEnrollmentCreated) throws(Mismatch) {
        let isSame: Bool
        do {
            let written = try JSONWriter.write(payload)
            isSame =
                try JSONReader.read(CourseEnrollmentCreated.self, from: written) == payload
                && decoder.decode(CourseEnrollmentCreated.self, from: Data(written)) == payload
        } catch {
            throw Mismatch("payload", "cannot be read again: \(error)")
        }
        if !isSame { throw Mismatch("payload", "is another one when it was written and read") }
    }

    private static let path = try? JSONKeyPath("enrollment.course.course_key")

    private static func checkKeyPath(_ data: [UInt8], _ model: JSONModel) throws(Mismatch) {
        guard let path else { throw Mismatch("key path", "is refused") }
        let key = path.key(in: data[...])
        switch model["enrollment"]?["course"]?["course_key"] {
        case .string(let text):
            guard key == text else { throw Mismatch("key path", "finds another text") }
        case .bool(let value):
            guard key == Array(String(value).utf8) else { throw Mismatch("key path", "finds another boolean") }
        case .number: break
        case nil, .null, .array, .object:
            guard key == nil else { throw Mismatch("key path", "finds what is not there") }
        }
    }

    /// Whether the number at an offset is not whole, and the nearest double is.
    private static func isRoundedToWhole(_ data: [UInt8], _ offset: Int) -> Bool {
        func isPart(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        }
        let place = min(offset, data.count - 1)
        let start = data[...place].lastIndex { !isPart($0) }.map { $0 + 1 } ?? 0
        let text = String(decoding: data[start...].prefix(while: isPart), as: UTF8.self).lowercased()
        guard let value = Double(text), value.rounded() == value else { return false }
        let parts = text.split(separator: "e")
        guard let mantissa = parts.first, let exponent = parts.count > 1 ? Int(parts[1]) : 0 else { return false }
        let whole = mantissa.prefix { $0 != "." }.count { $0.isNumber } + exponent
        return mantissa.filter(\.isNumber).dropFirst(max(whole, 0)).contains { $0 != "0" }
    }
}
