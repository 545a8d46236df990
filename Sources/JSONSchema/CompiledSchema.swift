import OpenEdXEvents

/// A JSON Schema (draft 2020-12), compiled once, that validates instances straight from their bytes.
///
/// ```swift
/// let schema = try CompiledSchema(JSONDocument(parsing: text, file: "user.json"))
/// let result = schema.validate(bytes)
/// for finding in result.findings { print(finding) }
/// ```
///
/// Nothing is fetched: what references lead to is given as ``SchemaResources``. Numbers are compared exactly, lengths
/// are counted in code points, and regular expressions take time in proportion to their text. A valid instance costs no
/// allocation if it has up to 64 values and names, and hardly ever more than one if it has more, unless the schema has
/// `unevaluatedProperties`, `unevaluatedItems` or `$dynamicRef`.
public struct CompiledSchema: Sendable {
    private let image: ProgramImage
    /// What is odd in the schema and no error: unknown keywords, where the options allow them.
    public let notes: [SchemaError]

    /// Compiles a schema, and everything that its references lead to.
    ///
    /// Throws everything that is wrong, with file, line and column.
    public init(
        _ document: JSONDocument, resources: SchemaResources = .none, options: SchemaOptions = SchemaOptions()
    ) throws(SchemaErrors) {
        var compiler = SchemaCompiler(options: options, resources: resources)
        compiler.compile(document)
        guard compiler.errors.isEmpty else { throw SchemaErrors(compiler.errors) }
        notes = SchemaErrors.sorted(compiler.notes)
        image = ProgramImage(compiler.program, options: options)
    }

    /// Validates an instance and says everything that is wrong with it, up to ``SchemaOptions/maximumFindings``.
    public func validate(_ instance: [UInt8]) -> ValidationResult {
        instance.withUnsafeBufferPointer { validate($0) }
    }

    /// Whether an instance is valid: the quickest answer.
    public func isValid(_ instance: [UInt8]) -> Bool {
        instance.withUnsafeBufferPointer { isValid($0) }
    }

    /// Validates an instance of which the bytes are lent.
    package func validate(_ instance: UnsafeBufferPointer<UInt8>) -> ValidationResult {
        withUnsafeTemporaryAllocation(of: TapeEntry.self, capacity: JSONTape.room) { room in
            var tape = JSONTape(room)
            if let failure = tape.build(over: instance) { return ValidationResult([Self.finding(failure)]) }
            if run(tape, instance, isCollecting: false).isValid { return ValidationResult([]) }
            return ValidationResult(run(tape, instance, isCollecting: true).findings)
        }
    }

    /// Whether an instance of which the bytes are lent is valid.
    package func isValid(_ instance: UnsafeBufferPointer<UInt8>) -> Bool {
        withUnsafeTemporaryAllocation(of: TapeEntry.self, capacity: JSONTape.room) { room in
            var tape = JSONTape(room)
            return tape.build(over: instance) == nil && run(tape, instance, isCollecting: false).isValid
        }
    }

    @inline(__always)
    private func run(
        _ tape: borrowing JSONTape, _ instance: UnsafeBufferPointer<UInt8>, isCollecting: Bool
    ) -> (isValid: Bool, findings: [ValidationFinding]) {
        guard let bytes = instance.baseAddress else { return (false, []) }
        let view = TapeView(bytes: bytes, entries: tape.entries)
        var evaluator = Evaluator(image, view, isCollecting: isCollecting)
        let isValid = evaluator.evaluate(image.program.root, 0, -1) && !evaluator.isExhausted
        return (isValid, evaluator.findings)
    }

    private static func finding(_ failure: JSONError) -> ValidationFinding {
        ValidationFinding(
            instancePointer: "", instanceOffset: failure.offset, schemaPointer: "", schemaFile: "", schemaOffset: 0,
            keyword: "json", expected: "JSON, but there is \(failure.code)")
    }
}
