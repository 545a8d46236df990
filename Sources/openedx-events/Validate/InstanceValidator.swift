import JSONSchema
import OpenEdXEvents

/// Answers for instances of any schema, a line each: pure.
struct InstanceValidator {
    let schema: CompiledSchema
    let limit: Int

    /// What there is to say of a line.
    func answer(_ line: LineSplitter.Line) -> ValidationAnswer {
        guard let bytes = line.bytes else {
            let remark = ValidationAnswer.Remark(
                rule: nil, keyword: "json", severity: .error, pointer: "", line: line.number, column: 1, schema: nil,
                message: "the line has more than \(limit) bytes, which is not kept")
            return ValidationAnswer(line: line.number, isEvent: false, isReadable: false, remarks: [remark])
        }
        let findings = schema.validate(bytes).findings
        let remarks = findings.map { finding in
            ValidationAnswer.Remark(
                finding, pointer: finding.instancePointer,
                at: Inspection.Place(offset: 0, line: line.number, column: 1).advanced(
                    by: finding.instanceOffset, in: bytes))
        }
        return ValidationAnswer(
            line: line.number, isEvent: false, isReadable: !findings.contains { $0.keyword == "json" },
            remarks: remarks)
    }
}

extension ValidationAnswer.Remark {
    /// What a schema refuses, at a place of the input.
    init(_ finding: ValidationFinding, pointer: String, at place: Inspection.Place) {
        self.init(
            rule: nil, keyword: finding.keyword, severity: .error, pointer: pointer, line: place.line,
            column: place.column, schema: finding.keyword == "json" ? nil : finding.schemaPointer,
            message: "expected \(finding.expected)")
    }
}
