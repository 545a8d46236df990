import OpenEdXEvents

/// Runs a program over the tape of an instance.
///
/// It runs in one of two ways: quietly, where the first thing that is wrong ends it, or collecting, where it goes on
/// and notes all of them. An instance that is valid is never run over a second time.
///
/// Marks say which members or elements of a value a schema has looked at; only `unevaluatedProperties` and
/// `unevaluatedItems` ask. A set of marks is known by where it begins in the list; -1 stands for none.
struct Evaluator {
    /// How many schemas may be within each other, about: far more than an instance can be deep, far less than the
    /// machine's stack can hold.
    static let maximumDepth = 1200

    unowned(unsafe) let image: ProgramImage
    let view: TapeView
    var depth = 0
    var steps: Int
    var isCollecting: Bool
    var findings: [ValidationFinding] = []
    var marks: [UInt64] = []
    /// The resources that were entered, from the outermost on.
    var scope: [UInt32] = []
    /// Set when the program asks for more than it may: then nothing is valid any more.
    var isExhausted = false

    init(_ image: ProgramImage, _ view: TapeView, isCollecting: Bool) {
        self.image = image
        self.view = view
        self.isCollecting = isCollecting
        steps = image.options.maximumSteps
    }

    /// Whether more findings are wanted, or the first failure ends it.
    @inline(__always)
    var goesOn: Bool { isCollecting && findings.count < image.options.maximumFindings && !isExhausted }

    /// Whether a value obeys a schema.
    mutating func evaluate(_ schema: UInt32, _ entry: Int, _ tracker: Int) -> Bool {
        let node = image.nodes + Int(schema)
        let kind = view.entries[entry].kind
        let types = node.pointee.types
        if types & kind == 0 || (kind == Kind.number && types & Kind.fraction == 0 && !view.isInteger(entry)) {
            return fail(entry, node.pointee.typePlace, "type", Self.describe(types: types))
        }
        let bounds = node.pointee.bounds
        let hasUnevaluated = node.pointee.unevaluatedProperties >= 0 || node.pointee.unevaluatedItems >= 0
        if bounds.general == bounds.end, !hasUnevaluated { return true }
        steps &-= 1
        guard depth < Self.maximumDepth, steps >= 0 else { return exhaust(entry, node.pointee.place) }
        depth += 1
        defer { depth -= 1 }
        var isScoped = false
        if image.program.usesDynamicScope, scope.last != node.pointee.resource {
            scope.append(node.pointee.resource)
            isScoped = true
        }
        defer { if isScoped { scope.removeLast() } }
        if hasUnevaluated { return evaluateTracked(node, entry, tracker) }
        return run(node, entry, kind, tracker)
    }

    /// Runs the instructions that look at values of a kind, and then those that look at any.
    @inline(__always)
    private mutating func run(
        _ node: UnsafePointer<SchemaNode>, _ entry: Int, _ kind: UInt8, _ tracker: Int
    ) -> Bool {
        let bounds = node.pointee.bounds
        var isValid = true
        switch kind {
        case Kind.object:
            var index = bounds.object
            while index < bounds.array {
                if !checkObject(image.instructions + Int(index), entry, tracker) {
                    isValid = false
                    if !goesOn { return false }
                }
                index &+= 1
            }
        case Kind.array:
            var index = bounds.array
            while index < bounds.string {
                if !checkArray(image.instructions + Int(index), entry, tracker) {
                    isValid = false
                    if !goesOn { return false }
                }
                index &+= 1
            }
        case Kind.string:
            var index = bounds.string
            while index < bounds.number {
                if !checkString(image.instructions + Int(index), entry) {
                    isValid = false
                    if !goesOn { return false }
                }
                index &+= 1
            }
        case Kind.number:
            var index = bounds.number
            while index < bounds.end {
                if !checkNumber(image.instructions + Int(index), entry) {
                    isValid = false
                    if !goesOn { return false }
                }
                index &+= 1
            }
        default: break
        }
        var index = bounds.general
        while index < bounds.object {
            if !checkAny(image.instructions + Int(index), entry, tracker) {
                isValid = false
                if !goesOn { return false }
            }
            index &+= 1
        }
        return isValid
    }

    // MARK: - Unevaluated

