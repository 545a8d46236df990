import OpenEdXEvents

/// The keywords of a schema that walk through an object together.
struct ObjectKeywords {
    var properties: JSONNode?
    var patternProperties: JSONNode?
    var additionalProperties: JSONNode?
    var required: JSONNode?

    var isEmpty: Bool {
        properties == nil && patternProperties == nil && additionalProperties == nil && required == nil
    }

    mutating func add(_ keyword: String, _ value: JSONNode) {
        switch keyword {
        case "properties": properties = value
        case "patternProperties": patternProperties = value
        case "additionalProperties": additionalProperties = value
        default: required = value
        }
    }
}

extension SchemaCompiler {
    mutating func compileReference(_ value: JSONNode, _ keyword: String, _ work: inout NodeWork) {
        guard let reference = expectString(value, keyword, work) else { return }
        let target: SchemaPlace
        switch index.find(reference, from: work.place.resource) {
        case .success(let found): target = found
        case .failure(let failure):
            return report(
                .unresolvedReference, work.place, value, work.pointer(keyword),
                "`\(keyword)` leads nowhere: \(failure.message)",
                "correct it, or give the document that it leads to as a resource")
        }
        let node = schema(target)
        // A dynamic reference is one only if it leads to a dynamic anchor by that anchor's name.
        if keyword == "$dynamicRef", let anchor = SchemaURI(reference).decodedFragment,
            index.resources[target.resource].dynamicAnchors[anchor]?.node.offset == target.node.offset
        {
            let number = anchorNumber(anchor)
            program.dynamics.append(DynamicRule(anchor: number, fallback: node))
            emit(.dynamicReference, keyword, work, at: value, first: UInt32(program.dynamics.count - 1))
            return
        }
        emit(.reference, keyword, work, at: value, first: node)
        sameValue[Int(work.number)].append((node, UInt32(program.places.count - 1)))
    }

    mutating func compileList(_ value: JSONNode, _ keyword: String, _ work: NodeWork) {
        guard let elements = value.array, !elements.isEmpty else {
            return invalid(value, keyword, work, "is an array of at least one schema")
        }
        let code: Instruction.Code =
            switch keyword {
            case "allOf": .allOf
            case "anyOf": .anyOf
            case "oneOf": .oneOf
            default: .prefixItems
            }
        var list: [UInt32] = []
        for (number, element) in elements.enumerated() {
            let pointer = work.pointer(keyword) + "/\(number)"
            if code == .prefixItems {
                list.append(child(element, pointer: pointer, work))
            } else {
                list.append(inPlace(element, keyword, pointer: pointer, work))
            }
        }
        let first = UInt32(program.schemas.count)
        program.schemas += list
        emit(code, keyword, work, at: value, first: first, count: UInt32(list.count))
    }

    mutating func compileCondition(_ value: JSONNode, _ work: NodeWork) {
        let condition = inPlace(value, "if", work)
        let then = work.value("then").map { Int32(inPlace($0, "then", work)) } ?? -1
        let otherwise = work.value("else").map { Int32(inPlace($0, "else", work)) } ?? -1
        program.conditions.append(ConditionRule(condition: condition, then: then, otherwise: otherwise))
        emit(.condition, "if", work, at: value, first: UInt32(program.conditions.count - 1))
    }

    mutating func compileItems(_ value: JSONNode, _ work: NodeWork) {
        let prefix = work.value("prefixItems")?.array?.count ?? 0
        emit(.items, "items", work, at: value, first: child(value, "items", work), count: UInt32(prefix))
    }

    mutating func compileContains(_ value: JSONNode, _ work: NodeWork) {
        var rule = ContainsRule(
            schema: child(value, "contains", work), minimum: 1, maximum: .max, minimumPlace: 0, maximumPlace: 0)
        let active = index.resources[work.place.resource].vocabularies
        rule.minimumPlace = place(work.place.document, value.offset, work.pointer("contains"))
        if active.contains(.validation) {
            if let node = work.value("minContains"), let minimum = node.number?.int, minimum >= 0 {
                rule.minimum = minimum
                rule.minimumPlace = place(work.place.document, node.offset, work.pointer("minContains"))
            }
            if let node = work.value("maxContains"), let maximum = node.number?.int, maximum >= 0 {
                rule.maximum = maximum
                rule.maximumPlace = place(work.place.document, node.offset, work.pointer("maxContains"))
            }
        }
        program.containsRules.append(rule)
        emit(.contains, "contains", work, at: value, first: UInt32(program.containsRules.count - 1))
    }

