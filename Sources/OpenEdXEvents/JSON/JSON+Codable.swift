// The one file of the core that imports Foundation: for payloads that are `Codable` and have no coders of their own.
import Foundation

extension JSONPayload where Self: Codable {
    /// Reads the value with `JSONDecoder`. Dates are read as RFC 3339, data as base64.
    ///
    /// Throws the decoder's error as a ``PayloadError`` with its place and without the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        let raw = try json.valueBytes()
        do {
            self = try CodableCoders.decoder.decode(Self.self, from: Data(raw))
        } catch {
            throw json.located(CodableCoders.failure(error, reading: Self.self), in: raw)
        }
    }

    /// Writes the value with `JSONEncoder`. Dates are written as RFC 3339, data as base64.
    ///
    /// Throws the encoder's error as a ``PayloadError`` with its place and without the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        let data: Data
        do {
            data = try CodableCoders.encoder.encode(self)
        } catch {
            throw json.located(CodableCoders.failure(error, writing: Self.self))
        }
        try json.writeRaw([UInt8](data))
    }
}

extension JSONPayload where Self: Codable & RawRepresentable, RawValue: JSONReadable {
    /// Reads the raw value. Throws with the code ``PayloadError/Code/invalid`` if there is no case for it.
    public init(from json: inout JSONReader) throws(PayloadError) {
        guard let value = Self(rawValue: try RawValue(from: &json)) else {
            throw json.invalid("the value is none of those that the type knows")
        }
        self = value
    }
}

extension JSONPayload where Self: Codable & RawRepresentable, RawValue: JSONWritable {
    /// Writes the raw value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        try rawValue.write(to: &json)
    }
}

/// A failure of Foundation's coders: what, and the path to it from the value that was coded.
struct CodableFailure {
    let code: PayloadError.Code
    let path: [String]
    let message: String
}

/// Foundation's coders, set up once. Both may be used from several threads at once.
private enum CodableCoders {
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let time = EventTime(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time of RFC 3339")
            }
            return Date(timeIntervalSince1970: Double(time.seconds) + Double(time.nanoseconds) / 1e9)
        }
        return decoder
    }()

    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            // A Date holds a present day time to about a tenth of a microsecond.
            let microseconds = (date.timeIntervalSince1970 * 1e6).rounded()
            guard microseconds.magnitude < 1e17 else {
                throw EncodingError.invalidValue(
                    date, .init(codingPath: encoder.codingPath, debugDescription: "not a time of RFC 3339"))
            }
            let (seconds, rest) = Int64(microseconds).quotientAndRemainder(dividingBy: 1_000_000)
            let time = EventTime(
                seconds: rest < 0 ? seconds - 1 : seconds,
                nanoseconds: Int32(rest < 0 ? rest + 1_000_000 : rest) * 1000)
            var container = encoder.singleValueContainer()
            try container.encode(time.description)
        }
        return encoder
    }()

    // Foundation's own descriptions may hold values, so none of them is used.

    static func failure(_ error: any Error, reading type: Any.Type) -> CodableFailure {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            CodableFailure(
                code: .missing, path: path(context.codingPath + [key]), message: "a required member is absent")
        case DecodingError.valueNotFound(let expected, let context):
            CodableFailure(
                code: .wrongType, path: path(context.codingPath), message: "expected \(expected), found null")
        case DecodingError.typeMismatch(let expected, let context):
            CodableFailure(
                code: .wrongType, path: path(context.codingPath), message: "the value cannot be read as \(expected)")
        case DecodingError.dataCorrupted(let context):
            CodableFailure(
                code: .invalid, path: path(context.codingPath), message: "the value is none that \(type) can hold")
        case let error as PayloadError:
            CodableFailure(code: error.code, path: [], message: error.message)
        default:
            CodableFailure(
                code: .coderFailed, path: [], message: "\(type) threw \(Swift.type(of: error)) while it was read")
        }
    }

    static func failure(_ error: any Error, writing type: Any.Type) -> CodableFailure {
        switch error {
        case EncodingError.invalidValue(let value, let context):
            CodableFailure(
                code: value is any FloatingPoint ? .notFinite : .invalid, path: path(context.codingPath),
                message: "a value of \(Swift.type(of: value)) cannot be written as JSON")
        case let error as PayloadError:
            CodableFailure(code: error.code, path: [], message: error.message)
        default:
            CodableFailure(
                code: .coderFailed, path: [], message: "\(type) threw \(Swift.type(of: error)) while it was written")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> [String] {
        keys.map { $0.intValue.map(String.init) ?? $0.stringValue }
    }
}
