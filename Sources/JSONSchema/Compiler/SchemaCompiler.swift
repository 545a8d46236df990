import OpenEdXEvents

/// Turns a schema, and all that it refers to, into a program. Nothing stops it: every error is noted, and the rest is
/// looked at.
struct SchemaCompiler {
    let options: SchemaOptions
    var index: SchemaIndex
    var program = SchemaProgram()
    var errors: [SchemaError] = []
    var notes: [SchemaError] = []
    var constants = ConstantBuilder()
    /// Instructions by node and group, until they are laid out.
    var code: [[Instruction]] = []
    /// For each node, those that look at the same value: the node, and where its keyword stands.
    var sameValue: [[(node: UInt32, place: UInt32)]] = []
    private var nodes: [PlaceKey: UInt32] = [:]
    private var queue: [(place: SchemaPlace, node: UInt32)] = []
    // By bytes: strings are equal already if they look alike.
    private var nameIndexes: [[UInt8]: UInt32] = [:]
    private var patternIndexes: [[UInt8]: UInt32] = [:]
    private var formatIndexes: [String: UInt32] = [:]
    private var anchorNumbers: [String: UInt32] = [:]

    private struct PlaceKey: Hashable {
        let document: Int
        let offset: Int
    }

    init(options: SchemaOptions, resources: SchemaResources) {
        self.options = options
        index = SchemaIndex(resources)
    }

    /// Compiles a document.
    mutating func compile(_ document: JSONDocument) {
        let first = index.add(document, at: "")
        program.root = schema(index.resources[first].root)
        work()
        compileDynamicAnchors()
        lookAtTheRest()
        findCircles()
        finish()
        errors += index.errors
    }

    /// The node of a schema, which is compiled later if it was not before.
    mutating func schema(_ place: SchemaPlace) -> UInt32 {
        let key = PlaceKey(document: place.document, offset: place.node.offset)
        if let node = nodes[key] { return node }
        let node = UInt32(program.nodes.count)
        nodes[key] = node
        program.nodes.append(SchemaNode())
        code.append([])
        sameValue.append([])
        queue.append((place, node))
        return node
    }

    private mutating func work() {
        while let (place, number) = queue.popLast() {
            var node = SchemaNode()
            node.resource = UInt32(place.resource)
            node.place = self.place(place.document, place.node.offset, place.pointer)
            switch place.node.value {
            case .bool(true): break
            case .bool(false): code[Int(number)].append(Instruction(code: .never, place: node.place))
            case .object(let members):
                var work = NodeWork(place: place, number: number, members: members, node: node)
                compile(&work)
                node = work.node
            default:
                report(
                    .notASchema, place, place.node, place.pointer,
                    "a schema is an object, true or false, but here is \(place.node.kind)", "")
            }
            program.nodes[Int(number)] = node
        }
    }

    /// Compiles what `$dynamicRef` may lead to, in every resource that is known by now.
    private mutating func compileDynamicAnchors() {
        var known = -1
        while known != index.resources.count + program.nodes.count {
            known = index.resources.count + program.nodes.count
            for (name, number) in anchorNumbers {
                for (resource, entry) in index.resources.enumerated() {
                    guard let target = entry.dynamicAnchors[name] else { continue }
                    program.dynamicAnchors[Int(number)][UInt32(resource)] = schema(target)
                }
            }
            work()
        }
    }

    /// Compiles the schemas of the document that nothing refers to, for the errors in them.
    private mutating func lookAtTheRest() {
        guard let first = index.resources.first?.root else { return }
        var rest = [first]
        while let place = rest.popLast() {
            _ = schema(place)
            rest += subschemas(of: place)
        }
        work()
        compileDynamicAnchors()
    }

    private func subschemas(of place: SchemaPlace) -> [SchemaPlace] {
        var found: [SchemaPlace] = []
        func add(_ node: JSONNode, _ pointer: String) {
            let inner = index.resourceBeginning(at: node.offset, in: place.document) ?? place.resource
            found.append(SchemaPlace(document: place.document, resource: inner, node: node, pointer: pointer))
        }
        for member in place.node.members ?? [] {
            guard let shape = Keyword.known(member.name)?.shape else { continue }
            let pointer = place.pointer + "/" + PointerText.escape(member.name)
            switch shape {
            case .value: break
            case .schema: add(member.node, pointer)
            case .schemas:
                for (number, element) in (member.node.array ?? []).enumerated() { add(element, "\(pointer)/\(number)") }
            case .schemasByName:
                for entry in member.node.members ?? [] where member.name != "dependencies" || entry.node.array == nil {
                    add(entry.node, pointer + "/" + PointerText.escape(entry.name))
                }
            }
        }
        return found
    }
}

