#if Logging
public import Logging

/// Writes what happens on the bus to swift-log, with the fields of ``LogKey`` as metadata.
///
/// What is in order is at `info` or below. Lines hold no payload values, and record keys are masked (rule 28).
public struct LoggingObserver: BusObserver {
    private let logger: Logger

    /// Creates an observer that writes to a logger of yours.
    public init(_ logger: Logger) {
        self.logger = logger
    }

    /// Takes note of a fact.
    public func record(_ fact: BusFact) {
        let level = Logger.Level(LogEntry.level(of: fact))
        guard level >= logger.logLevel else { return }
        let entry = LogEntry(fact)
        var metadata: Logger.Metadata = [:]
        for field in entry.fields {
            metadata[field.key.rawValue] =
                switch field.value {
                case .text(let text): .string(text)
                case .integer(let number): .stringConvertible(number)
                case .seconds(let duration): .string(duration.secondsText)
                case .flag(let flag): .stringConvertible(flag)
                }
        }
        logger.log(level: level, "\(entry.message)", metadata: metadata)
    }
}

extension Logger.Level {
    fileprivate init(_ level: LogLevel) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
    }
}
#endif
