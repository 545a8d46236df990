#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The command-line tool.
@main
enum OpenEdXEventsTool {
    /// The tool with all its commands, in the order in which help shows them.
    static let tool = Tool(
        "openedx-events", version: "0.1.0", "Emits, handles and examines the events of an Open edX site.",
        commands: [
            DemoCommand.self, InspectCommand.self,
            DevBrokerCommand.self, EmitCommand.self, TailCommand.self, ConsumeCommand.self, TopicsCommand.self,
            LagCommand.self, ResetOffsetsCommand.self, ReplayCommand.self, RedriveCommand.self,
            NewCommand.self, LintCommand.self, CheckCommand.self, ValidateCommand.self, GenerateCommand.self,
            CatalogueCommand.self, ExportCommand.self, CompletionCommand.self,
        ])

    static func main() async {
        BrokenPipe.endsTheProcess()
        let status = await tool.run(Array(CommandLine.arguments.dropFirst()), on: .standard())
        exit(status.code)
    }
}
