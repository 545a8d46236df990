extension Evaluator {
    /// Checks what is asked of values of any kind.
    mutating func checkAny(_ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int) -> Bool {
        let first = instruction.pointee.first
        let place = instruction.pointee.place
        switch instruction.pointee.code {
        case .never: return fail(entry, place, "false", "nothing: no value is allowed here")
        case .reference: return evaluate(first, entry, tracker)
        case .dynamicReference: return evaluate(dynamicTarget(first), entry, tracker)
        case .allOf:
            var isValid = true
            for index in 0..<instruction.pointee.count {
                if !evaluate(image.schemas[Int(first &+ index)], entry, tracker) {
                    isValid = false
                    if !goesOn { return false }
                }
            }
            return isValid
        case .anyOf: return checkAnyOf(instruction, entry, tracker)
        case .oneOf: return checkOneOf(instruction, entry, tracker)
        case .not:
            return !quietly(first, entry, -1) && !isExhausted
                || fail(entry, place, "not", "a value that the schema of `not` refuses")
        case .condition:
            let rule = image.program.conditions[Int(first)]
            let then = quietly(rule.condition, entry, tracker) ? rule.then : rule.otherwise
            return then < 0 || evaluate(UInt32(then), entry, tracker)
        case .constant:
            let index = Int(image.program.constants.indexes[Int(first)])
            return view.isEqual(entry, to: image.constants, index)
                || fail(
                    entry, place, "const", made: isCollecting ? "the value of `const`: " + constants(first, 1) : "")
        case .enumeration:
            return isOneOf(first, instruction.pointee.count, entry)
                || fail(
                    entry, place, "enum",
                    made: isCollecting ? "one of " + constants(first, instruction.pointee.count) : "")
        default: return true
        }
    }

    private func dynamicTarget(_ index: UInt32) -> UInt32 {
        let rule = image.program.dynamics[Int(index)]
        let anchors = image.program.dynamicAnchors[Int(rule.anchor)]
        for resource in scope {
            if let node = anchors[resource] { return node }
        }
        return rule.fallback
    }

    private mutating func checkAnyOf(
        _ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int
    ) -> Bool {
        let (first, count) = (Int(instruction.pointee.first), Int(instruction.pointee.count))
        var isValid = false
        let wasCollecting = isCollecting
        isCollecting = false
        for index in 0..<count where branch(image.schemas[first + index], entry, tracker) {
            isValid = true
            // Every branch that holds counts for what is evaluated.
            if tracker < 0 { break }
        }
        isCollecting = wasCollecting || isExhausted
        if isValid && !isExhausted || !isCollecting { return isValid && !isExhausted }
        return failNearest(instruction, entry, "anyOf", "a value that at least one of \(count) schemas allows")
    }

    private mutating func checkOneOf(
        _ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int
    ) -> Bool {
        let (first, count) = (Int(instruction.pointee.first), Int(instruction.pointee.count))
        var matches = 0
        let wasCollecting = isCollecting
        isCollecting = false
        for index in 0..<count where branch(image.schemas[first + index], entry, tracker) {
            matches += 1
            if matches > 1 { break }
        }
        isCollecting = wasCollecting || isExhausted
        if matches == 1, !isExhausted { return true }
        if !isCollecting { return false }
        if matches > 1 {
            return fail(
                entry, instruction.pointee.place, "oneOf",
                "a value that exactly one of \(count) schemas allows, but more than one does")
        }
        return failNearest(instruction, entry, "oneOf", "a value that exactly one of \(count) schemas allows")
    }

    /// Notes why no branch holds: what is wrong with the one that was meant, if just one of them got beyond the value's
    /// type; else that none holds.
    private mutating func failNearest(
        _ instruction: UnsafePointer<Instruction>, _ entry: Int, _ keyword: String, _ expected: String
    ) -> Bool {
        guard isCollecting, !isExhausted else { return false }
        let (first, count) = (Int(instruction.pointee.first), Int(instruction.pointee.count))
        let before = findings.count
        var nearest: [[ValidationFinding]] = []
        for index in 0..<min(count, 16) {
            _ = evaluate(image.schemas[first + index], entry, -1)
            let found = Array(findings[before...])
            findings.removeLast(found.count)
            if isExhausted { break }
            let offset = view.offset(of: entry)
            if found.contains(where: { $0.keyword != "type" || $0.instanceOffset != offset }) { nearest.append(found) }
        }
        if nearest.count == 1 {
            findings += nearest[0]
            return false
        }
        return fail(entry, instruction.pointee.place, keyword, expected)
    }

    private func isOneOf(_ first: UInt32, _ count: UInt32, _ entry: Int) -> Bool {
        let range = Int(first)..<Int(first + count)
        if range.count <= 8 {
            return range.contains {
                view.isEqual(entry, to: image.constants, Int(image.program.constants.indexes[$0]))
            }
        }
        let hash = view.hash(entry)
        return range.contains {
            image.program.constants.hashes[$0] == hash
                && view.isEqual(entry, to: image.constants, Int(image.program.constants.indexes[$0]))
        }
    }

    /// The schema's own values, as far as they are short.
    private func constants(_ first: UInt32, _ count: UInt32) -> String {
        let pool = image.program.constants
        let shown = (first..<(first + min(count, 8))).map { number in
            let begin = Int(pool.indexes[Int(number)])
            let (start, end) = image.constants.range(of: begin)
            let text = String(decoding: pool.bytes[start..<end].prefix(60), as: UTF8.self)
            return end - start > 60 ? text + "…" : text
        }
        return shown.joined(separator: ", ") + (count > 8 ? " and \(count - 8) more" : "")
    }
}
