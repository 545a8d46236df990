import JSONSchema
import OpenEdXEvents
import SchemaAuthoring

/// Answers for events: the rules of the envelope, and the schema of their type. Pure.
struct EventValidator {
    let catalogue: SchemaCatalogue
    let schemas: CompiledCatalogue
    let limit: Int

    /// What there is to say of a piece of the input.
    func answer(_ index: Int, _ piece: EventSplitter.Piece) -> ValidationAnswer {
        let inspection = Inspection(index: index, piece, limit: limit)
        let waived = waivedRules(of: inspection.type)
        let found = inspection.findings.filter { $0.attribute != "type" || !waived.contains($0.rule.description) }
        var remarks = (found + (inspection.error.map { [$0] } ?? [])).map { remark in
            ValidationAnswer.Remark(
                rule: remark.rule, keyword: nil, severity: remark.severity,
                pointer: remark.attribute.map { "/" + PointerText.escape($0) } ?? "",
                line: (remark.place ?? inspection.place).line, column: (remark.place ?? inspection.place).column,
                schema: nil, message: remark.message)
        }
        if case .document(let bytes) = piece.content, inspection.error == nil {
            remarks += data(bytes, inspection.place)
        }
        return ValidationAnswer(
            line: inspection.place.line, type: inspection.type, id: inspection.id, isEvent: true,
            isReadable: inspection.error == nil, remarks: remarks)
    }

    /// The rules that a type's name breaks and its schema waives, such as that of the past tense.
    private func waivedRules(of type: String?) -> Set<String> {
        guard let schema = type.flatMap({ catalogue[$0]?.latest }) else { return [] }
        return Set((schema.waivers + schema.legacy).filter { $0.field == nil }.map(\.rule))
    }

    /// What the schema of an event's type says to its data.
    private func data(_ bytes: [UInt8], _ origin: Inspection.Place) -> [ValidationAnswer.Remark] {
        guard let event = try? ReceivedEnvelope(structured: bytes),
            let scan = bytes.withUnsafeBufferPointer({ try? EnvelopeScan.scan($0) })
        else { return [] }
        func remark(_ rule: Rule, _ severity: Finding.Severity, _ offset: Int?, _ message: String) -> [ValidationAnswer
            .Remark]
        {
            let place = offset.map { origin.advanced(by: $0, in: bytes) } ?? origin
            return [
                ValidationAnswer.Remark(
                    rule: rule, keyword: nil, severity: severity, pointer: rule == .oneHome ? "/type" : "/data",
                    line: place.line, column: place.column, schema: nil, message: message)
            ]
        }
        guard let history = catalogue[event.type] else {
            let closest = Suggestion.closest(to: event.type, among: catalogue.types.map(\.type.name))
            return remark(
                .oneHome, .error, scan.type.range.lowerBound,
                "there is no schema of this type" + (closest.map { "; the closest is '\($0)'" } ?? ""))
        }
        guard let (version, schema) = schemas.schema(for: event.type, minorVersion: event.minorVersion) else {
            return remark(.oneHome, .error, scan.type.range.lowerBound, "the schema of this type is broken: see lint")
        }
        switch scan.dataKind {
        case .absent: return remark(.jsonData, .error, nil, "there is no data, and the type has a schema for it")
        case .base64:
            return remark(.jsonData, .error, scan.data.range.lowerBound, "is base64, where the schema describes JSON")
        case .json: break
        }
        var remarks: [ValidationAnswer.Remark] = []
        if let minor = event.minorVersion, minor > history.latest.minorVersion {
            remarks += remark(
                .minorVersion, .note, scan.minorVersion.range.lowerBound,
                "has a later minor version than is known: it is held against minor version \(version.minorVersion)")
        }
        let range = scan.data.range
        for finding in schema.validate(Array(bytes[range])).findings {
            remarks.append(
                ValidationAnswer.Remark(
                    finding, pointer: "/data" + finding.instancePointer,
                    at: origin.advanced(by: range.lowerBound + finding.instanceOffset, in: bytes)))
        }
        return remarks
    }
}
