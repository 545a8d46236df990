/// How the program ends; the numbers of `sysexits.h` where there is one.
struct ExitStatus: Hashable, Sendable {
    /// The number, 0 to 255.
    let code: Int32

    private init(_ code: Int32) { self.code = code }

    /// All went well.
    static let success = ExitStatus(0)
    /// The work was done, and something was found.
    static let findings = ExitStatus(1)
    /// A change breaks what others rely on.
    static let breaking = ExitStatus(2)
    /// The command line is wrong.
    static let usage = ExitStatus(64)
    /// The input cannot be read as what it should be.
    static let unreadable = ExitStatus(65)
    /// The input is not there, or may not be read.
    static let noInput = ExitStatus(66)
    /// A service that is needed does not answer.
    static let unavailable = ExitStatus(69)
    /// Something went wrong that should not.
    static let software = ExitStatus(70)
    /// Reading or writing failed.
    static let inputOutput = ExitStatus(74)
    /// The credentials are refused, or do not allow it.
    static let noPermission = ExitStatus(77)
    /// A configuration file or variable is wrong.
    static let configuration = ExitStatus(78)
    /// A signal ended the work before it was done.
    static let interrupted = ExitStatus(130)
}
