import Foundation

/// The variables of this process.
enum ProcessEnvironment {
    /// All of them, as they are now.
    static func variables() -> [String: String] { ProcessInfo.processInfo.environment }
}
