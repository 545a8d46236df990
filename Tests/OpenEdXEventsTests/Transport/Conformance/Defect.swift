/// What a ``BrokenTransport`` does wrong, and which promises that breaks.
enum Defect: CaseIterable, Sendable {
    case losesMessages
    case reordersMessages
    case repeatsMessages
    case forgetsHeaders
    case commitsWhatIsUnfinished
    case commitsNothing
    case forgetsWhatIsBeyondThePrefix
    case ignoresUnsettledLimit
    case ignoresBatchLimit
    case mistakesEmptyForNone
    case cutsValues
    case mixesUpOutcomes
    case failsTheWholeBatch
    case ignoresStart
    case startsOverAlways
    case ignoresSeek
    case acceptsAfterShutDown
    case endsWhenCancelled
    case losesWhenCancelled
    case throwsWhenClosed
    case closesWithoutWaiting
    case announcesTwice
    case settlesUnderAnyAssignment
    case spreadsOneKey
    case usesOnePartition
    case miscountsProgress
    case forgetsTime

    /// The names of cases that must fail.
    var breaks: [String] {
        switch self {
        case .losesMessages:
            [
                "what is published is delivered, once, with its key and value",
                "the order of each key is kept over several partitions",
                "closing loses nothing that was not delivered yet",
            ]
        case .reordersMessages:
            [
                "the order of each key is kept over several partitions",
                "several types of event share a topic and keep their order",
            ]
        case .repeatsMessages:
            [
                "what is published is delivered, once, with its key and value",
                "a batch has at least one message and at most so many as asked for",
            ]
        case .forgetsHeaders: ["headers arrive intact: binary, empty, without value, repeated, in order"]
        case .commitsWhatIsUnfinished:
            [
                "what was given back or not settled is delivered to the next owner",
                "one unfinished message holds back the committed prefix",
                "settling after closing changes nothing",
                "a take-over after leaving repeats what was in flight and nothing else",
            ]
        case .commitsNothing:
            [
                "what was committed is not delivered to the next subscription",
                "closing commits what is finished, without being asked",
                "when a member leaves, the others take its partitions over",
            ]
        case .forgetsWhatIsBeyondThePrefix:
            [
                "what is finished beyond an unfinished message is not repeated",
                "a take-over after leaving repeats nothing that was finished beyond an unfinished message",
                "after a crash nothing is repeated that was committed beyond an unfinished message",
            ]
        case .ignoresUnsettledLimit:
            [
                "no more is delivered than may be unsettled, and settling lets it go on",
                "an unsettled limit of one gives one message at a time, in order",
            ]
        case .ignoresBatchLimit: ["a batch has at least one message and at most so many as asked for"]
        case .mistakesEmptyForNone:
            [
                "no data and empty data arrive, and are not the same",
                "no key and an empty key arrive, and are not the same",
            ]
        case .cutsValues: ["the largest message arrives whole"]
        case .mixesUpOutcomes:
            [
                "a stored message is delivered at the position of its outcome",
                "a message that is too large fails alone, in its place",
            ]
        case .failsTheWholeBatch: ["a message that is too large fails alone, in its place"]
        case .ignoresStart:
            [
                "a group without a commit begins at the end if told so",
                "a group without a commit begins at the positions it is told",
                "a group without a commit begins at the time it is told",
            ]
        case .startsOverAlways: ["a group with a commit goes on there, whatever start it is told"]
        case .ignoresSeek:
            [
                "seeking to the beginning replays everything, finished or not",
                "seeking to the end skips what has not been received",
                "seeking to positions moves the partitions that they name",
                "seeking to a time delivers what was stored from then on",
            ]
        case .acceptsAfterShutDown: ["publishing and subscribing after shutting down throw closed"]
        case .endsWhenCancelled: ["a cancelled read throws cancelled"]
        case .losesWhenCancelled: ["a cancelled read loses no message"]
        case .throwsWhenClosed: ["a read ends with nil when the subscription is closed, and so does each after it"]
        case .closesWithoutWaiting: ["closing waits for what was delivered to be settled"]
        case .announcesTwice: ["what is published is delivered, once, with its key and value"]
        case .settlesUnderAnyAssignment: ["what was delivered before a seek cannot be settled after it"]
        case .spreadsOneKey, .usesOnePartition:
            ["a key goes to one partition, whoever publishes it, and keys spread"]
        case .miscountsProgress: ["progress tells what is committed, what comes next, and the end"]
        case .forgetsTime: ["messages carry the time of their storing, and it does not go back"]
        }
    }
}
