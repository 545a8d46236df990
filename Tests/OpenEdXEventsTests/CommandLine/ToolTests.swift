import Testing

@testable import openedx_events

@Suite("Command line: the tool")
struct ToolTests {
    private struct Failing: Command {
        static let spec = CommandSpec(name: "fail", summary: "fail")
        init(_ arguments: ParsedArguments) {}
        func run(_ terminal: Terminal) throws -> openedx_events.ExitStatus {
            throw CommandFailure(.noInput, "there is nothing", hint: "Bring something.")
        }
    }

    private struct Breaking: Command {
        struct Mishap: Error {}
        static let spec = CommandSpec(name: "break", summary: "break")
        init(_ arguments: ParsedArguments) throws(UsageError) {
            if arguments.has(.help) { throw UsageError("never") }
        }
        func run(_ terminal: Terminal) async throws -> openedx_events.ExitStatus {
            terminal.print("so far so good")
            throw Mishap()
        }
    }

    /// A clock that is moved by hand.
    private final class HandClock {
        var now = ContinuousClock.now
    }

    private let tool = Tool("tool", version: "1.2.3", "A tool.", commands: [Failing.self, Breaking.self])

    @Test("the version is shown", arguments: ["--version", "-V", "--vers"])
    func version(argument: String) async {
        let double = TerminalDouble()
        #expect(await tool.run([argument], on: double.terminal) == .success)
        #expect(double.output.text == "tool 1.2.3\n")
    }

    @Test(
        "help goes to the output where it is asked for", arguments: [["--help"], ["-h"], ["help"], ["help", "help"]])
    func help(arguments: [String]) async {
        let double = TerminalDouble()
        #expect(await tool.run(arguments, on: double.terminal) == .success)
        #expect(double.output.text.hasPrefix("A tool.\n\nUsage: tool COMMAND"))
        #expect(double.errors.text.isEmpty)
    }

    @Test("help of a command", arguments: [["fail", "--help"], ["help", "fail"], ["fail", "x", "-h"]])
    func commandHelp(arguments: [String]) async {
        let double = TerminalDouble()
        #expect(await tool.run(arguments, on: double.terminal) == .success)
        #expect(double.output.text.contains("Usage: tool fail [OPTION]..."))
    }

    @Test("without a command the help goes to the errors", arguments: [[], ["--"]])
    func nothing(arguments: [String]) async {
        let double = TerminalDouble()
        #expect(await tool.run(arguments, on: double.terminal) == .usage)
        #expect(double.output.text.isEmpty)
        #expect(double.errors.text.contains("Commands:"))
    }

    @Test("a wrong command line ends with 64, a reason and a hint")
    func usage() async {
        let double = TerminalDouble()
        #expect(await tool.run(["braek"], on: double.terminal) == .usage)
        #expect(
            double.errors.text == """
                tool: unknown command 'braek'
                Did you mean 'break'?
                Try 'tool --help'.

                """)
        let option = TerminalDouble()
        #expect(await tool.run(["fail", "--hepl"], on: option.terminal) == .usage)
        #expect(
            option.errors.text == """
                tool fail: unknown option '--hepl'
                Did you mean '--help'?
                Try 'tool fail --help'.

                """)
        #expect(await tool.run(["--nonsense"], on: double.terminal) == .usage)
        #expect(await tool.run(["-n"], on: double.terminal) == .usage)
        #expect(await tool.run(["help", "nonsense"], on: double.terminal) == .usage)
        #expect(double.output.text.isEmpty)
    }

    @Test("a failure has its own status and is told with its hint")
    func failure() async {
        let double = TerminalDouble()
        #expect(await tool.run(["fail"], on: double.terminal) == .noInput)
        #expect(double.errors.text == "tool fail: there is nothing\nBring something.\n")
    }

    @Test("an unexpected error ends with 70")
    func unexpected() async {
        let double = TerminalDouble()
        #expect(await tool.run(["break"], on: double.terminal) == .software)
        #expect(double.errors.text == "tool break: Mishap()\n")
    }

    @Test("output that cannot be written ends with 74")
    func output() async {
        let double = TerminalDouble(output: MemorySink(failure: SystemFailure(code: 28)))
        #expect(await tool.run(["--version"], on: double.terminal) == .inputOutput)
        #expect(double.errors.text.hasPrefix("tool: cannot write the output: "))
    }

    @Test("color is for terminals that can, unless NO_COLOR is set")
    func color() {
        #expect(TextStyle.isColored(isTerminal: true) { _ in nil })
        #expect(TextStyle.isColored(isTerminal: true) { $0 == "NO_COLOR" ? "" : nil })
        #expect(!TextStyle.isColored(isTerminal: true) { $0 == "NO_COLOR" ? "1" : nil })
        #expect(!TextStyle.isColored(isTerminal: true) { $0 == "TERM" ? "dumb" : nil })
        #expect(!TextStyle.isColored(isTerminal: false) { _ in nil })
    }

    @Test("progress is drawn on a terminal's errors when it is time, and wiped")
    func progress() {
        var double = TerminalDouble()
        double.terminal.showsProgress = true
        let clock = HandClock()
        var meter = ProgressMeter(double.terminal, every: .seconds(1)) { clock.now }
        meter.update { "early" }
        meter.clear()
        #expect(double.errors.text.isEmpty)
        clock.now = clock.now.advanced(by: .seconds(1))
        meter.update { "half" }
        meter.update { "not yet" }
        meter.clear()
        meter.clear()
        #expect(double.errors.text == "\r\u{1B}[Khalf\r\u{1B}[K")
        double.terminal.showsProgress = false
        var silent = ProgressMeter(double.terminal, every: .zero) { clock.now }
        silent.update { "never" }
        #expect(!double.errors.text.contains("never"))
    }
}
