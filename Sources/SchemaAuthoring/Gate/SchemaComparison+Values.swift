import JSONSchema
import OpenEdXEvents

extension SchemaComparison {
    // MARK: enum and const

    mutating func compareValues(_ pair: KeywordPair) {
        let old = Self.values(pair.old)
        let new = Self.values(pair.new)
        let offset = pair.new("enum") == nil ? pair.offset("const") : pair.offset("enum")
        let lost: [JSONNode]
        let gained: [JSONNode]
        switch (old, new) {
        case (nil, nil): return
        case (nil, _?):
            return add(
                .narrowedEnum, .compatibleMinor, .breaking, offset, pair.place,
                "takes some values only, and took any before")
        case (_?, nil):
            return add(
                .widenedEnum, .compatibleMinor, .addition, offset, pair.place,
                "takes any value, and took some only before")
        case (let old?, let new?):
            let (oldValues, newValues) = (Set(old.map { $0.canonicalBytes() }), Set(new.map { $0.canonicalBytes() }))
            lost = old.filter { !newValues.contains($0.canonicalBytes()) }
            gained = new.filter { !oldValues.contains($0.canonicalBytes()) }
        }
        if !lost.isEmpty {
            add(
                .narrowedEnum, .compatibleMinor, .breaking, offset, pair.place,
                "takes \(Self.list(lost)) no more")
        } else if !gained.isEmpty {
            add(.widenedEnum, .compatibleMinor, .addition, offset, pair.place, "takes \(Self.list(gained)) too")
        }
    }

    /// The values that are allowed; `nil` for any.
    private static func values(_ schema: FlatSchema) -> [JSONNode]? {
        let values = schema.keywords["enum"]?.node.array ?? schema.keywords["const"].map { [$0.node] }
        return schema.hasNullBeside ? values.map { $0 + [JSONNode(.null)] } : values
    }

    private static func list(_ values: [JSONNode]) -> String {
        let texts = values.prefix(3).map { String(decoding: $0.compactBytes(), as: UTF8.self) }
        return texts.joined(separator: ", ") + (values.count > 3 ? " and \(values.count - 3) more" : "")
    }

    // MARK: Bounds

    private static let uppers = [
        "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains",
    ]
    /// Lower bounds, and what holds where there is none.
    private static let lowers: [(keyword: String, standard: Int?)] = [
        ("minimum", nil), ("exclusiveMinimum", nil), ("minLength", 0), ("minItems", 0), ("minProperties", 0),
        ("minContains", 1),
    ]

    mutating func compareBounds(_ pair: KeywordPair) {
        for keyword in Self.uppers {
            let (old, new) = (pair.old(keyword)?.number, pair.new(keyword)?.number)
            compareBound(pair, keyword, old, new) { $0 < $1 }
        }
        for (keyword, standard) in Self.lowers {
            // Without 'contains', its number means nothing.
            if keyword == "minContains", pair.old("contains") == nil || pair.new("contains") == nil { continue }
            let old = pair.old(keyword)?.number ?? standard.map { JSONNumber($0) }
            let new = pair.new(keyword)?.number ?? standard.map { JSONNumber($0) }
            compareBound(pair, keyword, old, new) { $0 > $1 }
        }
        let isUnique = (pair.old("uniqueItems")?.bool ?? false, pair.new("uniqueItems")?.bool ?? false)
        if isUnique.0 != isUnique.1 {
            addBound(pair, "uniqueItems", isNarrower: isUnique.1)
        }
        compareMultiple(pair)
    }

    private mutating func compareBound(
        _ pair: KeywordPair, _ keyword: String, _ old: JSONNumber?, _ new: JSONNumber?,
        _ isNarrower: (JSONNumber, JSONNumber) -> Bool
    ) {
        switch (old, new) {
        case (nil, nil): return
        case (nil, _?): addBound(pair, keyword, isNarrower: true)
        case (_?, nil): addBound(pair, keyword, isNarrower: false)
        case (let old?, let new?):
            if old != new { addBound(pair, keyword, isNarrower: isNarrower(new, old)) }
        }
    }

    private mutating func compareMultiple(_ pair: KeywordPair) {
        let (old, new) = (pair.old("multipleOf")?.number, pair.new("multipleOf")?.number)
        guard old != new else { return }
        var isNarrower = new != nil
        if let old = old?.int, let new = new?.int, new != 0 { isNarrower = old % new != 0 }
        addBound(pair, "multipleOf", isNarrower: isNarrower)
    }