    @inline(never)
    private mutating func evaluateTracked(
        _ node: UnsafePointer<SchemaNode>, _ entry: Int, _ tracker: Int
    ) -> Bool {
        let kind = view.entries[entry].kind
        let rest = kind == Kind.object ? node.pointee.unevaluatedProperties : node.pointee.unevaluatedItems
        guard rest >= 0, kind == Kind.object || kind == Kind.array else { return run(node, entry, kind, tracker) }
        let own = openMarks(entry)
        var isValid = run(node, entry, kind, own)
        if isValid || goesOn {
            let step = kind == Kind.object ? 1 : 0
            var child = entry + 1
            var position = 0
            while child < Int(view.entries[entry].next) {
                let value = child + step
                if !isMarked(own, position) {
                    if evaluate(UInt32(rest), value, -1) {
                        mark(own, position)
                    } else {
                        isValid = false
                        if !goesOn { break }
                    }
                }
                position += 1
                child = Int(view.entries[value].next)
            }
        }
        if isValid { merge(own, into: tracker) }
        closeMarks(own)
        return isValid
    }

    private mutating func openMarks(_ entry: Int) -> Int {
        let first = marks.count
        let kind = view.entries[entry].kind
        let count = kind == Kind.object || kind == Kind.array ? view.entries[entry].childCount : 0
        marks.append(contentsOf: repeatElement(0, count: (count + 63) / 64))
        return first
    }

    private mutating func closeMarks(_ first: Int) { marks.removeLast(marks.count - first) }

    private mutating func merge(_ own: Int, into tracker: Int) {
        guard tracker >= 0 else { return }
        for offset in 0..<(marks.count - own) { marks[tracker + offset] |= marks[own + offset] }
    }

    @inline(__always)
    mutating func mark(_ tracker: Int, _ position: Int) { marks[tracker + position >> 6] |= 1 << UInt64(position & 63) }

    private func isMarked(_ tracker: Int, _ position: Int) -> Bool {
        marks[tracker + position >> 6] & 1 << UInt64(position & 63) != 0
    }

    /// Evaluates a schema whose marks count only if the value obeys it.
    @inline(__always)
    mutating func branch(_ schema: UInt32, _ entry: Int, _ tracker: Int) -> Bool {
        if tracker < 0 { return evaluate(schema, entry, -1) }
        let own = openMarks(entry)
        let isValid = evaluate(schema, entry, own)
        if isValid { merge(own, into: tracker) }
        closeMarks(own)
        return isValid
    }

    /// The same without findings.
    mutating func quietly(_ schema: UInt32, _ entry: Int, _ tracker: Int) -> Bool {
        let wasCollecting = isCollecting
        isCollecting = false
        defer { isCollecting = wasCollecting }
        return branch(schema, entry, tracker)
    }

    // MARK: - Failing

    /// Notes that a value is not as a keyword wants it; always `false`.
    @inline(__always)
    mutating func fail(
        _ entry: Int, _ place: UInt32, _ keyword: String, _ expected: @autoclosure () -> String
    ) -> Bool {
        if isCollecting { note(entry, place, keyword, expected()) }
        return false
    }

    /// The same with a text that takes the evaluator to make: to be made only if it is collecting.
    mutating func fail(_ entry: Int, _ place: UInt32, _ keyword: String, made expected: String) -> Bool {
        if isCollecting { note(entry, place, keyword, expected) }
        return false
    }

    @inline(never)
    private mutating func note(_ entry: Int, _ place: UInt32, _ keyword: String, _ expected: String) {
        let place = image.program.places[Int(place)]
        findings.append(
            ValidationFinding(
                instancePointer: view.pointer(to: entry), instanceOffset: view.offset(of: entry),
                schemaPointer: place.pointer, schemaFile: image.program.files[Int(place.document)],
                schemaOffset: Int(place.offset), keyword: keyword, expected: expected))
    }

    @inline(never)
    private mutating func exhaust(_ entry: Int, _ place: UInt32) -> Bool {
        if isExhausted { return false }
        isExhausted = true
        isCollecting = true
        let expected =
            steps < 0
            ? "a schema that can be decided in \(image.options.maximumSteps) steps"
            : "a schema whose references do not go \(Self.maximumDepth) levels deep"
        return fail(entry, place, "$ref", expected)
    }
}
