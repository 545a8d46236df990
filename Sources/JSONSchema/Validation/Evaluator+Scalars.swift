import OpenEdXEvents

extension Evaluator {
    /// Checks what is asked of strings.
    @inline(never)
    mutating func checkString(_ instruction: UnsafePointer<Instruction>, _ entry: Int) -> Bool {
        let first = instruction.pointee.first
        let place = instruction.pointee.place
        switch instruction.pointee.code {
        case .minLength:
            return view.length(entry) >= Int(first)
                || fail(entry, place, "minLength", "at least \(first) characters")
        case .maxLength:
            return view.length(entry) <= Int(first)
                || fail(entry, place, "maxLength", "at most \(first) characters")
        case .pattern:
            return view.withString(entry) { image.program.patterns[Int(first)].matches($0) }
                || fail(
                    entry, place, "pattern",
                    made: isCollecting
                        ? "a string that the expression \(image.program.patterns[Int(first)].shown) matches" : "")
        case .format:
            return view.withString(entry) { image.program.formats[Int(first)].check($0) }
                || fail(
                    entry, place, "format",
                    made: isCollecting ? "a string of the format \(image.program.formats[Int(first)].name)" : "")
        default: return true
        }
    }

    /// Checks what is asked of numbers, exactly.
    @inline(never)
    mutating func checkNumber(_ instruction: UnsafePointer<Instruction>, _ entry: Int) -> Bool {
        let rule = image.numbers[Int(instruction.pointee.first)]
        let limit = UnsafeBufferPointer(start: image.texts + Int(rule.start), count: Int(rule.count))
        let code = instruction.pointee.code
        let isValid: Bool
        if code == .multipleOf {
            isValid = isMultiple(entry, rule, limit)
        } else {
            let order: Int
            if rule.isSmall, let value = view.small(entry) {
                order = value < rule.small ? -1 : value > rule.small ? 1 : 0
            } else {
                order = DecimalView(view.text(entry)).compare(DecimalView(limit))
            }
            switch code {
            case .minimum: isValid = order >= 0
            case .maximum: isValid = order <= 0
            case .exclusiveMinimum: isValid = order > 0
            default: isValid = order < 0
            }
        }
        if isValid { return true }
        let text = String(decoding: limit.prefix(60), as: UTF8.self)
        switch code {
        case .minimum: return fail(entry, instruction.pointee.place, "minimum", "a number from \(text) on")
        case .maximum: return fail(entry, instruction.pointee.place, "maximum", "a number up to \(text)")
        case .exclusiveMinimum:
            return fail(entry, instruction.pointee.place, "exclusiveMinimum", "a number above \(text)")
        case .exclusiveMaximum:
            return fail(entry, instruction.pointee.place, "exclusiveMaximum", "a number below \(text)")
        default: return fail(entry, instruction.pointee.place, "multipleOf", "a multiple of \(text)")
        }
    }

    private func isMultiple(_ entry: Int, _ rule: NumberRule, _ divisor: UnsafeBufferPointer<UInt8>) -> Bool {
        if rule.isSmall, let value = view.small(entry) { return value % rule.small == 0 }
        return DecimalView(view.text(entry)).isMultiple(of: DecimalView(divisor))
    }

    /// The kinds of values that are allowed, in words.
    static func describe(types: UInt8) -> String {
        var names: [String] = []
        if types & Kind.string != 0 { names.append("a string") }
        if types & Kind.fraction != 0 {
            names.append("a number")
        } else if types & Kind.integer != 0 {
            names.append("an integer")
        }
        if types & Kind.bool != 0 { names.append("true or false") }
        if types & Kind.object != 0 { names.append("an object") }
        if types & Kind.array != 0 { names.append("an array") }
        if types & Kind.null != 0 { names.append("null") }
        return names.joined(separator: " or ")
    }
}

extension TapeView {
    /// How many characters (code points) a string has.
    func length(_ index: Int) -> Int {
        withString(index) { text in
            var count = 0
            for byte in text where byte & 0xC0 != 0x80 { count &+= 1 }
            return count
        }
    }

    /// Whether all elements of an array differ.
    func isUnique(_ index: Int) -> Bool {
        let count = entries[index].childCount
        guard count > 1 else { return true }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { elements in
            var child = index + 1
            for position in 0..<count {
                elements[position] = child
                child = Int(entries[child].next)
            }
            if count <= 12 {
                for right in 1..<count {
                    for left in 0..<right where isEqual(elements[left], to: self, elements[right]) { return false }
                }
                return true
            }
            return isUnique(UnsafeBufferPointer(elements))
        }
    }

    /// The same for many elements: those of one hash are compared, and no one can know the hash beforehand.
    private func isUnique(_ elements: UnsafeBufferPointer<Int>) -> Bool {
        var size = 32
        while size < elements.count * 2 { size *= 2 }
        return withUnsafeTemporaryAllocation(of: (hash: Int, element: Int).self, capacity: size) { table in
            table.initialize(repeating: (0, 0))
            for element in elements {
                let hash = hash(element)
                var slot = hash & (size - 1)
                // No element has the index 0: that is the array itself, or what holds it.
                while table[slot].element != 0 {
                    if table[slot].hash == hash, isEqual(element, to: self, table[slot].element) { return false }
                    slot = (slot + 1) & (size - 1)
                }
                table[slot] = (hash, element)
            }
            return true
        }
    }
}
