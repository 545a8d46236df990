#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What a command speaks through: input, output, errors, and what is known of the terminal behind them.
struct Terminal: Sendable {
    let input: any ByteSource
    let output: any ByteSink
    let errors: any ByteSink
    /// How output may be styled.
    var style: TextStyle = .plain
    /// How errors may be styled.
    var errorStyle: TextStyle = .plain
    /// How many columns a line of help has.
    var width = 80
    /// Whether a person at a terminal types the input.
    var isInputInteractive = false
    /// Whether long work may draw its progress: errors go to a terminal, and output does not.
    var showsProgress = false
    /// All environment variables, for what knows its variables only by how they begin.
    var environment: @Sendable () -> [String: String] = { [:] }
    /// Looks an environment variable up.
    var variable: @Sendable (String) -> String? = { _ in nil }

    /// The process's own.
    static func standard() -> Terminal {
        let variable: @Sendable (String) -> String? = { name in getenv(name).map { String(cString: $0) } }
        let isOutputTerminal = isatty(STDOUT_FILENO) == 1
        let isErrorTerminal = isatty(STDERR_FILENO) == 1
        var terminal = Terminal(
            input: FileSource(STDIN_FILENO),
            // A person, or a program that reads along, wants lines at once; a pipe to a file does not mind waiting.
            output: FileSink(STDOUT_FILENO, blockSize: isOutputTerminal ? 0 : 65_536),
            errors: FileSink(STDERR_FILENO, blockSize: 0))
        terminal.style = TextStyle(
            isColored: TextStyle.isColored(isTerminal: isOutputTerminal, variable: variable))
        terminal.errorStyle = TextStyle(
            isColored: TextStyle.isColored(isTerminal: isErrorTerminal, variable: variable))
        if isOutputTerminal { terminal.width = min(max(columns(variable) ?? 80, 40), 100) }
        terminal.isInputInteractive = isatty(STDIN_FILENO) == 1
        terminal.showsProgress = isErrorTerminal && !isOutputTerminal && variable("TERM") != "dumb"
        terminal.variable = variable
        terminal.environment = ProcessEnvironment.variables
        return terminal
    }

    private static func columns(_ variable: (String) -> String?) -> Int? {
        if let columns = variable("COLUMNS").flatMap({ Int($0) }) { return columns }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes a line to the output.
    func print(_ line: String) { output.write(Array(line.utf8) + [UInt8(ascii: "\n")]) }

    /// Writes a line to the errors, behind all output so far.
    func printError(_ line: String) {
        _ = output.flush()
        errors.write(Array(line.utf8) + [UInt8(ascii: "\n")])
    }

    /// Says on the errors what went wrong, and what may help.
    func complain(_ name: String, _ message: String, hint: String? = nil) {
        printError("\(errorStyle.bold(name)): \(errorStyle.red(message))")
        if let hint { printError(hint) }
    }
}
