/// The path to a member within a payload, by which records are keyed: `enrollment.course.course_key` (rule 26).
public struct JSONKeyPath: Sendable, Hashable, CustomStringConvertible {
    /// The path as it was given.
    public let description: String
    /// Names of members, from the payload inwards; at least one, none of them empty.
    private let names: [String]
    /// The same names, each as a list of its own that is matched without making a `String`; `nil` where one of them is
    /// not of the kind that can stand in such a list.
    private let tables: [JSONFieldNames]?

    /// Creates a path from names with dots between them.
    ///
    /// Throws if the path or a name in it is empty.
    public init(_ dotted: String) throws(InvalidAttribute) {
        let names = dotted.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if let empty = names.firstIndex(of: "") {
            throw InvalidAttribute(
                .routes, attribute: "key path", offset: names[..<empty].reduce(0) { $0 + $1.utf8.count + 1 },
                "a name in the path is empty; write names with single dots between them")
        }
        description = dotted
        self.names = names
        tables = names.allSatisfy(JSONFieldNames.canHold) ? names.map { JSONFieldNames([$0]) } : nil
    }

    /// Whether two paths name the same member.
    public static func == (left: JSONKeyPath, right: JSONKeyPath) -> Bool { left.description == right.description }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }

    /// The key in a validated JSON value: the text of a string, or the canonical text of a number, `true` or `false`.
    ///
    /// `nil` if the member is absent, `null`, an object or an array.
    package func key(in payload: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        do throws(PayloadError) {
            var reader = JSONReader(validated: payload)
            if let tables {
                for table in tables { guard try reader.enter(onlyMemberOf: table) else { return nil } }
            } else {
                for name in names { guard try reader.enter(member: name) else { return nil } }
            }
            switch reader.peek() {
            case Byte.quote:
                return try reader.withString { Array($0) }
            case UInt8(ascii: "t"), UInt8(ascii: "f"), 0x30...0x39, Byte.minus:
                let text = try reader.readRawValue()
                return text.elementsEqual("-0".utf8) ? [Byte.zero] : text
            default:
                return nil
            }
        } catch {
            return nil
        }
    }

    /// The key in a validated JSON value that stands at a range of a document.
    package func key(in document: [UInt8], at range: Range<Int>) -> [UInt8]? { key(in: document[range]) }

    /// The key in a validated JSON value.
    package func key(in payload: ArraySlice<UInt8>) -> [UInt8]? {
        payload.withUnsafeBufferPointer { key(in: $0) }
    }
}