    mutating func compileDependencies(_ value: JSONNode, _ keyword: String, _ work: NodeWork) {
        guard let members = value.members else { return invalid(value, keyword, work, "is an object") }
        var required: [DependencyRule] = []
        var schemas: [DependencyRule] = []
        for member in members {
            let name = name(member.name)
            let pointer = work.pointer(keyword) + "/" + PointerText.escape(member.name)
            if keyword == "dependentRequired" || keyword == "dependencies" && member.node.array != nil {
                guard let list = strings(member.node, keyword, work) else { continue }
                let first = UInt32(dependencyNames.count)
                dependencyNames += list.map { self.name($0) }
                required.append(
                    DependencyRule(name: name, firstName: first, nameCount: UInt32(list.count), schema: -1))
            } else {
                let node = inPlace(member.node, keyword, pointer: pointer, work)
                schemas.append(DependencyRule(name: name, firstName: 0, nameCount: 0, schema: Int32(node)))
            }
        }
        for (code, rules) in [(Instruction.Code.dependentRequired, required), (.dependentSchemas, schemas)]
        where !rules.isEmpty {
            let first = UInt32(program.dependencies.count)
            program.dependencies += rules
            emit(code, keyword, work, at: value, first: first, count: UInt32(rules.count))
        }
    }

    private var dependencyNames: [UInt32] {
        get { program.dependencyNames }
        set { program.dependencyNames = newValue }
    }

    /// An array of different strings; `nil`, and an error, if it is none.
    mutating func strings(_ value: JSONNode, _ keyword: String, _ work: NodeWork) -> [String]? {
        guard let elements = value.array else {
            invalid(value, keyword, work, "takes arrays of names")
            return nil
        }
        var seen: Set<[UInt8]> = []
        var names: [String] = []
        for element in elements {
            guard let name = element.string else {
                invalid(element, keyword, work, "takes arrays of names")
                return nil
            }
            if seen.insert(Array(name.utf8)).inserted {
                names.append(name)
            } else {
                invalid(element, keyword, work, "names each only once")
            }
        }
        return names
    }

    /// Compiles the walk through an object.
    mutating func compile(_ keywords: ObjectKeywords, _ work: inout NodeWork) {
        var rule = ObjectRule()
        var properties: [PropertyRule] = []
        var byName: [[UInt8]: Int] = [:]
        func property(_ name: String, _ compiler: inout SchemaCompiler) -> Int {
            if let index = byName[Array(name.utf8)] { return index }
            let known = compiler.program.names[Int(compiler.name(name))]
            properties.append(
                PropertyRule(
                    hash: known.hash, nameStart: known.start, nameCount: known.count, schema: -1, isRequired: false,
                    isDeclared: false))
            byName[Array(name.utf8)] = properties.count - 1
            return properties.count - 1
        }
        if let value = keywords.properties {
            if value.members == nil { invalid(value, "properties", work, "is an object") }
            for member in value.members ?? [] {
                let pointer = work.pointer("properties") + "/" + PointerText.escape(member.name)
                let schema = child(member.node, pointer: pointer, work)
                let index = property(member.name, &self)
                properties[index].schema = Int32(schema)
                properties[index].isDeclared = true
            }
        }
        if let value = keywords.required, let names = strings(value, "required", work) {
            rule.requiredPlace = place(work.place.document, value.offset, work.pointer("required"))
            for name in names { properties[property(name, &self)].isRequired = true }
            rule.requiredCount = UInt32(names.count)
        }
        compilePatterns(keywords.patternProperties, &rule, work)
        if let value = keywords.additionalProperties {
            rule.additional = Int32(child(value, "additionalProperties", work))
            rule.additionalPlace = place(work.place.document, value.offset, work.pointer("additionalProperties"))
        }
        layOut(properties, &rule)
        program.objects.append(rule)
        let first = keywords.properties ?? keywords.required ?? keywords.patternProperties ?? work.place.node
        emit(.properties, "properties", work, at: first, first: UInt32(program.objects.count - 1))
    }

    private mutating func compilePatterns(_ value: JSONNode?, _ rule: inout ObjectRule, _ work: NodeWork) {
        guard let value else { return }
        guard let members = value.members else {
            return invalid(value, "patternProperties", work, "is an object")
        }
        var list: [UInt32] = []
        for member in members {
            let pointer = work.pointer("patternProperties") + "/" + PointerText.escape(member.name)
            let schema = child(member.node, pointer: pointer, work)
            guard
                let index = pattern(member.name, work.place, member.node, offset: member.nameOffset, pointer)
            else { continue }
            list += [index, schema]
        }
        rule.firstPattern = UInt32(program.schemas.count)
        rule.patternCount = UInt32(list.count / 2)
        program.schemas += list
    }

    private mutating func layOut(_ properties: [PropertyRule], _ rule: inout ObjectRule) {
        rule.firstProperty = UInt32(program.properties.count)
        rule.propertyCount = UInt32(properties.count)
        program.properties += properties
        var size = 4
        while size < properties.count * 2 { size *= 2 }
        rule.firstBucket = UInt32(program.buckets.count)
        rule.bucketMask = UInt32(size - 1)
        var buckets = [UInt32](repeating: 0, count: size)
        for (index, property) in properties.enumerated() {
            var bucket = Int(property.hash) & (size - 1)
            while buckets[bucket] != 0 { bucket = (bucket + 1) & (size - 1) }
            buckets[bucket] = UInt32(index + 1)
        }
        program.buckets += buckets
    }
}
