import OpenEdXEvents

/// A schema in a document, with the resource that it belongs to.
struct SchemaPlace {
    let document: Int
    let resource: Int
    let node: JSONNode
    let pointer: String
}

/// All documents that a schema's references can lead to, with what they name: resources by URI, and anchors.
struct SchemaIndex {
    /// A schema resource: a document's root, or a schema with an `$id` of its own.
    struct Resource {
        let uri: SchemaURI
        let root: SchemaPlace
        var anchors: [String: SchemaPlace] = [:]
        var dynamicAnchors: [String: SchemaPlace] = [:]
        var vocabularies = Keyword.Vocabulary.standard
    }

    private(set) var documents: [JSONDocument] = []
    private(set) var resources: [Resource] = []
    private var resourceByURI: [String: Int] = [:]
    private var documentByURI: [String: Int] = [:]
    /// The resources by document and by where their root begins.
    private var resourceByOffset: [[Int: Int]] = []
    /// The schemas of each document by their pointers' bytes, so that following one does not search large objects.
    private var placeByPointer: [[[UInt8]: SchemaPlace]] = []
    private let given: SchemaResources
    private(set) var errors: [SchemaError] = []

    init(_ given: SchemaResources) { self.given = given }

    // MARK: - Adding

    /// Adds a document under the URI it was found at, and everything that it names; returns its root's resource.
    @discardableResult
    mutating func add(_ document: JSONDocument, at uri: String) -> Int {
        let number = documents.count
        documents.append(document)
        resourceByOffset.append([:])
        placeByPointer.append([:])
        if !uri.isEmpty { documentByURI[uri] = number }
        let first = resources.count
        walk(document.root, document: number, resource: -1, base: SchemaURI(uri), pointer: "")
        if !uri.isEmpty, resourceByURI[uri] == nil { resourceByURI[uri] = first }
        for index in first..<resources.count { setDialect(index) }
        return first
    }

    /// Walks through the schemas of a document: as deep as the document, which is 512 levels at most.
    private mutating func walk(
        _ node: JSONNode, document: Int, resource: Int, base: SchemaURI, pointer: String
    ) {
        var resource = resource
        var base = base
        let id = node["$id"]?.string
        if resource < 0 || id != nil {
            if let id {
                base = base.resolve(id)
                if let fragment = base.fragment, !fragment.isEmpty, let node = node["$id"] {
                    report(
                        .invalidKeyword, document, node, pointer + "/$id", "`$id` has a fragment",
                        "name the place with `$anchor`")
                }
            }
            resource = resources.count
            let root = SchemaPlace(document: document, resource: resource, node: node, pointer: pointer)
            resources.append(Resource(uri: base, root: root))
            resourceByOffset[document][node.offset] = resource
            let uri = base.withoutFragment
            if !uri.isEmpty {
                if let other = resourceByURI[uri] {
                    if resources[other].root.document == document, let id = node["$id"] {
                        report(
                            .ambiguousName, document, id, pointer + "/$id", "two schemas have this `$id`",
                            "give each its own")
                    }
                } else {
                    resourceByURI[uri] = resource
                }
            }
        }
        let place = SchemaPlace(document: document, resource: resource, node: node, pointer: pointer)
        placeByPointer[document][Array(pointer.utf8)] = place
        addAnchors(of: place)
        for member in node.members ?? [] {
            guard let (_, shape) = Keyword.known(member.name) else { continue }
            let inner = pointer + "/" + PointerText.escape(member.name)
            switch shape {
            case .value: break
            case .schema:
                walk(member.node, document: document, resource: resource, base: base, pointer: inner)
            case .schemas:
                for (index, element) in (member.node.array ?? []).enumerated() {
                    walk(element, document: document, resource: resource, base: base, pointer: "\(inner)/\(index)")
                }
            case .schemasByName:
                for entry in member.node.members ?? [] {
                    let pointer = inner + "/" + PointerText.escape(entry.name)
                    walk(entry.node, document: document, resource: resource, base: base, pointer: pointer)
                }
            }
        }
    }

    private mutating func addAnchors(of place: SchemaPlace) {
        for keyword in ["$anchor", "$dynamicAnchor"] {
            guard let node = place.node[keyword], let name = node.string else { continue }
            if let other = resources[place.resource].anchors[name], other.node.offset != place.node.offset {
                report(
                    .ambiguousName, place.document, node, place.pointer + "/" + keyword,
                    "two schemas have this anchor", "give each its own")
            }
            resources[place.resource].anchors[name] = place
            if keyword == "$dynamicAnchor" { resources[place.resource].dynamicAnchors[name] = place }
        }
    }

