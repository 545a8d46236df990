import OpenEdXEvents

// MARK: - Objects

extension Evaluator {
    /// Checks what is asked of objects.
    @inline(__always)
    mutating func checkObject(_ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int) -> Bool {
        if instruction.pointee.code == .properties {
            return checkMembers(image.objects + Int(instruction.pointee.first), entry, tracker)
        }
        return checkRareObject(instruction, entry, tracker)
    }

    @inline(never)
    private mutating func checkRareObject(
        _ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int
    ) -> Bool {
        let first = instruction.pointee.first
        let place = instruction.pointee.place
        let count = view.entries[entry].childCount
        switch instruction.pointee.code {
        case .minProperties:
            return count >= Int(first) || fail(entry, place, "minProperties", "at least \(first) properties")
        case .maxProperties:
            return count <= Int(first) || fail(entry, place, "maxProperties", "at most \(first) properties")
        case .propertyNames:
            var isValid = true
            var child = entry + 1
            while child < Int(view.entries[entry].next) {
                if !evaluate(first, child, -1) {
                    isValid = false
                    if !goesOn { return false }
                }
                child = Int(view.entries[child + 1].next)
            }
            return isValid
        default: return checkDependencies(instruction, entry, tracker)
        }
    }

    private mutating func checkDependencies(
        _ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int
    ) -> Bool {
        var isValid = true
        let first = Int(instruction.pointee.first)
        for rule in image.program.dependencies[first..<(first + Int(instruction.pointee.count))]
        where hasMember(rule.name, entry) {
            if rule.schema >= 0 {
                isValid = evaluate(UInt32(rule.schema), entry, tracker) && isValid
            } else {
                for offset in 0..<rule.nameCount {
                    let name = image.program.dependencyNames[Int(rule.firstName + offset)]
                    if hasMember(name, entry) { continue }
                    isValid = fail(
                        entry, instruction.pointee.place, "dependentRequired",
                        made: isCollecting
                            ? "a property \"\(shown(name))\", since there is \"\(shown(rule.name))\"" : "")
                }
            }
            if !isValid, !goesOn { return false }
        }
        return isValid
    }

    private func hasMember(_ name: UInt32, _ entry: Int) -> Bool {
        let rule = image.program.names[Int(name)]
        var child = entry + 1
        while child < Int(view.entries[entry].next) {
            if view.entries[child].hash == rule.hash, isNamed(child, rule.start, rule.count) { return true }
            child = Int(view.entries[child + 1].next)
        }
        return false
    }

    private func shown(_ name: UInt32) -> String {
        let rule = image.program.names[Int(name)]
        return shown(rule.start, rule.count)
    }

    private func shown(_ start: UInt32, _ count: UInt32) -> String {
        let bytes = UnsafeBufferPointer(start: image.texts + Int(start), count: Int(count))
        return SchemaCompiler.shown(String(decoding: bytes, as: UTF8.self))
    }

    /// Walks through the members once, for `properties`, `patternProperties`, `additionalProperties` and `required`.
    private mutating func checkMembers(_ rule: UnsafePointer<ObjectRule>, _ entry: Int, _ tracker: Int) -> Bool {
        let entries = view.entries
        let end = Int(entries[entry].next)
        let properties = image.properties + Int(rule.pointee.firstProperty)
        let count = Int(rule.pointee.propertyCount)
        let isClosed = !rule.pointee.isOpen
        var isValid = true
        var required: UInt32 = 0
        var expected = 0
        var position = 0
        var child = entry + 1
        while child < end {
            let hash = entries[child].hash
            var isEvaluated = false
            var index = expected
            // Members that come as the schema has them are found at once.
            if index >= count || properties[index].hash != hash
                || !isNamed(child, properties[index].nameStart, properties[index].nameCount)
            {
                index = lookUp(child, hash, rule)
            }
            if index >= 0 {
                expected = index + 1
                let property = properties + index
                if property.pointee.isRequired { required &+= 1 }
                if property.pointee.isDeclared {
                    isEvaluated = true
                    let kind = entries[child + 1].kind
                    let leaf = property.pointee.leafTypes
                    // A number whose schema wants a whole one is looked at with care.
                    if leaf & kind != 0, kind != Kind.number || leaf & Kind.fraction != 0 {
                        // It is as it should be.
                    } else if !evaluate(UInt32(bitPattern: property.pointee.schema), child + 1, -1) {
                        isValid = false
                        if !goesOn { return false }
                    }
                }
            }
            if isClosed, !checkOther(rule, child, &isEvaluated) {
                isValid = false
                if !goesOn { return false }
            }
            if tracker >= 0, isEvaluated { mark(tracker, position) }
            position &+= 1
            child = Int(entries[child + 1].next)
        }
        if required == rule.pointee.requiredCount { return isValid }
        return failMissing(rule, entry)
    }

    @inline(__always)
    private func lookUp(_ child: Int, _ hash: UInt32, _ rule: UnsafePointer<ObjectRule>) -> Int {
        let buckets = image.buckets + Int(rule.pointee.firstBucket)
        let properties = image.properties + Int(rule.pointee.firstProperty)
        var bucket = hash & rule.pointee.bucketMask
        // At most half of the buckets are taken.
        while buckets[Int(bucket)] != 0 {
            let index = Int(buckets[Int(bucket)]) - 1
            if properties[index].hash == hash,
                isNamed(child, properties[index].nameStart, properties[index].nameCount)
            {
                return index
            }
            bucket = (bucket &+ 1) & rule.pointee.bucketMask
        }
        return -1
    }

