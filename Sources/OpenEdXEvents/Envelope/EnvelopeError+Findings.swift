extension EnvelopeError {
    /// The error of an envelope that is refused for a finding.
    init(_ finding: Finding) {
        self.init(
            .invalid, rule: finding.rule, attribute: finding.attribute, offset: finding.offset, finding.message)
    }

    /// The error of an event that is too large (rule 01).
    static func tooLarge(_ size: Int) -> EnvelopeError {
        EnvelopeError(
            .tooLarge, rule: .messageSize, attribute: nil, offset: nil,
            "the event has \(size) bytes as structured JSON, the limit is \(EventEnvelope.sizeLimit): "
                + "send less, or a reference to it (dataref)")
    }
}