    private mutating func report(
        _ kind: SchemaError.Kind, _ document: Int, _ node: JSONNode, _ pointer: String, _ message: String,
        _ hint: String
    ) {
        let (line, column) = documents[document].position(of: node.offset)
        errors.append(
            SchemaError(
                kind: kind, file: documents[document].file, line: line, column: column, pointer: pointer,
                message: message, hint: hint))
    }

    // MARK: - Dialects

    /// Finds out which vocabularies a resource uses. One that names no dialect has its document's.
    private mutating func setDialect(_ index: Int) {
        let place = resources[index].root
        guard let node = place.node["$schema"], let uri = node.string else {
            if let outer = outerResource(of: index) { resources[index].vocabularies = resources[outer].vocabularies }
            return
        }
        let dialect = SchemaURI(uri).withoutFragment
        if dialect == MetaSchemas.dialect || dialect == resources[index].uri.withoutFragment { return }
        guard let meta = given.document(at: dialect) ?? MetaSchemas.document(at: dialect) else {
            // A document that is only referred to may be of another draft: what it has in common is understood.
            guard place.document == 0 else { return }
            return report(
                .unsupportedDialect, place.document, node, place.pointer + "/$schema",
                "the dialect that `$schema` names is not known",
                "use \(MetaSchemas.dialect), or give its meta-schema as a resource")
        }
        guard let vocabularies = meta.root["$vocabulary"]?.members else { return }
        var active: Keyword.Vocabulary = .core
        for member in vocabularies {
            if let vocabulary = Keyword.Vocabulary(uri: member.name) {
                active.insert(vocabulary)
            } else if member.node.bool == true {
                report(
                    .unsupportedDialect, place.document, node, place.pointer + "/$schema",
                    "its meta-schema requires a vocabulary that is not known", "remove it or make it optional")
            }
        }
        resources[index].vocabularies = active
    }

    /// The resource that holds a resource in its document: the last one begun before it that reaches behind it.
    private func outerResource(of index: Int) -> Int? {
        let root = resources[index].root
        return resources[..<index].lastIndex {
            $0.root.document == root.document && $0.root.node.offset < root.node.offset
                && $0.root.node.endOffset >= root.node.endOffset
        }
    }

    // MARK: - Finding

    /// The resource whose root begins there, if one does.
    func resourceBeginning(at offset: Int, in document: Int) -> Int? { resourceByOffset[document][offset] }

    /// The resource at a URI, after adding its document if it was given and not yet needed.
    private mutating func resource(at uri: String) -> Int? {
        if let index = resourceByURI[uri] { return index }
        if let document = given.document(at: uri) { return add(document, at: uri) }
        if let document = MetaSchemas.document(at: uri) { return add(document, at: uri) }
        // A document that was given may have a resource of that URI within it.
        for (other, document) in given.all where documentByURI[other] == nil {
            add(document, at: other)
            if let index = resourceByURI[uri] { return index }
        }
        return nil
    }

    /// The schema that a reference leads to, or why it leads nowhere.
    mutating func find(_ reference: String, from resource: Int) -> Result<SchemaPlace, ReferenceFailure> {
        let uri = resources[resource].uri.resolve(reference)
        let target = uri.withoutFragment
        let index: Int
        if target == resources[resource].uri.withoutFragment {
            index = resource
        } else if let found = self.resource(at: target) {
            index = found
        } else {
            return .failure(ReferenceFailure(message: "there is no schema at this URI"))
        }
        guard uri.fragment != nil else { return .success(resources[index].root) }
        guard let fragment = uri.decodedFragment else {
            return .failure(ReferenceFailure(message: "the fragment is not well formed"))
        }
        if fragment.isEmpty { return .success(resources[index].root) }
        if fragment.hasPrefix("/") { return follow(fragment, from: index) }
        guard let place = resources[index].anchors[fragment] else {
            return .failure(ReferenceFailure(message: "there is no anchor of this name"))
        }
        return .success(place)
    }

    /// Follows a JSON Pointer through a resource, into those that it embeds.
    private func follow(_ pointer: String, from index: Int) -> Result<SchemaPlace, ReferenceFailure> {
        let root = resources[index].root
        if let place = placeByPointer[root.document][Array((root.pointer + pointer).utf8)] { return .success(place) }
        guard let node = root.node.node(at: pointer) else {
            return .failure(ReferenceFailure(message: "nothing stands at the end of the pointer"))
        }
        let inner = resources.indices.last {
            let other = resources[$0].root
            return other.document == root.document && other.node.offset >= root.node.offset
                && other.node.offset <= node.offset && other.node.endOffset >= node.endOffset
        }
        return .success(
            SchemaPlace(
                document: root.document, resource: inner ?? index, node: node, pointer: root.pointer + pointer))
    }
}

/// Why a reference leads nowhere.
struct ReferenceFailure: Error {
    let message: String
}
