/// Tells which members of an event hold personal data, so that they are not shown by accident (rule 28).
///
/// Members are known by their names, and by the marks of their event's schema.
struct PersonalData: Sendable {
    /// What stands for a value that is not shown.
    static let mask = "***"

    /// Names that hold personal data wherever they stand, in lower case and without underscores and dashes.
    static let wellKnownNames: Set<String> = [
        "address", "avatar", "bio", "birthdate", "birthday", "birthyear", "city", "dateofbirth", "email",
        "emailaddress", "familyname", "firstname", "fullname", "gender", "givenname", "goals", "ip", "ipaddress",
        "lastname", "legalname", "levelofeducation", "mailingaddress", "mobile", "name", "nationalid", "password",
        "phone", "phonenumber", "pii", "postaladdress", "postalcode", "preferredname", "profileimage", "profilename",
        "realname", "remoteaddr", "secondaryemail", "socialsecuritynumber", "ssn", "street", "surname", "token",
        "useragent", "useremail", "username", "userpassword", "verifiedname", "yearofbirth", "zip", "zipcode",
    ]

    private let names: Set<String>
    private let marks: SchemaMarks

    /// - Parameters:
    ///   - names: Names as ``wellKnownNames`` has them.
    ///   - marks: What schemas mark.
    init(names: Set<String> = Self.wellKnownNames, marks: SchemaMarks = .known) {
        self.names = names
        self.marks = marks
    }

    /// Whether the member at a path of a structured event is not to be shown.
    func covers(_ path: [String], type: String) -> Bool {
        guard let name = path.last else { return false }
        if names.contains(Self.plain(name)) { return true }
        return path.first == "data" && marks.paths(of: type).contains(Array(path.dropFirst()))
    }

    private static func plain(_ name: String) -> String {
        String(
            decoding: name.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") },
            as: UTF8.self)
    }
}
