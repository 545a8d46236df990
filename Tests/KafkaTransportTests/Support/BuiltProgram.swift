import Foundation

/// The programs of the package, which are built beside the tests.
enum BuiltProgram {
    static func named(_ name: String) throws -> URL {
        guard
            let program = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent(name),
            FileManager.default.isExecutableFile(atPath: program.path)
        else { throw ProcessRunner.Failure(description: "\(name) does not lie beside the tests") }
        return program
    }
}
