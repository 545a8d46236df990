import Foundation
import Testing

/// The data files of the tests.
enum OpenEdXFixtures {
    static func data(_ name: String, _ fileExtension: String) throws -> Data {
        let url = Bundle.module.url(forResource: name, withExtension: fileExtension, subdirectory: "Fixtures")
        return try Data(contentsOf: #require(url))
    }

    static func text(_ name: String, _ fileExtension: String) throws -> String {
        String(decoding: try data(name, fileExtension), as: UTF8.self)
    }
}