// MARK: - Parts that are shared

extension SchemaCompiler {
    mutating func place(_ document: Int, _ offset: Int, _ pointer: String) -> UInt32 {
        program.places.append(
            KeywordPlace(document: UInt32(document), offset: UInt32(truncatingIfNeeded: offset), pointer: pointer))
        return UInt32(program.places.count - 1)
    }

    mutating func text(_ text: String) -> (start: UInt32, count: UInt32) {
        let start = program.texts.count
        program.texts.append(contentsOf: text.utf8)
        return (UInt32(start), UInt32(program.texts.count - start))
    }

    mutating func name(_ name: String) -> UInt32 {
        if let index = nameIndexes[Array(name.utf8)] { return index }
        let (start, count) = text(name)
        let hash = Array(name.utf8).withUnsafeBufferPointer { nameHash($0) }
        program.names.append(NameRule(hash: hash, start: start, count: count))
        nameIndexes[Array(name.utf8)] = UInt32(program.names.count - 1)
        return UInt32(program.names.count - 1)
    }

    mutating func anchorNumber(_ name: String) -> UInt32 {
        if let number = anchorNumbers[name] { return number }
        let number = UInt32(program.dynamicAnchors.count)
        anchorNumbers[name] = number
        program.dynamicAnchors.append([:])
        program.usesDynamicScope = true
        return number
    }

    /// The number of a regular expression; `nil`, and an error, if it is none.
    mutating func pattern(_ text: String, _ place: SchemaPlace, _ node: JSONNode, offset: Int, _ pointer: String)
        -> UInt32?
    {
        if let index = patternIndexes[Array(text.utf8)] { return index }
        do throws(PatternError) {
            program.patterns.append(try Pattern(text))
        } catch {
            report(
                .invalidPattern, place, offset: offset, pointer,
                "the regular expression is refused at character \(error.position + 1): \(error.message)", error.hint)
            return nil
        }
        patternIndexes[Array(text.utf8)] = UInt32(program.patterns.count - 1)
        return UInt32(program.patterns.count - 1)
    }

    /// The number of a format's check; `nil` if the format is not known.
    mutating func format(_ name: String) -> UInt32? {
        if let index = formatIndexes[name] { return index }
        guard let check = FormatCheck(name, custom: options.customFormats) else { return nil }
        program.formats.append(check)
        formatIndexes[name] = UInt32(program.formats.count - 1)
        return UInt32(program.formats.count - 1)
    }

    mutating func report(
        _ kind: SchemaError.Kind, _ place: SchemaPlace, _ node: JSONNode, _ pointer: String, _ message: String,
        _ hint: String
    ) {
        report(kind, place, offset: node.offset, pointer, message, hint)
    }

    mutating func report(
        _ kind: SchemaError.Kind, _ place: SchemaPlace, offset: Int, _ pointer: String, _ message: String,
        _ hint: String
    ) {
        errors.append(error(kind, place.document, offset, pointer, message, hint))
    }

    func error(
        _ kind: SchemaError.Kind, _ document: Int, _ offset: Int, _ pointer: String, _ message: String, _ hint: String
    ) -> SchemaError {
        let document = index.documents[document]
        let (line, column) = document.position(of: offset)
        return SchemaError(
            kind: kind, file: document.file, line: line, column: column, pointer: pointer, message: message, hint: hint)
    }
}

/// A schema while it is compiled.
struct NodeWork {
    let place: SchemaPlace
    let number: UInt32
    let members: [JSONNode.Member]
    var node: SchemaNode

    /// The value of a keyword, if the schema has it.
    func value(_ keyword: String) -> JSONNode? { members.first { $0.name == keyword }?.node }

    func pointer(_ keyword: String) -> String { place.pointer + "/" + keyword }
}
