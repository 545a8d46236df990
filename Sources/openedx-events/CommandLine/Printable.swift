/// The text with everything escaped that could move a terminal's cursor, colour it, or turn the direction of writing.
///
/// What comes from an event or from the command line goes through this before it is shown.
func printable(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isUnprintable) else { return String(text) }
    var result = ""
    for scalar in text.unicodeScalars {
        if isUnprintable(scalar) {
            result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// Whether a scalar could move a cursor or turn the direction of writing, or has no shape.
func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
}
