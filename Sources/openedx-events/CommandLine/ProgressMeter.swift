/// Decides when progress is worth drawing, and draws it: a line on the errors that overwrites itself.
struct ProgressMeter {
    private let terminal: Terminal
    private let interval: Duration
    private let now: () -> ContinuousClock.Instant
    private var next: ContinuousClock.Instant
    private var isDrawn = false

    /// - Parameter interval: How long work must run before anything is drawn, and between two drawings.
    init(
        _ terminal: Terminal, every interval: Duration = .milliseconds(250),
        now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.terminal = terminal
        self.interval = interval
        self.now = now
        next = now().advanced(by: interval)
    }

    /// Draws the text if it is time to, making it only then.
    mutating func update(_ text: () -> String) {
        guard terminal.showsProgress else { return }
        let now = now()
        guard now >= next else { return }
        next = now.advanced(by: interval)
        isDrawn = true
        terminal.errors.write(Array("\r\u{1B}[K\(terminal.errorStyle.dim(text()))".utf8))
    }

    /// Wipes what was drawn.
    mutating func clear() {
        guard isDrawn else { return }
        isDrawn = false
        terminal.errors.write(Array("\r\u{1B}[K".utf8))
    }
}
