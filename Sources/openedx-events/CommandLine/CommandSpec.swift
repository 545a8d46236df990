/// What a command takes and says of itself. Parser, help and completion are all made from this.
struct CommandSpec: Hashable, Sendable {
    /// A way to call the command, and what that does.
    struct Example: Hashable, Sendable {
        let arguments: String
        let summary: String

        init(_ arguments: String, _ summary: String) {
            self.arguments = arguments
            self.summary = summary
        }
    }

    /// What an exit status means.
    struct Exit: Hashable, Sendable {
        let status: ExitStatus
        let meaning: String

        init(_ status: ExitStatus, _ meaning: String) {
            self.status = status
            self.meaning = meaning
        }
    }

    /// The word that calls it.
    let name: String
    /// What it does, in one line that begins in lower case.
    let summary: String
    /// More about it, in paragraphs.
    var details: [String] = []
    /// Its own options, without help.
    var options: [OptionSpec] = []
    /// Its operands in order.
    var operands: [OperandSpec] = []
    var examples: [Example] = []
    /// What its exit statuses mean, beyond 64, which is every command's.
    var exits: [Exit] = []

    /// All options, with help at the end.
    var allOptions: [OptionSpec] { options + [.help] }
}

/// A command of the tool.
protocol Command: Sendable {
    /// What it takes and says of itself.
    static var spec: CommandSpec { get }

    /// Takes its arguments, which the specification allows.
    ///
    /// - Throws: ``UsageError`` if they do not go together.
    init(_ arguments: ParsedArguments) throws(UsageError)

    /// Does its work.
    ///
    /// - Throws: ``CommandFailure`` for what the user is to be told. Anything else is a mistake of the program.
    func run(_ terminal: Terminal) async throws -> ExitStatus
}
