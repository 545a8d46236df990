import Foundation
import OpenEdXEvents

/// Holds the reader and the writer against the plain grammar's tree, on documents that are valid.
enum ReaderCheck {
    static func run(_ input: [UInt8], _ model: JSONModel) throws(Mismatch) {
        do {
            let skipped = try read(input, as: Skipped.self)
            guard ModelParser.judge(skipped.raw).value == model else {
                throw Mismatch("reader", "a skipped value is not the whole document")
            }
            let tree = try read(input, as: ReadTree.self)
            guard tree.model == model else { throw Mismatch("reader", "reads another value than the document holds") }
            try checkNumbers(model)
            try checkWriter(tree)
        } catch let error as Mismatch {
            throw error
        } catch {
            throw Mismatch("reader", "refuses a valid document: \(error)")
        }
    }

    private static func read<Value: JSONReadable>(_ input: [UInt8], as type: Value.Type) throws -> Value {
        try input.withUnsafeBufferPointer { bytes in try JSONReader.read(type, validated: bytes) }
    }

    /// What is written must read as the same value, and be valid.
    private static func checkWriter(_ tree: ReadTree) throws {
        let written = try JSONWriter.write(tree)
        let verdict = ModelParser.judge(written)
        guard verdict.isValid, verdict.value == tree.model else {
            throw Mismatch("writer", "what is written is another value, or none")
        }
        guard !written.contains(where: { $0 < 0x20 }) else { throw Mismatch("writer", "writes a control character") }
    }

    private static func checkNumbers(_ model: JSONModel) throws(Mismatch) {
        switch model {
        case .array(let elements): for element in elements { try checkNumbers(element) }
        case .object(let members): for member in members { try checkNumbers(member.value) }
        case .number(let text): try checkNumber(text)
        default: break
        }
    }

    private static func checkNumber(_ text: [UInt8]) throws(Mismatch) {
        let string = String(decoding: text, as: UTF8.self)
        let double = Double(string).flatMap { $0.isFinite ? $0 : nil }
        // Compared as bits: −0 is not 0.
        guard (try? JSONReader.read(Double.self, from: text))?.bitPattern == double?.bitPattern else {
            throw Mismatch("number", "is read as another double")
        }
        let float = Float(string).flatMap { $0.isFinite ? $0 : nil }
        guard (try? JSONReader.read(Float.self, from: text))?.bitPattern == float?.bitPattern else {
            throw Mismatch("number", "is read as another single precision number")
        }
        try checkInteger(text, string, Int64.self)
        try checkInteger(text, string, UInt64.self)
        try checkInteger(text, string, Int32.self)
        try checkInteger(text, string, Int8.self)
        try checkInteger(text, string, UInt8.self)
    }

    private static func checkInteger<Value: FixedWidthInteger & JSONReadable>(
        _ text: [UInt8], _ string: String, _ type: Value.Type
    ) throws(Mismatch) {
        let read = try? JSONReader.read(type, from: text)
        if let value = Value(string) ?? (string == "-0" ? 0 : nil) {
            guard read == value else { throw Mismatch("number", "is read as another \(type)") }
        } else if string.utf8.contains(where: { [0x2E, 0x65, 0x45].contains($0) }) {
            // With a fraction or an exponent it is taken if it is whole, never as another number.
            if let read, Double(string) != Double(read) {
                throw Mismatch("number", "is taken as a \(type) that it is not")
            }
        } else if read != nil {
            throw Mismatch("number", "is taken as a \(type), which cannot hold it")
        }
    }
}

/// A value as its text, skipped over.
private struct Skipped: JSONReadable {
    let raw: [UInt8]

    init(from json: inout JSONReader) throws(PayloadError) { raw = try json.readRawValue() }
}

/// Any value, read by asking for one kind after another.
struct ReadTree: JSONReadable, JSONWritable {
    let model: JSONModel

    init(from json: inout JSONReader) throws(PayloadError) { model = try Self.read(&json) }

    private static func read(_ json: inout JSONReader) throws(PayloadError) -> JSONModel {
        if try json.readNull() { return .null }
        if let text = try? json.readString() { return .string(Array(text.utf8)) }
        if let value = try? json.readBool() { return .bool(value) }
        if (try? json.beginObject()) != nil {
            var members: [JSONModel.Member] = []
            while let name = try json.nextKey() {
                members.append(.init(name: Array(name.utf8), value: try read(&json)))
            }
            return .object(members)
        }
        if (try? json.beginArray()) != nil {
            var elements: [JSONModel] = []
            while try json.nextElement() { elements.append(try read(&json)) }
            return .array(elements)
        }
        return .number(try json.readRawValue())
    }

    func write(to json: inout JSONWriter) throws(PayloadError) { try Self.write(model, to: &json) }

    private static func write(_ model: JSONModel, to json: inout JSONWriter) throws(PayloadError) {
        switch model {
        case .null: json.writeNull()
        case .bool(let value): json.write(value)
        case .number(let text): try json.writeRaw(text)
        case .string(let text): json.write(String(decoding: text, as: UTF8.self))
        case .array(let elements):
            json.beginArray()
            for element in elements { try write(element, to: &json) }
            json.endArray()
        case .object(let members):
            json.beginObject()
            for member in members {
                json.key(String(decoding: member.name, as: UTF8.self))
                try write(member.value, to: &json)
            }
            json.endObject()
        }
    }
}
