/// What the command line asks for.
struct BenchmarkOptions {
    /// Only benchmarks whose name contains one of these; all if there are none.
    var filters: [String] = []
    /// Fewer and shorter rounds; ratios are then too noisy to be held against a gate.
    var isQuick = false
    /// Whether a gate that is missed is a failure.
    var checksGates = false
    /// How many events to send through the bus while memory is watched, instead of measuring.
    var soak: Int?
    var wantsHelp = false

    static let help = """
        Measures the bus against Foundation and against AsyncStream, in turns, and counts allocations.

        USAGE: Benchmarks [--filter NAME]... [--quick] [--check]
               Benchmarks --soak N

          --filter NAME   only benchmarks whose name contains NAME
          --quick         few short rounds: allocations are exact, ratios are rough
          --check         exit with 1 if a gate is missed; with --quick only allocations count
          --soak N        send N events from emit to handler and watch the memory
          -h, --help      show this help

        Prints a table and writes .build/benchmarks.json.
        """

    /// Why the command line cannot be followed.
    struct Problem: Error {
        let message: String
    }

    /// Reads the arguments behind the program's name.
    init(_ arguments: [String]) throws(Problem) {
        var rest = arguments[...]
        func value(of option: String) throws(Problem) -> String {
            guard let value = rest.popFirst() else { throw Problem(message: "\(option) needs a value") }
            return value
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--filter": filters.append(try value(of: argument))
            case "--quick": isQuick = true
            case "--check": checksGates = true
            case "--soak":
                guard let count = Int(try value(of: argument)), count >= 10_000 else {
                    throw Problem(message: "--soak needs a number of at least 10000")
                }
                soak = count
            case "-h", "--help": wantsHelp = true
            default: throw Problem(message: "unknown option \(argument)")
            }
        }
    }
}