    private mutating func addBound(_ pair: KeywordPair, _ keyword: String, isNarrower: Bool) {
        add(
            isNarrower ? .narrowedBound : .widenedBound, .compatibleMinor, isNarrower ? .breaking : .addition,
            pair.offset(keyword), pair.place,
            isNarrower ? "is bound more narrowly by '\(keyword)'" : "is bound less narrowly by '\(keyword)'")
    }

    // MARK: Patterns and formats

    mutating func compareText(_ pair: KeywordPair) {
        let patterns = (pair.old("pattern")?.string, pair.new("pattern")?.string)
        if patterns.0 != patterns.1 {
            if patterns.1 == nil {
                add(
                    .relaxedKeyword, .compatibleMinor, .addition, pair.new.node.offset, pair.place,
                    "needs to match no pattern any more")
            } else {
                add(
                    .changedPattern, .compatibleMinor, .breaking, pair.offset("pattern"), pair.place,
                    patterns.0 == nil ? "must match a pattern now" : "must match another pattern")
            }
        }
        let formats = (pair.old("format")?.string, pair.new("format")?.string)
        if formats.0 != formats.1 {
            add(
                .changedFormat, .compatibleMinor, .breaking, pair.offset("format"), pair.place,
                "had \(formats.0.map { "the format '\($0)'" } ?? "no format"), and has "
                    + "\(formats.1.map { "'\($0)'" } ?? "none") now")
        }
        for keyword in ["contentEncoding", "contentMediaType"]
        where pair.old(keyword)?.string != pair.new(keyword)?.string {
            addKeyword(pair, keyword)
        }
    }

    // MARK: What is left

    private static let compared: Set<String> = [
        "enum", "const", "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains",
        "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains", "uniqueItems",
        "multipleOf", "pattern", "format", "contentEncoding", "contentMediaType", "properties", "required",
        "additionalProperties", "unevaluatedProperties", "patternProperties", "dependentRequired", "dependentSchemas",
        "propertyNames", "contains", "items", "unevaluatedItems", "contentSchema", "not", "if", "then", "else", "allOf",
        "anyOf", "oneOf", "prefixItems", "default", "x-avro",
    ]

    /// Defaults, hints for Avro, and keywords that are not known: any difference.
    mutating func compareOthers(_ pair: KeywordPair) {
        switch (pair.old("default"), pair.new("default")) {
        case (nil, nil): break
        case (nil, _?):
            add(
                .relaxedKeyword, .optionalIsNullable, .addition, pair.offset("default"), pair.place, "has a default now"
            )
        case (let old?, let new):
            if new.map({ old.isEqual(to: $0) }) != true {
                add(
                    .changedDefault, .optionalIsNullable, .breaking, pair.offset("default"), pair.place,
                    new == nil ? "has no default any more" : "has another default",
                    "Put it back: what is absent must go on to mean the same.")
            }
        }
        if !Self.isEqual(pair.old("x-avro"), pair.new("x-avro")) {
            add(
                .changedAvro, .compatibleMinor, .breaking, pair.offset("x-avro"), pair.place,
                "has other hints for Avro, and so another form on the running bus")
        }
        for keyword in Set(pair.old.keywords.keys).union(pair.new.keywords.keys).subtracting(Self.compared).sorted()
        where !Self.isEqual(pair.old(keyword), pair.new(keyword)) {
            addKeyword(pair, keyword)
        }
    }

    private static func isEqual(_ old: JSONNode?, _ new: JSONNode?) -> Bool {
        switch (old, new) {
        case (nil, nil): true
        case (let old?, let new?): old.isEqual(to: new)
        default: false
        }
    }

    mutating func addKeyword(_ pair: KeywordPair, _ keyword: String) {
        add(
            .changedKeyword, .compatibleMinor, .breaking, pair.offset(keyword), pair.place,
            "is described otherwise by '\(keyword)', and that this takes all that it took cannot be seen")
    }

    mutating func relax(_ pair: KeywordPair, _ keyword: String) {
        add(
            .relaxedKeyword, .compatibleMinor, .addition, pair.new.node.offset, pair.place,
            "is bound by '\(keyword)' no more")
    }
}
