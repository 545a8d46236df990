import Foundation
import JSONSchema
import SchemaAuthoring
import Testing

/// The schemas of this package, read once.
enum RealSchemas {
    /// Where they stand: they are no resource of a target.
    static let directory: String = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return folder.appendingPathComponent("../../../schemas").standardizedFileURL.path
    }()

    static let catalogue = Result { try SchemaCatalogue(directory: directory) }

    /// Every published version.
    static func published() throws -> [EventSchema] { try catalogue.get().events.filter { $0.status == .published } }

    /// A catalogue of one schema beside the real registry's names.
    static func catalogue(_ node: JSONNode, path: String) -> SchemaCatalogue {
        SchemaCatalogue(files: [SchemaFile(path: path, bytes: node.compactBytes())])
    }
}
