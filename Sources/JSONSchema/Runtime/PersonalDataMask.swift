/// Covers the personal data of an event's payload, for logs (rule 28).
///
/// What the schema marks with `"x-personal-data": true` is replaced by `"[personal data]"`, whatever it is; so is a
/// member that the schema does not know although it lists others beside it: it may be personal. All else stays as it
/// is.
public struct PersonalDataMask: Sendable {
    /// What stands in place of personal data.
    public static let cover = "[personal data]"

    private let index: SchemaIndex
    private let root: SchemaPlace

    /// Takes the marks of a schema, and of those that it refers to.
    public init(_ document: JSONDocument, resources: SchemaResources = .none) {
        var index = SchemaIndex(resources)
        let first = index.add(document, at: "")
        root = index.resources[first].root
        self.index = index
    }

    /// A payload with its personal data covered, as JSON without white space. What is not JSON is covered whole.
    public func masked(_ payload: [UInt8]) -> [UInt8] {
        guard let document = try? JSONDocument(parsing: payload, file: "") else {
            return JSONNode(.string(Self.cover)).compactBytes()
        }
        return masked(document.root).compactBytes()
    }

    /// A payload's value with its personal data covered.
    public func masked(_ payload: JSONNode) -> JSONNode {
        var walk = Walk(index: index)
        return walk.masked(payload, walk.effective([root]))
    }

    /// The paths to what is marked, by the names of members; elements of an array have the array's own path.
    ///
    /// A schema that holds itself is followed once: what is marked deeper is not named. Nor is what only a pattern or no
    /// name at all leads to.
    package var markedPaths: Set<[String]> {
        var walk = Walk(index: index)
        var paths: Set<[String]> = []
        walk.collect([root], at: [], within: [], into: &paths)
        return paths
    }

    /// One walk: schemas that are referred to are looked up as they are met.
    private struct Walk {
        var index: SchemaIndex

        /// The schemas that look at the same value as those given, themselves included.
        mutating func effective(_ places: [SchemaPlace]) -> [SchemaPlace] {
            var found: [SchemaPlace] = []
            var seen: Set<[Int]> = []
            var rest = places
            while let place = rest.popLast() {
                guard seen.insert(Self.identity(place)).inserted else { continue }
                found.append(place)
                for keyword in ["$ref", "$dynamicRef"] {
                    guard let reference = place.node[keyword]?.string,
                        case .success(let target) = index.find(reference, from: place.resource)
                    else { continue }
                    rest.append(target)
                }
                for keyword in ["allOf", "anyOf", "oneOf"] {
                    rest += (place.node[keyword]?.array ?? []).map { inner($0, of: place) }
                }
                for keyword in ["if", "then", "else"] {
                    if let node = place.node[keyword] { rest.append(inner(node, of: place)) }
                }
                for member in place.node["dependentSchemas"]?.members ?? [] {
                    rest.append(inner(member.node, of: place))
                }
            }
            return found
        }

        private func inner(_ node: JSONNode, of place: SchemaPlace) -> SchemaPlace {
            let resource = index.resourceBeginning(at: node.offset, in: place.document) ?? place.resource
            return SchemaPlace(document: place.document, resource: resource, node: node, pointer: "")
        }

        private static func identity(_ place: SchemaPlace) -> [Int] { [place.document, place.node.offset] }

        /// Adds the marked paths of schemas that look at the same value, but of those around it.
        mutating func collect(
            _ places: [SchemaPlace], at path: [String], within outer: Set<[Int]>, into paths: inout Set<[String]>
        ) {
            let places = effective(places).filter { !outer.contains(Self.identity($0)) }
            if places.contains(where: Self.isMarked) {
                paths.insert(path)
                return
            }
            let around = outer.union(places.map(Self.identity))
            var members: [String: [SchemaPlace]] = [:]
            var elements: [SchemaPlace] = []
            for place in places {
                for member in place.node["properties"]?.members ?? [] {
                    members[member.name, default: []].append(inner(member.node, of: place))
                }
                elements += (place.node["prefixItems"]?.array ?? []).map { inner($0, of: place) }
                for keyword in ["items", "contains", "unevaluatedItems"] {
                    if let node = place.node[keyword] { elements.append(inner(node, of: place)) }
                }
            }
            for (name, schemas) in members { collect(schemas, at: path + [name], within: around, into: &paths) }
            if !elements.isEmpty { collect(elements, at: path, within: around, into: &paths) }
        }

        private static func isMarked(_ place: SchemaPlace) -> Bool { place.node["x-personal-data"]?.bool == true }

        mutating func masked(_ value: JSONNode, _ schemas: [SchemaPlace]) -> JSONNode {
            if schemas.contains(where: Self.isMarked) {
                return value.isNull ? value : JSONNode(.string(PersonalDataMask.cover))
            }
            switch value.value {
            case .object(let members):
                let listsMembers = schemas.contains { $0.node["properties"] != nil }
                return JSONNode(
                    .object(
                        members.map { member in
                            let inner = self.schemas(of: member.name, in: schemas)
                            let isUnknown = inner.isEmpty && listsMembers
                            let node =
                                isUnknown
                                ? JSONNode(.string(PersonalDataMask.cover)) : masked(member.node, effective(inner))
                            return JSONNode.Member(name: member.name, node: node)
                        }))
            case .array(let elements):
                return JSONNode(
                    .array(
                        elements.enumerated().map { position, element in
                            masked(element, effective(self.schemas(ofElement: position, in: schemas)))
                        }))
            default: return value
            }
        }

        private func schemas(of name: String, in schemas: [SchemaPlace]) -> [SchemaPlace] {
            var found: [SchemaPlace] = []
            for place in schemas {
                var isKnown = false
                if let node = place.node["properties"]?[name] {
                    found.append(inner(node, of: place))
                    isKnown = true
                }
                for member in place.node["patternProperties"]?.members ?? [] {
                    guard let pattern = try? Pattern(member.name),
                        Array(name.utf8).withUnsafeBufferPointer({
                            pattern.matches($0)
                        })
                    else { continue }
                    found.append(inner(member.node, of: place))
                    isKnown = true
                }
                if !isKnown {
                    for keyword in ["additionalProperties", "unevaluatedProperties"] {
                        if let node = place.node[keyword] { found.append(inner(node, of: place)) }
                    }
                }
            }
            return found
        }

        private func schemas(ofElement position: Int, in schemas: [SchemaPlace]) -> [SchemaPlace] {
            var found: [SchemaPlace] = []
            for place in schemas {
                let prefix = place.node["prefixItems"]?.array ?? []
                if position < prefix.count {
                    found.append(inner(prefix[position], of: place))
                } else if let node = place.node["items"] {
                    found.append(inner(node, of: place))
                }
                for keyword in ["contains", "unevaluatedItems"] {
                    if let node = place.node[keyword] { found.append(inner(node, of: place)) }
                }
            }
            return found
        }
    }
}
