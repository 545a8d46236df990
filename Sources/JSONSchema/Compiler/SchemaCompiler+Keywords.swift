import OpenEdXEvents

extension SchemaCompiler {
    /// Compiles the keywords of a schema that is an object.
    mutating func compile(_ work: inout NodeWork) {
        let active = index.resources[work.place.resource].vocabularies
        var objectKeywords = ObjectKeywords()
        for member in work.members {
            guard let (vocabulary, _) = Keyword.known(member.name) else {
                noteUnknown(member, work)
                continue
            }
            guard !active.isDisjoint(with: vocabulary) else { continue }
            compile(member, &work, &objectKeywords)
        }
        if !objectKeywords.isEmpty { compile(objectKeywords, &work) }
    }

    private mutating func noteUnknown(_ member: JSONNode.Member, _ work: NodeWork) {
        guard !Keyword.own.contains(member.name) else { return }
        let note = error(
            .unknownKeyword, work.place.document, member.nameOffset,
            work.place.pointer + "/" + PointerText.escape(member.name),
            "unknown keyword \"\(Self.shown(member.name))\"", "remove it, or correct its spelling")
        if options.unknownKeywords == .refused { errors.append(note) } else { notes.append(note) }
    }

    /// A name as messages show it: cut short, without control characters.
    static func shown(_ name: String) -> String {
        let plain = name.unicodeScalars.prefix(60).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        return plain.joined() + (name.unicodeScalars.count > 60 ? "…" : "")
    }

    private mutating func compile(
        _ member: JSONNode.Member, _ work: inout NodeWork, _ object: inout ObjectKeywords
    ) {
        let name = member.name
        let value = member.node
        switch name {
        case "$id", "$schema", "$comment", "title", "description", "contentEncoding", "contentMediaType":
            _ = expectString(value, name, work)
        case "$anchor", "$dynamicAnchor":
            if let anchor = expectString(value, name, work), !Self.isAnchor(anchor) {
                invalid(value, name, work, "begins with a letter or _ and goes on with letters, digits, -, _ and .")
            }
        case "$vocabulary": expectObject(value, name, work) { $0.bool != nil ? nil : "has true or false as values" }
        case "deprecated", "readOnly", "writeOnly":
            if value.bool == nil { invalid(value, name, work, "is true or false") }
        case "examples": if value.array == nil { invalid(value, name, work, "is an array") }
        case "default", "contentSchema": break
        case "$defs", "definitions": expectObject(value, name, work) { _ in nil }
        case "$ref", "$dynamicRef": compileReference(value, name, &work)
        case "type": compileType(value, &work)
        case "const":
            emit(.constant, name, work, at: value, first: constants.add(value), count: 1)
        case "enum":
            guard let values = value.array else { return invalid(value, name, work, "is an array") }
            let first = constants.count
            for value in values { _ = constants.add(value) }
            emit(.enumeration, name, work, at: value, first: first, count: UInt32(values.count))
        case "allOf", "anyOf", "oneOf", "prefixItems": compileList(value, name, work)
        case "not": emit(.not, name, work, at: value, first: inPlace(value, name, work))
        case "if": compileCondition(value, work)
        case "then", "else": break
        case "properties", "patternProperties", "additionalProperties", "required":
            object.add(name, value)
        case "propertyNames": emit(.propertyNames, name, work, at: value, first: child(value, name, work))
        case "dependentRequired", "dependentSchemas", "dependencies": compileDependencies(value, name, work)
        case "unevaluatedProperties":
            work.node.unevaluatedProperties = Int32(child(value, name, work))
            program.tracksEvaluation = true
        case "unevaluatedItems":
            work.node.unevaluatedItems = Int32(child(value, name, work))
            program.tracksEvaluation = true
        case "items": compileItems(value, work)
        case "contains": compileContains(value, work)
        case "minContains", "maxContains": _ = count(value, name, work)
        case "uniqueItems":
            guard let isUnique = value.bool else { return invalid(value, name, work, "is true or false") }
            if isUnique { emit(.uniqueItems, name, work, at: value) }
        case "pattern": compilePattern(value, work)
        case "format": compileFormat(value, work)
        default: compileLimit(value, name, work)
        }
    }

    private mutating func compileLimit(_ value: JSONNode, _ name: String, _ work: NodeWork) {
        let counts: [String: Instruction.Code] = [
            "minProperties": .minProperties, "maxProperties": .maxProperties, "minItems": .minItems,
            "maxItems": .maxItems, "minLength": .minLength, "maxLength": .maxLength,
        ]
        if let code = counts[name] {
            if let limit = count(value, name, work) { emit(code, name, work, at: value, first: limit) }
            return
        }
        let numbers: [String: Instruction.Code] = [
            "minimum": .minimum, "maximum": .maximum, "exclusiveMinimum": .exclusiveMinimum,
            "exclusiveMaximum": .exclusiveMaximum, "multipleOf": .multipleOf,
        ]
        guard let code = numbers[name] else { return }
        guard let number = value.number else { return invalid(value, name, work, "is a number") }
        if code == .multipleOf, number.withDecimal({ $0.isZero || $0.isNegative }) {
            return invalid(value, name, work, "is a number above 0")
        }
        let (start, count) = text(number.text)
        let small = number.text.utf8.count <= 18 ? Int64(number.text) : nil
        program.numbers.append(
            NumberRule(start: start, count: count, small: small ?? 0, isSmall: small != nil))
        emit(code, name, work, at: value, first: UInt32(program.numbers.count - 1))
    }