    /// `patternProperties` and `additionalProperties`.
    @inline(never)
    private mutating func checkOther(
        _ rule: UnsafePointer<ObjectRule>, _ child: Int, _ isEvaluated: inout Bool
    ) -> Bool {
        var isValid = true
        let first = Int(rule.pointee.firstPattern)
        for pair in 0..<Int(rule.pointee.patternCount) {
            let pattern = Int(image.schemas[first + 2 * pair])
            let matches = view.withString(child) { image.program.patterns[pattern].matches($0) }
            guard matches else { continue }
            isEvaluated = true
            isValid = evaluate(image.schemas[first + 2 * pair + 1], child + 1, -1) && isValid
            if !isValid, !goesOn { return false }
        }
        if isEvaluated || rule.pointee.additional < 0 { return isValid }
        isEvaluated = true
        let schema = UInt32(rule.pointee.additional)
        let bounds = image.nodes[Int(schema)].bounds
        if bounds.end - bounds.general == 1, image.instructions[Int(bounds.general)].code == .never {
            return fail(
                child + 1, rule.pointee.additionalPlace, "additionalProperties", "no property of this name")
        }
        return evaluate(schema, child + 1, -1) && isValid
    }

    @inline(never)
    private mutating func failMissing(_ rule: UnsafePointer<ObjectRule>, _ entry: Int) -> Bool {
        guard isCollecting else { return false }
        for offset in 0..<rule.pointee.propertyCount {
            let property = image.properties[Int(rule.pointee.firstProperty + offset)]
            guard property.isRequired else { continue }
            var child = entry + 1
            var isThere = false
            while child < Int(view.entries[entry].next), !isThere {
                isThere = isNamed(child, property.nameStart, property.nameCount)
                child = Int(view.entries[child + 1].next)
            }
            if isThere { continue }
            _ = fail(
                entry, rule.pointee.requiredPlace, "required",
                made: "a property \"\(shown(property.nameStart, property.nameCount))\"")
            if !goesOn { break }
        }
        return false
    }

    /// Whether a name is that of the program's text.
    @inline(__always)
    private func isNamed(_ entry: Int, _ start: UInt32, _ count: UInt32) -> Bool {
        let name = view.entries[entry]
        if name.isEscaped { return isEscapedNamed(entry, start, count) }
        guard name.end &- name.start == count else { return false }
        let (left, right) = (view.bytes + Int(name.start), image.texts + Int(start))
        let length = Int(count)
        if length >= 8 {
            // Whole words, the last one overlapping the one before.
            var index = 0
            while index < length {
                let from = min(index, length &- 8)
                if (left + from).word != (right + from).word { return false }
                index &+= 8
            }
            return true
        }
        if length >= 4 {
            let last = length &- 4
            return left.halfWord == right.halfWord && (left + last).halfWord == (right + last).halfWord
        }
        for index in 0..<length where left[index] != right[index] { return false }
        return true
    }

    @inline(never)
    private func isEscapedNamed(_ entry: Int, _ start: UInt32, _ count: UInt32) -> Bool {
        let text = UnsafeBufferPointer(start: image.texts + Int(start), count: Int(count))
        return view.withString(entry) { $0.elementsEqual(text) }
    }
}

// MARK: - Arrays

extension Evaluator {
    /// Checks what is asked of arrays.
    @inline(never)
    mutating func checkArray(_ instruction: UnsafePointer<Instruction>, _ entry: Int, _ tracker: Int) -> Bool {
        let first = instruction.pointee.first
        let place = instruction.pointee.place
        let count = view.entries[entry].childCount
        switch instruction.pointee.code {
        case .items:
            return checkElements(entry, from: Int(instruction.pointee.count), to: count, tracker) { _ in first }
        case .prefixItems:
            let schemas = image.schemas + Int(first)
            return checkElements(entry, from: 0, to: min(count, Int(instruction.pointee.count)), tracker) {
                schemas[$0]
            }
        case .contains: return checkContains(image.program.containsRules[Int(first)], entry, tracker)
        case .minItems:
            return count >= Int(first) || fail(entry, place, "minItems", "at least \(first) elements")
        case .maxItems:
            return count <= Int(first) || fail(entry, place, "maxItems", "at most \(first) elements")
        case .uniqueItems:
            return view.isUnique(entry) || fail(entry, place, "uniqueItems", "elements that all differ")
        default: return true
        }
    }

    @inline(__always)
    private mutating func checkElements(
        _ entry: Int, from first: Int, to end: Int, _ tracker: Int, _ schema: (Int) -> UInt32
    ) -> Bool {
        var isValid = true
        var child = entry + 1
        var position = 0
        while position < end {
            if position >= first {
                if !evaluate(schema(position), child, -1) {
                    isValid = false
                    if !goesOn { return false }
                }
                if tracker >= 0 { mark(tracker, position) }
            }
            position &+= 1
            child = Int(view.entries[child].next)
        }
        return isValid
    }

    private mutating func checkContains(_ rule: ContainsRule, _ entry: Int, _ tracker: Int) -> Bool {
        var matches = 0
        var child = entry + 1
        var position = 0
        while child < Int(view.entries[entry].next) {
            if quietly(rule.schema, child, -1) {
                matches += 1
                if tracker >= 0 { mark(tracker, position) }
                if tracker < 0, matches >= rule.minimum, rule.maximum == .max { return true }
            }
            position += 1
            child = Int(view.entries[child].next)
        }
        if matches < rule.minimum {
            return fail(
                entry, rule.minimumPlace, rule.minimum == 1 ? "contains" : "minContains",
                "at least \(rule.minimum) elements that the schema of `contains` allows")
        }
        return matches <= rule.maximum
            || fail(
                entry, rule.maximumPlace, "maxContains",
                "at most \(rule.maximum) elements that the schema of `contains` allows")
    }
}
