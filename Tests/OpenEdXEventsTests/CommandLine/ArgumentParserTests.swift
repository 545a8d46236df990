import Testing

@testable import openedx_events

@Suite("Command line: arguments")
struct ArgumentParserTests {
    private enum Color: String, CaseIterable { case red, green, blue }

    private static let color = Option<Color>.choice("color", short: "c", "COLOR", default: .red, "the color")
    private static let count = Option<Int>.integer("count", short: "n", "N", in: 1...100, default: 10, "how many")
    private static let verbose = Option<Bool>.flag("verbose", short: "v", "say more")
    private static let version = Option<Bool>.flag("verify", short: "y", "check it")
    private static let topic = Option<String?>.text(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])), variable: "TEST_TOPIC", "the topic")
    private static let file = Operand<String?>.file("FILE", "the file")

    private static let spec = CommandSpec(
        name: "paint", summary: "paint things",
        options: [color.spec, count.spec, verbose.spec, version.spec, topic.spec], operands: [file.spec])

    private func parse(_ arguments: String..., variables: [String: String] = [:]) throws(UsageError) -> ParsedArguments
    {
        switch try ArgumentParser(Self.spec, variable: { variables[$0] }).parse(arguments) {
        case .run(let parsed): return parsed
        case .help: throw UsageError("help was asked for")
        }
    }

    private func refusal(_ arguments: String..., spec: CommandSpec = spec) -> UsageError? {
        #expect(throws: UsageError.self) { try ArgumentParser(spec).parse(arguments) }
    }

    @Test("without arguments the defaults hold")
    func defaults() throws {
        let parsed = try parse()
        #expect(parsed[Self.color] == .red)
        #expect(parsed[Self.count] == 10)
        #expect(!parsed[Self.verbose])
        #expect(parsed[Self.topic] == nil)
        #expect(parsed[Self.file] == nil)
    }

    @Test(
        "a value follows a long or short option, joined or apart",
        arguments: [["--count", "5"], ["--count=5"], ["-n", "5"], ["-n5"], ["-vn5"], ["-vn", "5"], ["--cou=5"]])
    func values(arguments: [String]) throws {
        guard case .run(let parsed) = try ArgumentParser(Self.spec).parse(arguments) else {
            Issue.record("help was asked for")
            return
        }
        #expect(parsed[Self.count] == 5)
    }

    @Test("flags stand in one bundle")
    func bundle() throws {
        let parsed = try parse("-vyc", "blue", "x")
        #expect(parsed[Self.verbose] && parsed[Self.version])
        #expect(parsed[Self.color] == .blue)
        #expect(parsed[Self.file] == "x")
    }

    @Test("options and operands mix, and the last of an option holds")
    func order() throws {
        let parsed = try parse("--color", "green", "x", "-v", "--color=blue")
        #expect(parsed[Self.color] == .blue)
        #expect(parsed[Self.file] == "x")
        #expect(parsed[Self.verbose])
    }

    @Test("behind two dashes everything is an operand, and one dash always is")
    func dashes() throws {
        #expect(try parse("--", "--verbose")[Self.file] == "--verbose")
        #expect(try parse("-")[Self.file] == "-")
        #expect(try parse("-v", "--", "-")[Self.file] == "-")
        #expect(try parse("--topic", "--")[Self.topic] == "--")
        #expect(try parse("--topic=a=b")[Self.topic] == "a=b")
        #expect(try parse("-t=x")[Self.topic] == "=x")
    }

    @Test("a long option may be cut short where that is unambiguous")
    func prefixes() throws {
        let error = refusal("--ver")
        #expect(error?.message == "option '--ver' is ambiguous")
        #expect(error?.hint == "It may stand for '--verbose', '--verify'.")
        #expect(try parse("--verbo")[Self.verbose])
        #expect(try parse("--to", "x")[Self.topic] == "x")
    }

    @Test("an exact name is never ambiguous")
    func exact() throws {
        let short = Option<Bool>.flag("dry", "try")
        let long = Option<Bool>.flag("dry-run", "try more")
        let spec = CommandSpec(name: "x", summary: "x", options: [long.spec, short.spec])
        guard case .run(let parsed) = try ArgumentParser(spec).parse(["--dry"]) else {
            Issue.record("help was asked for")
            return
        }
        #expect(parsed[short] && !parsed[long])
    }

    @Test("what cannot be followed is refused with its reason")
    func refusals() {
        #expect(refusal("--colour")?.message == "unknown option '--colour'")
        #expect(refusal("--colour")?.hint == "Did you mean '--color'?")
        #expect(refusal("-x")?.message == "unknown option '-x'")
        #expect(refusal("-color")?.message == "'olor' is no value for option '-c': it takes red or green or blue")
        #expect(refusal("--verbose=1")?.message == "option '--verbose' takes no value")
        #expect(refusal("--count")?.message == "option '--count' needs a value")
        #expect(refusal("-c")?.hint == "It takes red or green or blue.")
        #expect(refusal("--color", "gren")?.hint == "Did you mean 'green'?")
        #expect(refusal("--=x")?.message == "unknown option '--'")
        #expect(refusal("a", "b")?.message == "there is no use for the argument 'b'")
        #expect(refusal("")?.message == "'' is no FILE: it must not be empty")
    }

    @Test("a number is whole and within its range", arguments: ["0", "101", "five", "", "1.5", "99999999999999999999"])
    func numbers(text: String) {
        #expect(refusal("--count", text)?.message.hasSuffix("it takes a whole number from 1 to 100") == true)
    }

    @Test("an option that was left out comes from its variable, whose value is not shown")
    func variables() throws {
        #expect(try parse(variables: ["TEST_TOPIC": "a"])[Self.topic] == "a")
        #expect(try parse("-tb", variables: ["TEST_TOPIC": "a"])[Self.topic] == "b")
        #expect(try parse(variables: ["TEST_TOPIC": ""])[Self.topic] == nil)
        let secret = Option<String>.required(
            "mode", ValueSpec("MODE", .choice(["on", "off"])), variable: "TEST_MODE", "the mode")
        let spec = CommandSpec(name: "x", summary: "x", options: [secret.spec])
        let error = #expect(throws: UsageError.self) {
            try ArgumentParser(spec, variable: { _ in "hunter2" }).parse([])
        }
        #expect(error?.message == "the value of TEST_MODE does not suit option '--mode': it takes on or off")
        #expect(refusal(spec: spec)?.message == "option '--mode' is missing")
        #expect(refusal(spec: spec)?.hint == "Or set TEST_MODE.")
    }

    @Test("a required operand is missed")
    func missing() {
        let operand = Operand<Color>.choice("COLOR", "the color")
        let spec = CommandSpec(name: "x", summary: "x", operands: [operand.spec])
        #expect(refusal(spec: spec)?.message == "the argument COLOR is missing")
        #expect(refusal("gree", spec: spec)?.hint == "Did you mean 'green'?")
    }

    @Test(
        "help is asked for by its long or short name, alone or in a bundle", arguments: ["--help", "-h", "--he", "-vh"])
    func help(argument: String) throws {
        guard case .help = try ArgumentParser(Self.spec).parse([argument, "--nonsense"]) else {
            Issue.record("no help")
            return
        }
    }

    @Test("what the user typed cannot move the cursor")
    func escapes() {
        #expect(refusal("--\u{1B}[2J")?.message == "unknown option '--\\u{1B}[2J'")
        #expect(printable("a\u{202E}b\n\u{9B}é🎓") == "a\\u{202E}b\\u{A}\\u{9B}é🎓")
    }
}
