#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension EventSchemaValidator {
    /// Compiles the schemas of a directory and its subdirectories: every file whose name ends in `.json` and that holds
    /// a schema with `x-event`, or an `$id` to be referred to by. Other files, such as a registry, are passed over.
    ///
    /// Throws everything that is wrong in any of them; a directory or file that cannot be read is such an error.
    public init(directory: String, options: SchemaOptions = SchemaOptions()) throws(SchemaErrors) {
        var errors: [SchemaError] = []
        var texts: [(file: String, bytes: [UInt8])] = []
        for path in SchemaDirectory.files(below: directory, &errors) {
            if let bytes = SchemaDirectory.read(path, &errors) { texts.append((path, bytes)) }
        }
        guard errors.isEmpty else { throw SchemaErrors(errors) }
        let documents = try Self.parse(texts).filter { $0.root["x-event"] != nil || $0.root["$id"] != nil }
        try self.init(documents, options: options)
    }
}

/// Files, read with the C library alone.
enum SchemaDirectory {
    private static let maximumDepth = 16

    static func files(below directory: String, depth: Int = 0, _ errors: inout [SchemaError]) -> [String] {
        guard depth < maximumDepth, let handle = opendir(directory) else {
            errors.append(failure(directory, "the directory cannot be read"))
            return []
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                // The C library ends the name with a zero, within the field.
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        var files: [String] = []
        for name in names.sorted() {
            let path = directory + "/" + name
            var status = stat()
            guard stat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                files += self.files(below: path, depth: depth + 1, &errors)
            } else if name.hasSuffix(".json") {
                files.append(path)
            }
        }
        return files
    }

    static func read(_ path: String, _ errors: inout [SchemaError]) -> [UInt8]? {
        guard let file = fopen(path, "rb") else {
            errors.append(failure(path, "the file cannot be read"))
            return nil
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&block, 1, block.count, file)
            if count == 0 { break }
            bytes += block[..<count]
        }
        guard ferror(file) == 0 else {
            errors.append(failure(path, "the file cannot be read"))
            return nil
        }
        return bytes
    }

    private static func failure(_ path: String, _ message: String) -> SchemaError {
        SchemaError(
            kind: .notASchema, file: path, line: 1, column: 1, pointer: "", message: message,
            hint: "see that it exists and may be read")
    }
}
