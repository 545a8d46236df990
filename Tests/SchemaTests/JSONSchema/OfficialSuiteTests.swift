import Foundation
import JSONSchema
import Testing

/// The official test suite of JSON Schema, draft 2020-12: every mandatory case.
@Suite struct OfficialSuiteTests {
    private static let folder = Bundle.module.resourceURL.map { $0.appending(path: "Fixtures/json-schema") }

    static let files: [String] = {
        guard let folder else { return [] }
        let path = folder.appending(path: "tests/draft2020-12").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }()

    private static func document(_ path: String) throws -> JSONDocument {
        let folder = try #require(folder)
        return try JSONDocument(parsing: Array(try Data(contentsOf: folder.appending(path: path))), file: path)
    }

    /// The documents that the suite's references lead to, as a server on port 1234 would give them.
    private static let remotes: SchemaResources = {
        var resources = SchemaResources()
        guard let folder, let paths = FileManager.default.enumerator(atPath: folder.appending(path: "remotes").path)
        else { return resources }
        for case let path as String in paths where path.hasSuffix(".json") {
            if let document = try? document("remotes/" + path) {
                resources.add(document, at: "http://localhost:1234/" + path)
            }
        }
        return resources
    }()

    @Test func theSuiteIsThere() {
        #expect(Self.files.count >= 46)
    }

    @Test(arguments: files) func everyVerdictIsTheOneThatIsDue(_ file: String) throws {
        var count = 0
        for group in try #require(Self.document("tests/draft2020-12/" + file).root.array) {
            let name = group["description"]?.string ?? ""
            let schema: CompiledSchema
            do {
                let document = try JSONDocument(try #require(group["schema"]), file: file)
                schema = try CompiledSchema(document, resources: Self.remotes)
            } catch {
                Issue.record("\(file): \(name): \(error)")
                continue
            }
            for test in group["tests"]?.array ?? [] {
                let instance = try #require(test["data"]).compactBytes()
                let isDue = test["valid"]?.bool
                let result = schema.validate(instance)
                let label = "\(file): \(name): \(test["description"]?.string ?? "")"
                #expect(result.isValid == isDue, "\(label): \(result.findings)")
                #expect(schema.isValid(instance) == isDue, "\(label)")
                count += 1
            }
        }
        #expect(count > 0)
    }
}
