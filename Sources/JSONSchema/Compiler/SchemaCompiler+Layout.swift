import OpenEdXEvents

extension SchemaCompiler {
    /// Reports references that lead back to where they began without moving on in the instance.
    ///
    /// Depth first with an own stack, so that a long chain is no danger; each node is looked at once.
    mutating func findCircles() {
        var state = [UInt8](repeating: 0, count: program.nodes.count)
        for start in state.indices where state[start] == 0 {
            var stack = [(node: start, next: 0)]
            state[start] = 1
            while let (node, next) = stack.last {
                guard next < sameValue[node].count else {
                    state[node] = 2
                    stack.removeLast()
                    continue
                }
                stack[stack.count - 1].next += 1
                let (target, place) = sameValue[node][next]
                switch state[Int(target)] {
                case 0:
                    state[Int(target)] = 1
                    stack.append((Int(target), 0))
                case 1: reportCircle(place)
                default: break
                }
            }
        }
    }

    private mutating func reportCircle(_ place: UInt32) {
        let place = program.places[Int(place)]
        errors.append(
            error(
                .circularReference, Int(place.document), Int(place.offset), place.pointer,
                "the reference leads back to a schema that it is part of, at the same value: it would never end",
                "put the reference below `properties`, `items` or another keyword that moves on"))
    }

    /// Lays the instructions out one after the other, grouped by what values they look at.
    mutating func finish() {
        for (number, list) in code.enumerated() {
            var starts: [UInt32] = []
            for group in 0..<5 {
                starts.append(UInt32(program.instructions.count))
                program.instructions += list.filter { $0.code.group == group }
            }
            let end = UInt32(program.instructions.count)
            program.nodes[number].bounds = (starts[0], starts[1], starts[2], starts[3], starts[4], end)
        }
        skipAliases()
        markLeaves()
        program.constants = constants.finish()
        program.files = index.documents.map(\.file)
    }

    /// Notes at the properties of which nothing but the type is asked what it is, so that no schema need be looked up.
    private mutating func markLeaves() {
        for index in program.properties.indices where program.properties[index].isDeclared {
            let node = program.nodes[Int(program.properties[index].schema)]
            guard node.bounds.general == node.bounds.end, node.unevaluatedItems < 0, node.unevaluatedProperties < 0
            else { continue }
            program.properties[index].leafTypes = node.types
        }
    }

    /// Lets those that lead to a schema which is nothing but a reference lead to its target at once.
    private mutating func skipAliases() {
        // With dynamic references, which resources are entered on the way matters.
        guard !program.usesDynamicScope else { return }
        func target(_ node: UInt32) -> UInt32 {
            var node = node
            // Circles are errors; the limit only keeps this from running in one.
            for _ in 0..<64 {
                let schema = program.nodes[Int(node)]
                let (start, end) = (schema.bounds.general, schema.bounds.end)
                guard end - start == 1, schema.types == Kind.all, schema.unevaluatedItems < 0,
                    schema.unevaluatedProperties < 0, program.instructions[Int(start)].code == .reference
                else { break }
                node = program.instructions[Int(start)].first
            }
            return node
        }
        func target(_ node: Int32) -> Int32 { node < 0 ? node : Int32(target(UInt32(node))) }
        program.root = target(program.root)
        for index in program.properties.indices {
            program.properties[index].schema = target(program.properties[index].schema)
        }
        for index in program.objects.indices {
            program.objects[index].additional = target(program.objects[index].additional)
        }
        for index in program.instructions.indices {
            switch program.instructions[index].code {
            case .reference, .not, .propertyNames, .items:
                program.instructions[index].first = target(program.instructions[index].first)
            case .allOf, .anyOf, .oneOf, .prefixItems:
                let first = Int(program.instructions[index].first)
                for entry in first..<(first + Int(program.instructions[index].count)) {
                    program.schemas[entry] = target(program.schemas[entry])
                }
            default: break
            }
        }
    }
}
