import JSONSchema
import OpenEdXEvents

extension SchemaComparison {
    // MARK: Objects

    mutating func compareObject(_ pair: KeywordPair) {
        let old = pair.old("properties")?.members ?? []
        let new = pair.new("properties")?.members ?? []
        let oldNames = Dictionary(old.map { ($0.name, $0.node) }) { first, _ in first }
        let newNames = Dictionary(new.map { ($0.name, $0.node) }) { first, _ in first }
        let oldRequired = Set((pair.old("required")?.array ?? []).compactMap(\.string))
        let newRequired = Set((pair.new("required")?.array ?? []).compactMap(\.string))
        let (newPlace, oldPlace) = (pair.inside("properties").pointer, pair.inside("properties").oldPointer)
        func place(_ name: String) -> Place {
            let part = "/" + PointerText.escape(name)
            return pair.place.field(name, newPlace + part, oldPlace + part)
        }
        var added = new.filter { oldNames[$0.name] == nil }
        var renamed: Set<String> = []
        for member in old {
            if let node = newNames[member.name] {
                compare(member.node, node, place(member.name))
                continue
            }
            let offset = (pair.new("properties") ?? pair.new.node).offset
            let missing = place(member.name).within(pair.inside("properties").pointer, oldPlace)
            if let index = added.firstIndex(where: { isEquivalent(member.node, $0.node) }) {
                let other = added.remove(at: index)
                renamed.insert(other.name)
                add(
                    .renamedField, .optionalIsNullable, .breaking, other.nameOffset, missing,
                    "is named '\(other.name)' now", "Keep the name, or add the new one beside it, optional.")
            } else {
                add(
                    .removedField, .optionalIsNullable, .breaking, offset, missing, "is gone",
                    "Put it back; what is of no use any more is said in its description.")
            }
        }
        for member in added {
            addField(pair, member, place(member.name), isRequired: newRequired.contains(member.name))
        }
        let addedNames = Set(added.map(\.name)).union(renamed)
        for element in pair.new("required")?.array ?? [] {
            guard let name = element.string, !oldRequired.contains(name), !addedNames.contains(name) else { continue }
            add(
                .newlyRequired, .optionalIsNullable, .breaking, element.offset, place(name), "is required now",
                "Leave it optional: what was written before may lack it.")
        }
        for name in oldRequired.subtracting(newRequired).sorted() where newNames[name] != nil || oldNames[name] == nil {
            add(
                .noLongerRequired, .optionalIsNullable, .breaking, pair.offset("required"), place(name),
                "is required no more, and old readers need it", "Go on to write it.")
        }
        compareOpenness(pair)
    }

    private mutating func addField(_ pair: KeywordPair, _ member: JSONNode.Member, _ place: Place, isRequired: Bool) {
        if isRequired {
            return add(
                .newlyRequired, .optionalIsNullable, .breaking, member.nameOffset, place, "is new and required",
                "Let it be null, with \"default\": null, and take it out of 'required'.")
        }
        let isBound = ["additionalProperties", "unevaluatedProperties"].contains { keyword in
            pair.old(keyword).map { $0.bool != true } ?? false
        }
        if isBound || pair.old("patternProperties") != nil || pair.old("propertyNames") != nil {
            return add(
                .retyped, .compatibleMinor, .breaking, member.nameOffset, place,
                "is new in an object that was closed or a map, and old readers refuse it")
        }
        add(.addedField, .compatibleMinor, .addition, member.nameOffset, place, "is new")
    }

    private mutating func compareOpenness(_ pair: KeywordPair) {
        for keyword in ["additionalProperties", "unevaluatedProperties", "unevaluatedItems"] {
            let (old, new) = (pair.old(keyword), pair.new(keyword))
            let isOpen = (old == nil || old?.bool == true, new == nil || new?.bool == true)
            if isOpen.0, isOpen.1 { continue }
            if isOpen.0 {
                add(
                    .objectClosed, .compatibleMinor, .breaking, pair.offset(keyword), pair.inside(keyword),
                    "is closed by '\(keyword)', and was open", "Leave it out: the next version must be able to add.")
            } else if old?.bool == false {
                if new?.bool != false {
                    add(
                        .objectOpened, .compatibleMinor, .addition, pair.offset(keyword), pair.inside(keyword),
                        "is open, and was closed by '\(keyword)'")
                }
            } else if isOpen.1 {
                add(
                    .retyped, .compatibleMinor, .breaking, pair.offset(keyword), pair.inside(keyword),
                    "was a map with values of one type, and is none now")
            } else if let old, let new {
                compare(old, new, value(pair, keyword))
            }
        }
    }

    private func value(_ pair: KeywordPair, _ keyword: String) -> Place {
        let place = pair.inside(keyword)
        let step = keyword == "items" ? "[]" : keyword == "additionalProperties" ? "{}" : nil
        return step.map { place.field($0, place.pointer, place.oldPointer) } ?? place
    }

    // MARK: Keywords that hold one schema, or schemas by name

