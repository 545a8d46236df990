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
    /// The same through Kafka, to a consumer that is slow.
    var kafkaSoak: Int?
    var wantsHelp = false

    static let help = """
        Measures the bus against Foundation, against AsyncStream, and against librdkafka in C, in turns, and counts
        allocations.

        USAGE: Benchmarks [--filter NAME]... [--quick] [--check]
               Benchmarks --soak N
               Benchmarks --soak-kafka N

          --filter NAME   only benchmarks whose name contains NAME
          --quick         few short rounds: allocations are exact, ratios are rough
          --check         exit with 1 if a gate is missed; with --quick only allocations count
          --soak N        send N events from emit to handler and watch the memory
          --soak-kafka N  the same through Kafka, to a slow consumer
          -h, --help      show this help

        Prints a table and writes .build/benchmarks.json. Kafka is the broker of KAFKA_BOOTSTRAP_SERVERS, else
        librdkafka's mock cluster.
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
        func events(_ option: String) throws(Problem) -> Int {
            guard let count = Int(try value(of: option)), count >= 10_000 else {
                throw Problem(message: "\(option) needs a number of at least 10000")
            }
            return count
        }
        while let argument = rest.popFirst() {
            switch argument {
            case "--filter": filters.append(try value(of: argument))
            case "--quick": isQuick = true
            case "--check": checksGates = true
            case "--soak": soak = try events(argument)
            case "--soak-kafka": kafkaSoak = try events(argument)
            case "-h", "--help": wantsHelp = true
            default: throw Problem(message: "unknown option \(argument)")
            }
        }
    }
}
