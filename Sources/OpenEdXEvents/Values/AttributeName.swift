/// The rules on the names of attributes (rule 32).
public enum AttributeName {
    /// The names of CloudEvents and of the message format, which no extension may take.
    package static let reserved: Set<String> = [
        "specversion", "id", "source", "type", "time", "subject", "datacontenttype", "dataschema", "sourcehost",
        "minorversion", "data",
    ]

    /// What is wrong with a name: an error if it is not `[a-z0-9]+` or is `data`, a warning if it does not begin with a
    /// letter or is longer than 20.
    ///
    /// The finding names the attribute only if the name is made of lower case letters and digits.
    public static func findings(_ name: String, offset: Int? = nil) -> [Finding] {
        guard !name.isEmpty, name.utf8.allSatisfy({ ASCII.isLowerLetter($0) || ASCII.isDigit($0) }) else {
            return [
                Finding(
                    .attributeName, offset: offset,
                    "an attribute's name holds lower case ASCII letters and digits only, and is not empty")
            ]
        }
        if name == "data" {
            return [Finding(.attributeName, attribute: name, offset: offset, "no attribute is named data")]
        }
        var findings: [Finding] = []
        if name.utf8.first.map(ASCII.isLowerLetter) != true {
            findings.append(
                Finding(
                    .attributeName, attribute: name, offset: offset, severity: .warning,
                    "an attribute's name should begin with a letter"))
        }
        if name.utf8.count > 20 {
            findings.append(
                Finding(
                    .attributeName, attribute: name, offset: offset, severity: .warning,
                    "an attribute's name should have at most 20 letters"))
        }
        return findings
    }

    /// Whether the name may be written at all.
    package static func isValid(_ name: String) -> Bool {
        !name.isEmpty && name != "data" && name.utf8.allSatisfy { ASCII.isLowerLetter($0) || ASCII.isDigit($0) }
    }
}