    mutating func compareSubschemas(_ pair: KeywordPair) {
        for keyword in ["items", "contains", "propertyNames", "contentSchema"] {
            switch (pair.old(keyword), pair.new(keyword)) {
            case (nil, nil): break
            case (let old?, let new?): compare(old, new, value(pair, keyword))
            case (nil, let new?): if new.bool != true { addKeyword(pair, keyword) }
            case (let old?, nil):
                if old.bool == true { break }
                if keyword == "items" {
                    add(
                        .retyped, .compatibleMinor, .breaking, pair.new.node.offset, pair.place,
                        "held elements of one type, and holds anything now")
                } else {
                    relax(pair, keyword)
                }
            }
        }
        // A schema that is negated, or decides between two, narrows where it widens: it must stay the same.
        for keyword in ["not", "if"] {
            switch (pair.old(keyword), pair.new(keyword)) {
            case (nil, nil): break
            case (let old?, let new?): if !isEquivalent(old, new) { addKeyword(pair, keyword) }
            case (_?, nil) where keyword == "not": relax(pair, keyword)
            default: addKeyword(pair, keyword)
            }
        }
        if pair.old("if") != nil || pair.new("if") != nil {
            for keyword in ["then", "else"] { compareOptional(pair, keyword) }
        }
        compareMaps(pair)
    }

    private mutating func compareOptional(_ pair: KeywordPair, _ keyword: String) {
        switch (pair.old(keyword), pair.new(keyword)) {
        case (nil, nil): break
        case (let old?, let new?): compare(old, new, pair.inside(keyword))
        case (nil, _?): addKeyword(pair, keyword)
        case (_?, nil): relax(pair, keyword)
        }
    }

    private mutating func compareMaps(_ pair: KeywordPair) {
        for keyword in ["patternProperties", "dependentSchemas"] {
            let old = Dictionary((pair.old(keyword)?.members ?? []).map { ($0.name, $0.node) }) { first, _ in first }
            let new = Dictionary((pair.new(keyword)?.members ?? []).map { ($0.name, $0.node) }) { first, _ in first }
            for name in Set(old.keys).union(new.keys).sorted() {
                let place = pair.inside(keyword)
                let part = "/" + PointerText.escape(name)
                switch (old[name], new[name]) {
                case (let old?, let new?):
                    compare(old, new, place.within(place.pointer + part, place.oldPointer + part))
                case (_?, nil) where keyword == "dependentSchemas": relax(pair, keyword)
                default: addKeyword(pair, keyword)
                }
            }
        }
        let old = Dictionary((pair.old("dependentRequired")?.members ?? []).map { ($0.name, $0.node) }) { $1 }
        let new = Dictionary((pair.new("dependentRequired")?.members ?? []).map { ($0.name, $0.node) }) { $1 }
        for name in Set(old.keys).union(new.keys).sorted() {
            let oldNames = Set((old[name]?.array ?? []).compactMap(\.string))
            let newNames = Set((new[name]?.array ?? []).compactMap(\.string))
            if !newNames.isSubset(of: oldNames) {
                add(
                    .newlyRequired, .optionalIsNullable, .breaking, pair.offset("dependentRequired"),
                    pair.inside("dependentRequired"), "requires more where '\(name)' is there")
            } else if newNames != oldNames {
                relax(pair, "dependentRequired")
            }
        }
    }

    // MARK: Keywords that hold a list of schemas

    mutating func compareLists(_ pair: KeywordPair) {
        comparePrefix(pair)
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let (old, new) = (pair.old(keyword)?.array ?? [], pair.new(keyword)?.array ?? [])
            if old.isEmpty, new.isEmpty { continue }
            if old.isEmpty != new.isEmpty {
                if new.isEmpty, keyword == "allOf" { relax(pair, keyword) } else { addKeyword(pair, keyword) }
                continue
            }
            // Their order does not matter: what is the same in both is set aside.
            var oldRest = old
            var newRest: [JSONNode] = []
            for schema in new {
                if let index = oldRest.firstIndex(where: { isEquivalent($0, schema) }) {
                    oldRest.remove(at: index)
                } else {
                    newRest.append(schema)
                }
            }
            if oldRest.isEmpty, newRest.isEmpty { continue }
            if keyword == "allOf", newRest.isEmpty {
                relax(pair, keyword)
            } else if keyword != "oneOf", oldRest.count == newRest.count {
                for (old, new) in zip(oldRest, newRest) { compare(old, new, pair.inside(keyword)) }
            } else if keyword == "allOf" {
                addKeyword(pair, keyword)
            } else {
                add(
                    .retyped, .compatibleMinor, .breaking, pair.offset(keyword), pair.inside(keyword),
                    "may be other things by '\(keyword)' than before")
            }
        }
    }

    private mutating func comparePrefix(_ pair: KeywordPair) {
        let (old, new) = (pair.old("prefixItems")?.array ?? [], pair.new("prefixItems")?.array ?? [])
        guard old.count == new.count else {
            return add(
                .retyped, .compatibleMinor, .breaking, pair.offset("prefixItems"), pair.inside("prefixItems"),
                "had \(old.count) places, and has \(new.count) now")
        }
        let place = pair.inside("prefixItems")
        for (index, (old, new)) in zip(old, new).enumerated() {
            compare(
                old, new, place.field("\(index)", "\(place.pointer)/\(index)", "\(place.oldPointer)/\(index)"))
        }
    }
}