    private mutating func compileType(_ value: JSONNode, _ work: inout NodeWork) {
        let names = value.array ?? [value]
        var types: UInt8 = 0
        for name in names {
            guard let type = name.string.flatMap(Self.type) else {
                return invalid(
                    name, "type", work,
                    "is one of null, boolean, object, array, number, string and integer, or an array of such")
            }
            types |= type
        }
        if names.isEmpty { return invalid(value, "type", work, "names at least one type") }
        work.node.types = types
        work.node.typePlace = place(work.place.document, value.offset, work.pointer("type"))
    }

    static func type(_ name: String) -> UInt8? {
        switch name {
        case "null": Kind.null
        case "boolean": Kind.bool
        case "object": Kind.object
        case "array": Kind.array
        case "string": Kind.string
        case "number": Kind.number
        case "integer": Kind.integer
        default: nil
        }
    }

    private mutating func compilePattern(_ value: JSONNode, _ work: NodeWork) {
        guard let text = expectString(value, "pattern", work) else { return }
        let pointer = work.pointer("pattern")
        guard let index = pattern(text, work.place, value, offset: value.offset, pointer) else { return }
        emit(.pattern, "pattern", work, at: value, first: index)
    }

    private mutating func compileFormat(_ value: JSONNode, _ work: NodeWork) {
        guard let name = expectString(value, "format", work) else { return }
        let active = index.resources[work.place.resource].vocabularies
        guard options.formats == .assertion || active.contains(.formatAssertion) else { return }
        if let index = format(name) { emit(.format, "format", work, at: value, first: index) }
    }
}

// MARK: - Tools

extension SchemaCompiler {
    mutating func emit(
        _ instruction: Instruction.Code, _ keyword: String, _ work: NodeWork, at value: JSONNode, first: UInt32 = 0,
        count: UInt32 = 0
    ) {
        let place = place(work.place.document, value.offset, work.pointer(keyword))
        code[Int(work.number)].append(Instruction(code: instruction, first: first, count: count, place: place))
    }

    mutating func invalid(_ value: JSONNode, _ keyword: String, _ work: NodeWork, _ expected: String) {
        report(.invalidKeyword, work.place, value, work.pointer(keyword), "`\(keyword)` \(expected)", "")
    }

    mutating func expectString(_ value: JSONNode, _ keyword: String, _ work: NodeWork) -> String? {
        if let string = value.string { return string }
        invalid(value, keyword, work, "is a string")
        return nil
    }

    mutating func expectObject(
        _ value: JSONNode, _ keyword: String, _ work: NodeWork, _ check: (JSONNode) -> String?
    ) {
        guard let members = value.members else { return invalid(value, keyword, work, "is an object") }
        for member in members {
            if let message = check(member.node) { invalid(member.node, keyword, work, message) }
        }
    }

    /// A count, held below 2^32; `nil`, and an error, if it is none.
    mutating func count(_ value: JSONNode, _ keyword: String, _ work: NodeWork) -> UInt32? {
        guard let number = value.number, number.isInteger, !number.withDecimal(\.isNegative) else {
            invalid(value, keyword, work, "is a whole number from 0 on")
            return nil
        }
        return number.int.flatMap { UInt32(exactly: $0) } ?? .max
    }

    /// A schema within this one that looks at another value.
    mutating func child(_ value: JSONNode, _ keyword: String, _ work: NodeWork) -> UInt32 {
        child(value, pointer: work.pointer(keyword), work)
    }

    mutating func child(_ value: JSONNode, pointer: String, _ work: NodeWork) -> UInt32 {
        let document = work.place.document
        let resource = index.resourceBeginning(at: value.offset, in: document) ?? work.place.resource
        return schema(SchemaPlace(document: document, resource: resource, node: value, pointer: pointer))
    }

    /// A schema within this one that looks at the same value.
    mutating func inPlace(_ value: JSONNode, _ keyword: String, pointer: String? = nil, _ work: NodeWork) -> UInt32 {
        let node = child(value, pointer: pointer ?? work.pointer(keyword), work)
        let place = place(work.place.document, value.offset, pointer ?? work.pointer(keyword))
        sameValue[Int(work.number)].append((node, place))
        return node
    }

    private static func isAnchor(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "_") || isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || $0 >= 0x30 && $0 <= 0x39 || "-_.".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
}
