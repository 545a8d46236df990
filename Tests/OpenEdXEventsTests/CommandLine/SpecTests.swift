import Testing

@testable import openedx_events

@Suite("Command line: the commands' own specifications")
struct SpecTests {
    private var tool: ToolSpec { OpenEdXEventsTool.tool.spec }

    @Test("names and spellings are unique and safe in any shell")
    func names() {
        let name = #/[a-z][a-z0-9-]*/#
        #expect(Set(tool.commands.map(\.name)).count == tool.commands.count)
        for command in tool.commands {
            #expect(command.name.wholeMatch(of: name) != nil)
            let spellings = command.allOptions.flatMap(\.spellings)
            #expect(Set(spellings).count == spellings.count, "\(command.name)")
            for option in command.allOptions {
                #expect(option.name.wholeMatch(of: name) != nil)
                for candidate in option.value?.candidates ?? [] {
                    #expect(candidate.wholeMatch(of: #/[A-Za-z0-9._:-]+/#) != nil, "\(candidate)")
                }
            }
        }
    }

    @Test("summaries read alike: one line, lower case, no full stop")
    func summaries() {
        for command in tool.commands {
            for summary in [command.summary] + command.allOptions.map(\.summary) + command.operands.map(\.summary) {
                #expect(summary.first?.isUppercase == false && summary.last != "." && !summary.contains("\n"))
            }
        }
    }

    @Test("defaults are values that the option takes")
    func defaults() {
        for option in tool.commands.flatMap(\.options) {
            guard let standard = option.standard else { continue }
            #expect(option.value?.problem(with: standard) == nil, "--\(option.name)")
        }
    }

    @Test(
        "help names every command, option, operand and exit status, and keeps to the width", arguments: [40, 80, 100])
    func help(width: Int) {
        let text = HelpText(style: .plain, width: width)
        let general = text.tool(tool)
        for command in tool.commands {
            #expect(general.contains("  \(command.name)"))
            let help = text.command(command, of: tool)
            for option in command.allOptions { #expect(help.contains("--\(option.name)")) }
            for operand in command.operands { #expect(help.contains("  \(operand.value.placeholder)")) }
            for exit in command.exits { #expect(help.contains("  \(exit.status.code) ")) }
            #expect(help.contains("  64 ") || command.exits.isEmpty)
            let isTooWide = { (line: Substring) in line.count > width && !line.contains("openedx-events") }
            #expect(!help.split(separator: "\n").contains { isTooWide($0) && $0.contains(" ") && width > 40 })
        }
    }

    @Test("plain help holds no escape sequence, colored help does")
    func style() {
        #expect(!HelpText(style: .plain, width: 80).tool(tool).contains("\u{1B}"))
        #expect(HelpText(style: TextStyle(isColored: true), width: 80).tool(tool).contains("\u{1B}[1mUsage:\u{1B}[0m"))
    }
}
