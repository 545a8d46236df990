/// A program in memory of its own, where instructions are read without counting references or checking bounds.
///
/// `@unchecked Sendable`: the memory is written in `init`, only read afterwards, and freed in `deinit`. Indexes come
/// from the compiler alone, which points only at what it has appended.
final class ProgramImage: @unchecked Sendable {
    let program: SchemaProgram
    let options: SchemaOptions
    let nodes: UnsafePointer<SchemaNode>
    let instructions: UnsafePointer<Instruction>
    let schemas: UnsafePointer<UInt32>
    let objects: UnsafePointer<ObjectRule>
    let properties: UnsafePointer<PropertyRule>
    let buckets: UnsafePointer<UInt32>
    let numbers: UnsafePointer<NumberRule>
    let texts: UnsafePointer<UInt8>
    let constants: TapeView

    init(_ program: SchemaProgram, options: SchemaOptions) {
        self.program = program
        self.options = options
        nodes = Self.copy(program.nodes)
        instructions = Self.copy(program.instructions)
        schemas = Self.copy(program.schemas)
        objects = Self.copy(program.objects)
        properties = Self.copy(program.properties)
        buckets = Self.copy(program.buckets)
        numbers = Self.copy(program.numbers)
        texts = Self.copy(program.texts)
        constants = TapeView(bytes: Self.copy(program.constants.bytes), entries: Self.copy(program.constants.entries))
    }

    deinit {
        nodes.deallocate()
        instructions.deallocate()
        schemas.deallocate()
        objects.deallocate()
        properties.deallocate()
        buckets.deallocate()
        numbers.deallocate()
        texts.deallocate()
        constants.bytes.deallocate()
        constants.entries.deallocate()
    }

    private static func copy<Element: BitwiseCopyable>(_ array: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(array.count, 1))
        _ = memory.initialize(from: array)
        return UnsafePointer(memory.baseAddress.unsafelyUnwrapped)
    }
}
