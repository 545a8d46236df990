import Foundation

/// The kind of machine that measures.
enum Machine {
    /// One line: processor, cores, system, build.
    static var description: String {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return "\(processor), \(cores) \(cores == 1 ? "core" : "cores"), \(architecture), "
            + "\(ProcessInfo.processInfo.operatingSystemVersionString), \(build) build"
    }

    /// Whether the build is optimized: in any other, times mean nothing.
    static var isOptimized: Bool {
        #if DEBUG
        false
        #else
        true
        #endif
    }

    private static var build: String { isOptimized ? "release" : "debug" }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "another architecture"
        #endif
    }

    private static var processor: String {
        #if canImport(Darwin)
        var size = 0
        sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
        var name = [UInt8](repeating: 0, count: size)
        guard sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0) == 0 else { return unknown }
        return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #else
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return unknown }
        // Arm's kernels name no model, only the maker's and the part's numbers.
        return field("model name", in: text)
            ?? field("CPU part", in: text).map { "processor part \($0)" } ?? unknown
        #endif
    }

    private static let unknown = "unknown processor"

    private static func field(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// How much memory the process holds, in bytes; `nil` where that is not known.
    static var residentBytes: Int? {
        #if os(Linux)
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let size = field("VmRSS", in: text)?.split(separator: " ").first.flatMap({ Int($0) })
        else { return nil }
        return size * 1_024
        #else
        return nil
        #endif
    }
}
