import Foundation
import Testing

@testable import openedx_events

@Suite("Command line: shell completion")
struct CompletionTests {
    /// What bash offers for a line whose last word is being typed.
    private func completions(_ words: [String], in directory: URL? = nil) throws -> [String] {
        let bash = try #require(Self.find("bash"))
        let script = """
            cd -- "$1" || exit 9
            source <("$2" completion bash) || exit 8
            shift 2
            COMP_WORDS=("$@")
            COMP_CWORD=$(($# - 1))
            _openedx_events
            ((${#COMPREPLY[@]})) && printf '%s\\n' "${COMPREPLY[@]}"
            exit 0
            """
        let result = try ToolProcess.run(
            bash,
            ["--norc", "-c", script, "bash", directory?.path ?? "/", ToolProcess.executable.path, "openedx-events"]
                + words)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty)
        return result.lines.map { String($0) }
    }

    private static func find(_ program: String) -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { URL(fileURLWithPath: "\($0)/\(program)") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    @Test("bash accepts the script")
    func syntax() throws {
        let script = try ToolProcess.run(["completion", "bash"])
        #expect(script.status == 0)
        let check = try ToolProcess.run(
            try #require(Self.find("bash")), ["-n"], input: Array(script.output.utf8))
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    }

    @Test("commands are completed")
    func commands() throws {
        #expect(try completions(["insp"]) == ["inspect"])
        #expect(Set(try completions([""])).isSuperset(of: ["inspect", "completion", "help"]))
        #expect(try completions(["--ver"]) == ["--version"])
        #expect(try completions(["help", "insp"]) == ["inspect"])
        #expect(try completions(["nonsense", ""]) == [])
    }

    @Test("options and their values are completed, apart and joined")
    func options() throws {
        #expect(try completions(["inspect", "--"]) == ["--format", "--help"])
        #expect(try completions(["inspect", "--fo"]) == ["--format"])
        #expect(try completions(["inspect", "--format", ""]) == ["text", "json"])
        #expect(try completions(["inspect", "-f", "j"]) == ["json"])
        #expect(try completions(["inspect", "--format", "=", "j"]) == ["json"])
        #expect(try completions(["inspect", "--format", "="]) == ["text", "json"])
        #expect(try completions(["inspect", "--format=j"]) == ["--format=json"])
        #expect(try completions(["completion", ""]) == ["bash", "zsh"])
        #expect(try completions(["completion", "bash", ""]) == [])
    }

    @Test("files are completed, whatever their names hold")
    func files() throws {
        try ToolProcess.withDirectory { directory in
            for name in ["event one.json", "event$(x).json", "--format"] {
                try Data().write(to: directory.appendingPathComponent(name))
            }
            let expected = ["event one.json", "event$(x).json"]
            #expect(try completions(["inspect", "ev"], in: directory).sorted() == expected.sorted())
            #expect(
                try completions(["inspect", "--format", "text", "ev"], in: directory).sorted() == expected.sorted())
            #expect(try completions(["inspect", "--", "--f"], in: directory) == ["--format"])
            #expect(try completions(["inspect", "x", "ev"], in: directory) == [])
        }
    }

    @Test("zsh accepts the script", .enabled(if: find("zsh") != nil, "zsh is not installed"))
    func zsh() throws {
        let script = try ToolProcess.run(["completion", "zsh"])
        #expect(script.status == 0)
        let check = try ToolProcess.run(
            try #require(Self.find("zsh")), ["-f", "-n", "/dev/stdin"], input: Array(script.output.utf8))
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors)")
    }

    @Test("words are quoted for the shell")
    func quoting() {
        #expect(Shell.quoted("it's") == "'it'\\''s'")
        let option = Option<String?>.text(
            "to", ValueSpec("X", .text(suggestions: ["a b", "$(rm)"])), "it's [odd]: really")
        let tool = ToolSpec(
            name: "t", summary: "T.", version: "1",
            commands: [CommandSpec(name: "c", summary: "see: this", options: [option.spec])])
        #expect(Shell.bash.script(for: tool).contains("_t_offer \"$current\" 'a b' '$(rm)'"))
        #expect(Shell.zsh.script(for: tool).contains("'(--to)--to=[it'\\''s \\[odd\\]: really]:X:(a\\ b $\\(rm\\))'"))
    }
}
