import OpenEdXEvents

/// A value in a JSON document, and where it stands there.
public struct JSONNode: Sendable {
    /// A JSON value.
    public enum Value: Sendable {
        /// `null`.
        case null
        /// `true` or `false`.
        case bool(Bool)
        /// A number, exactly as it is written.
        case number(JSONNumber)
        /// A string, without its quotes and escapes.
        case string(String)
        /// An array.
        case array([JSONNode])
        /// An object; its members stand in the document's order.
        case object([Member])
    }

    /// A member of an object.
    public struct Member: Sendable {
        /// The name, without its quotes and escapes.
        public let name: String
        /// Where the name's opening quote stands, in bytes from the beginning of the document.
        public let nameOffset: Int
        /// The value.
        public let node: JSONNode

        /// Creates a member; the offset matters only for one that stands in a document.
        public init(name: String, nameOffset: Int = 0, node: JSONNode) {
            self.name = name
            self.nameOffset = nameOffset
            self.node = node
        }
    }

    /// The value itself.
    public let value: Value
    /// Where its first byte stands, in bytes from the beginning of the document.
    public let offset: Int
    /// The offset behind its last byte.
    public let endOffset: Int

    /// Creates a node; the offsets matter only for one that stands in a document.
    public init(_ value: Value, offset: Int = 0, endOffset: Int = 0) {
        self.value = value
        self.offset = offset
        self.endOffset = endOffset
    }

    /// What kind of value it is, in words: `an object`, `null`, `a number`.
    public var kind: String {
        switch value {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

// MARK: - Parts

extension JSONNode {
    /// The value of an object's member; `nil` if there is none of the name, or no object.
    public subscript(_ name: String) -> JSONNode? { member(name)?.node }

    /// An array's element; `nil` if the index is not in it, or there is no array.
    public subscript(_ index: Int) -> JSONNode? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// An object's member; `nil` if there is none of the name, or no object. Names are compared code point by code
    /// point.
    public func member(_ name: String) -> Member? {
        guard case .object(let members) = value else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// Whether it is `null`.
    public var isNull: Bool {
        if case .null = value { return true }
        return false
    }

    /// The string, `nil` if it is none.
    public var string: String? {
        if case .string(let string) = value { return string }
        return nil
    }

    /// The truth value, `nil` if it is none.
    public var bool: Bool? {
        if case .bool(let bool) = value { return bool }
        return nil
    }

    /// The number, `nil` if it is none.
    public var number: JSONNumber? {
        if case .number(let number) = value { return number }
        return nil
    }

    /// The number as an integer, `nil` if it is none, not whole, or does not fit. `1.0` is 1.
    public var int: Int? { number?.int }

    /// The elements, `nil` if it is no array.
    public var array: [JSONNode]? {
        if case .array(let array) = value { return array }
        return nil
    }

    /// The members, `nil` if it is no object.
    public var members: [Member]? {
        if case .object(let members) = value { return members }
        return nil
    }

    /// The value that a JSON Pointer (RFC 6901) names from here; `nil` if there is none or the text is no pointer.
    public func node(at pointer: String) -> JSONNode? {
        if pointer.isEmpty { return self }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var node = self
        for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let name = PointerText.unescape(token) else { return nil }
            if case .array(let elements) = node.value {
                guard let index = PointerText.index(name), index < elements.count else { return nil }
                node = elements[index]
            } else {
                guard let next = node[name] else { return nil }
                node = next
            }
        }
        return node
    }
}

// MARK: - Equality

extension JSONNode {
    /// Whether it is the same JSON value: the order of members does not matter, and numbers are compared as numbers.
    public func isEqual(to other: JSONNode) -> Bool {
        switch (value, other.value) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.number(let left), .number(let right)): return left == right
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            return zip(Self.sorted(left), Self.sorted(right)).allSatisfy {
                $0.name.utf8.elementsEqual($1.name.utf8) && $0.node.isEqual(to: $1.node)
            }
        default: return false
        }
    }

    /// The members in the order of their names' UTF-8.
    static func sorted(_ members: [Member]) -> [Member] {
        members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}

// MARK: - Literals

extension JSONNode: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral
{
    /// Creates a string.
    public init(stringLiteral value: String) { self.init(.string(value)) }
    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self.init(.bool(value)) }
    /// Creates a number.
    public init(integerLiteral value: Int) { self.init(.number(JSONNumber(value))) }
    /// The value `null`. Not a literal: `nil` is the absence of a node.
    public static let null = JSONNode(.null)
    /// Creates an array.
    public init(arrayLiteral elements: JSONNode...) { self.init(.array(elements)) }

    /// An object with members in this order: `.object(["id": 1])`. A name must not stand twice.
    public static func object(_ members: KeyValuePairs<String, JSONNode>) -> JSONNode {
        JSONNode(.object(members.map { Member(name: $0, node: $1) }))
    }
}
