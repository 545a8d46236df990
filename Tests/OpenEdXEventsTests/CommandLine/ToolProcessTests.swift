import Foundation
import Testing

@Suite("Command line: the built tool")
struct ToolProcessTests {
    @Test("inspect reads standard input or a file, and ends with its status")
    func inspect() throws {
        let valid = Array(SampleEvents.valid.utf8)
        #expect(try ToolProcess.run(["inspect"], input: valid).status == 0)
        #expect(try ToolProcess.run(["inspect", "-"], input: valid).status == 0)
        #expect(
            try ToolProcess.run(["inspect", "--form=json", "-"], input: Array(SampleEvents.wrongSource.utf8)).status
                == 1)
        #expect(try ToolProcess.run(["inspect"], input: Array("hello".utf8)).status == 65)
        try ToolProcess.withDirectory { directory in
            let file = directory.appendingPathComponent("an event.json")
            try Data(valid).write(to: file)
            let result = try ToolProcess.run(["inspect", file.path])
            #expect(result.status == 0 && result.errors.isEmpty)
            #expect(result.lines.last == "1 event: 1 valid")
            let unreadable = try ToolProcess.run(["inspect", directory.path])
            #expect(unreadable.status == 66 && unreadable.errors.contains("cannot read"))
        }
    }

    @Test("a file that is not there ends with 66")
    func missingFile() throws {
        let result = try ToolProcess.run(["inspect", "/nowhere/events.json"])
        #expect(result.status == 66 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("openedx-events inspect: cannot open '/nowhere/events.json': "))
    }

    @Test("a wrong command line ends with 64, on the errors alone")
    func usage() throws {
        for arguments in [[], ["insepct"], ["inspect", "--nonsense"], ["inspect", "a", "b"], ["completion", "fish"]] {
            let result = try ToolProcess.run(arguments)
            #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty, "\(arguments)")
        }
        #expect(try ToolProcess.run(["insepct"]).errors.contains("Did you mean 'inspect'?"))
    }

    @Test("help and version go to the output, without color")
    func help() throws {
        for arguments in [["--help"], ["--version"], ["inspect", "-h"], ["help", "completion"]] {
            let result = try ToolProcess.run(arguments, environment: ["TERM": "xterm-256color"])
            #expect(result.status == 0 && result.errors.isEmpty, "\(arguments)")
            #expect(!result.output.isEmpty && !result.output.contains("\u{1B}"))
        }
    }

    @Test(
        "output that has no room ends with 74",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"))
    func full() throws {
        let shell = URL(fileURLWithPath: "/bin/sh")
        let result = try ToolProcess.run(shell, ["-c", "\"$0\" --help > /dev/full", ToolProcess.executable.path])
        #expect(result.status == 74)
        #expect(result.errors.hasPrefix("openedx-events: cannot write the output: "))
    }

    @Test("a reader that goes away ends the tool without words")
    func brokenPipe() throws {
        let bash = URL(fileURLWithPath: "/bin/bash")
        let script = "set -o pipefail; yes \"$1\" | head -n 20000 | \"$0\" inspect -f json | head -n 1"
        let result = try ToolProcess.run(
            bash, ["-c", script, ToolProcess.executable.path, SampleEvents.valid])
        #expect(result.lines.count == 1)
        #expect(result.errors.isEmpty, "\(result.errors)")
    }

    @Test(
        "output is colored on a terminal, and not with NO_COLOR",
        .enabled(if: FileManager.default.isExecutableFile(atPath: script.path), "there is no script(1) here"))
    func terminal() throws {
        let command = "'\(ToolProcess.executable.path)' --help"
        let colored = try ToolProcess.run(
            Self.script, ["-qec", command, "/dev/null"], environment: ["TERM": "xterm", "SHELL": "/bin/sh"])
        #expect(colored.status == 0 && colored.output.contains("\u{1B}[1mUsage:\u{1B}[0m"))
        let plain = try ToolProcess.run(
            Self.script, ["-qec", command, "/dev/null"],
            environment: ["TERM": "xterm", "SHELL": "/bin/sh", "NO_COLOR": "1"])
        #expect(plain.status == 0 && plain.output.contains("Usage:") && !plain.output.contains("\u{1B}"))
    }

    private static let script = URL(fileURLWithPath: "/usr/bin/script")
}
