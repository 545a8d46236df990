/// What the command line asks for.
struct FuzzerOptions {
    var inputs = 200_000
    var seed: UInt64 = 1
    var files: [String] = []
    /// Runs the files as they are, instead of changing them.
    var isReplay = false
    /// Where inputs are left that the library does not pass.
    var directory = ".build/fuzzer"
    var wantsHelp = false

    static let help = """
        Feeds the codec with damaged events and holds it against Foundation's parser and a plain grammar.

        USAGE: Fuzzer [--inputs N] [--seed S] [--output DIRECTORY] [FILE]...
               Fuzzer --replay FILE...

          --inputs N          how many inputs (default 200000)
          --seed S            where the random numbers begin: the same seed makes the same inputs (default 1)
          --output DIRECTORY  where a failing input is left (default .build/fuzzer)
          --replay            run the files as they are
          -h, --help          show this help

        Exits with 1 at the first mismatch. If the process traps, the input lies in current.json of the directory.
        """

    struct Problem: Error {
        let message: String
    }

    /// Reads the arguments behind the program's name.
    init(_ arguments: [String]) throws(Problem) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--inputs": inputs = try Self.number(argument, rest.popFirst())
            case "--seed": seed = try Self.number(argument, rest.popFirst())
            case "--output":
                guard let value = rest.popFirst() else { throw Problem(message: "\(argument) needs a value") }
                directory = value
            case "--replay": isReplay = true
            case "-h", "--help": wantsHelp = true
            case _ where argument.hasPrefix("-"): throw Problem(message: "unknown option \(argument)")
            default: files.append(argument)
            }
        }
    }

    private static func number<Number: FixedWidthInteger>(
        _ option: String, _ text: String?
    ) throws(Problem) -> Number {
        guard let number = text.flatMap({ Number($0) }), number >= 0 else {
            throw Problem(message: "\(option) needs a number")
        }
        return number
    }
}
