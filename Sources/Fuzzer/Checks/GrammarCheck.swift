import Foundation
import OpenEdXEvents

/// Holds the scanner against Foundation and against the plain grammar, in both directions and without slack.
///
/// Foundation's parser and RFC 8259 differ, and so do we; each difference is excluded by what the plain grammar has
/// seen, and nothing else:
///
/// | Document | Foundation | Here |
/// | --- | --- | --- |
/// | a comma before a closing bracket | takes it | refuses, as RFC 8259 does |
/// | a name twice in an object | keeps the last | refuses, by choice |
/// | a byte order mark before UTF-8 | skips it | refuses, as RFC 8259 does |
/// | UTF-16 or UTF-32 | takes it | refuses, as RFC 8259 does |
/// | a number beyond what a double holds | refuses | takes it: the grammar knows no limit |
/// | more than 512 arrays and objects in each other | refuses | refuses |
enum GrammarCheck {
    static func run(_ input: [UInt8], _ verdict: GrammarVerdict) throws(Mismatch) {
        if let expected = verdict.isValidForFoundation {
            let isTaken = (try? JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)) != nil
            guard isTaken == expected else {
                throw Mismatch(
                    "grammar",
                    "Foundation \(isTaken ? "takes" : "refuses") what the grammar \(expected ? "takes" : "refuses")")
            }
        }
        let failure = input.withUnsafeBufferPointer { JSONScanner.validate($0) }
        guard (failure == nil) == verdict.isValid else {
            throw Mismatch(
                "scanner",
                failure.map { "refuses with \($0) what is JSON" } ?? "takes what is not JSON")
        }
        guard let failure else { return }
        guard (0...input.count).contains(failure.offset) else {
            throw Mismatch("scanner", "the offset \(failure.offset) lies outside of the document")
        }
        try checkCode(failure, input, verdict)
        try checkPrefix(failure, input, verdict)
    }

    /// What the failure says must be what is wrong.
    private static func checkCode(
        _ failure: JSONError, _ input: [UInt8], _ verdict: GrammarVerdict
    ) throws(Mismatch) {
        guard verdict.value != nil, !verdict.isOtherEncoding else { return }
        // The only things wrong are those that Foundation takes.
        switch failure.code {
        case .byteOrderMark where verdict.hasByteOrderMark: break
        case .duplicateName where verdict.hasDuplicateName && input[failure.offset] == UInt8(ascii: "\""): break
        case .unexpectedByte where verdict.hasTrailingComma && [0x5D, 0x7D].contains(input[failure.offset]): break
        default: throw Mismatch("scanner", "\(failure) is not what is wrong")
        }
    }

    /// What stands before the failure must be able to go on: a failure is found where it is, and not later.
    private static func checkPrefix(
        _ failure: JSONError, _ input: [UInt8], _ verdict: GrammarVerdict
    ) throws(Mismatch) {
        let prefix = Array(input[..<failure.offset])
        let failed = prefix.withUnsafeBufferPointer { JSONScanner.validate($0) }
        // Cut off before the failure, the document is complete, or ends too early; a name, a character or an escape
        // that is wrong as a whole has its failure at its beginning, so it is the end of the rest.
        guard let failed else { return }
        guard failed.code == .unexpectedEnd || failed.offset == prefix.count || failed.code == .invalidNumber else {
            throw Mismatch("scanner", "\(failure), but what stands before fails with \(failed)")
        }
    }
}
