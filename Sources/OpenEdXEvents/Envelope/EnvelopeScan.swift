/// What one validating pass finds in an event of structured JSON: where its attributes and data stand.
///
/// Nothing is decoded, and for an ordinary document nothing is allocated. Only what makes an event unreadable is an
/// error; everything else is left for findings.
package struct EnvelopeScan: BitwiseCopyable, Sendable {
    /// How the data stands in the document.
    package enum DataKind: UInt8, BitwiseCopyable, Sendable {
        /// There is none.
        case absent
        /// As a JSON value in `data`, which may be `null`.
        case json
        /// As base64 in `data_base64`.
        case base64
    }

    package private(set) var type = ScannedAttribute.absent
    package private(set) var id = ScannedAttribute.absent
    package private(set) var source = ScannedAttribute.absent
    package private(set) var specVersion = ScannedAttribute.absent
    package private(set) var time = ScannedAttribute.absent
    package private(set) var sourceHost = ScannedAttribute.absent
    package private(set) var minorVersion = ScannedAttribute.absent
    package private(set) var subject = ScannedAttribute.absent
    package private(set) var dataContentType = ScannedAttribute.absent
    package private(set) var dataSchema = ScannedAttribute.absent
    /// The data's value, a string with its quotes.
    package private(set) var data = ScannedAttribute.absent
    package private(set) var dataKind = DataKind.absent
    /// How many other members there are, without those that are `null`.
    package private(set) var extensionCount: UInt32 = 0

    private var hasTwoData = false
    private var failedName = false

    private init() {}

    /// Scans a document.
    ///
    /// - Throws: ``EnvelopeError`` if the document is not a JSON object in UTF-8, if a name stands twice, if `type` is
    ///   missing, empty or no string, if there are both `data` and `data_base64`, or if the latter is not base64.
    package static func scan(_ document: UnsafeBufferPointer<UInt8>) throws(EnvelopeError) -> EnvelopeScan {
        guard document.count <= Int(Int32.max) else {
            throw EnvelopeError(JSONError(.tooLarge, offset: Int(Int32.max)))
        }
        var scan = EnvelopeScan()
        var failure: EnvelopeError?
        JSONScanner.withScanner(over: document) { scanner in
            if !scan.read(&scanner) { failure = scan.failure(scanner) }
        }
        if failure == nil { failure = scan.check(document) }
        if let failure { throw failure }
        return scan
    }

    /// Scans a document up to its data, if that comes last and everything is as this library writes it: compact, with a
    /// type, and without escapes in that.
    ///
    /// - Returns: What stands before the data, and where that begins; `nil` if the whole document has to be scanned.
    package static func scanHead(_ document: UnsafeBufferPointer<UInt8>) -> (scan: EnvelopeScan, dataStart: Int)? {
        guard document.count <= Int(Int32.max) else { return nil }
        var scan = EnvelopeScan()
        let dataStart = JSONScanner.withScanner(over: document) { scan.readHead(&$0) }
        guard let dataStart, scan.type.kind == .string, !scan.type.isEscaped, !scan.type.range.isEmpty,
            scan.dataKind == .absent
        else { return nil }
        return (scan, dataStart)
    }

    /// Takes note of where the data stands, behind which there is nothing but the end of the document.
    package mutating func close(data range: Range<Int>) {
        data = ScannedAttribute(start: range.lowerBound, count: range.count, kind: .object, isEscaped: false)
        dataKind = .json
    }

    /// Reads the members before the data, and returns where that begins.
    @inline(__always)
    private mutating func readHead(_ scanner: inout JSONScanner) -> Int? {
        var position = scanner.start
        guard position < scanner.end, position.pointee == Byte.leftBrace else { return nil }
        position += 1
        var scope = NameTable.Scope(first: 0)
        while true {
            guard let (name, value) = scanner.member(position), scanner.insert(name, into: &scope) else { return nil }
            if name.count == 4, name.head == 0x6174_6164 {
                return value < scanner.end && value.pointee == Byte.leftBrace ? scanner.offset(value) : nil
            }
            let escapes = scanner.escapes
            guard let after = scanner.value(value, depth: 1, names: scope.count) else { return nil }
            note(name, value, after, isEscaped: scanner.escapes != escapes, scanner.start)
            guard after < scanner.end, after.pointee == Byte.comma else { return nil }
            position = after + 1
        }
    }

    /// Reads the members of the document; `false` if the scanner failed, or the document is no object.
    @inline(__always)
    private mutating func read(_ scanner: inout JSONScanner) -> Bool {
        guard let begin = scanner.documentStart() else { return false }
        guard begin < scanner.end, begin.pointee == Byte.leftBrace else {
            // Not an object: if it is JSON at all, that is the failure.
            if let after = scanner.value(begin, depth: 0, names: 0) { scanner.documentEnd(after) }
            return false
        }
        var position = scanner.skipSpace(begin + 1)
        if position < scanner.end, position.pointee == Byte.rightBrace {
            scanner.documentEnd(position + 1)
            return scanner.failure == nil
        }
        var scope = NameTable.Scope(first: 0)
        while true {
            guard let (name, value) = scanner.member(position) else { return false }
            guard scanner.insert(name, into: &scope) else {
                failedName = true
                return false
            }
            let escapes = scanner.escapes
            guard let after = scanner.value(value, depth: 1, names: scope.count) else { return false }
            note(name, value, after, isEscaped: scanner.escapes != escapes, scanner.start)
            if after.distance(to: scanner.end) >= 2, after.pointee == Byte.comma, after[1] > 0x20 {
                position = after + 1
                continue
            }
            position = scanner.skipSpace(after)
            guard position < scanner.end else {
                _ = scanner.failUnexpected(position)
                return false
            }
            if position.pointee == Byte.comma {
                position = scanner.skipSpace(position + 1)
            } else if position.pointee == Byte.rightBrace {
                scanner.documentEnd(position + 1)
                return scanner.failure == nil
            } else {
                _ = scanner.failUnexpected(position)
                return false
            }
        }
    }

    /// Notes where a member stands.
    @inline(__always)
    private mutating func note(
        _ name: JSONScanner.Name, _ value: BytePointer, _ after: BytePointer, isEscaped: Bool, _ start: BytePointer
    ) {
        let kind: ScannedAttribute.Kind
        switch value.pointee {
        case Byte.quote: kind = .string
        case Byte.leftBrace: kind = .object
        case Byte.leftBracket: kind = .array
        case UInt8(ascii: "t"), UInt8(ascii: "f"): kind = .boolean
        case UInt8(ascii: "n"): kind = .null
        default: kind = .number
        }
        let quotes = kind == .string ? 1 : 0
        let attribute = ScannedAttribute(
            start: start.distance(to: value) &+ quotes, count: value.distance(to: after) &- 2 &* quotes, kind: kind,
            isEscaped: isEscaped)
        // Up to 16 bytes, length, head and tail tell a name exactly.
        switch name.count {
        case 2:
            switch name.head {
            case 0x0000_0000_0000_6469: id = attribute  // id
            default: noteExtension(kind)
            }
        case 4:
            switch name.head {
            case 0x0000_0000_6570_7974: type = attribute  // type
            case 0x0000_0000_656D_6974: time = attribute  // time
            case 0x0000_0000_6174_6164: noteData(value, after, .json, kind, start)  // data
            default: noteExtension(kind)
            }
        case 6:
            switch name.head {
            case 0x0000_6563_7275_6F73: source = attribute  // source
            default: noteExtension(kind)
            }
        case 7:
            switch name.head {
            case 0x0074_6365_6A62_7573: subject = attribute  // subject
            default: noteExtension(kind)
            }
        case 10:
            switch (name.head, name.tail) {
            case (0x6F68_6563_7275_6F73, 0x7473_6F68_6563_7275): sourceHost = attribute  // sourcehost
            case (0x6568_6373_6174_6164, 0x616D_6568_6373_6174): dataSchema = attribute  // dataschema
            default: noteExtension(kind)
            }
        case 11:
            switch (name.head, name.tail) {
            case (0x7372_6576_6365_7073, 0x6E6F_6973_7265_7663): specVersion = attribute  // specversion
            case (0x7361_625F_6174_6164, 0x3436_6573_6162_5F61):
                if kind != .null { noteData(value, after, .base64, kind, start) }  // data_base64
            default: noteExtension(kind)
            }
        case 12:
            switch (name.head, name.tail) {
            case (0x7265_7672_6F6E_696D, 0x6E6F_6973_7265_7672): minorVersion = attribute  // minorversion
            default: noteExtension(kind)
            }
        case 15:
            switch (name.head, name.tail) {
            case (0x746E_6F63_6174_6164, 0x6570_7974_746E_6574): dataContentType = attribute  // datacontenttype
            default: noteExtension(kind)
            }
        default: noteExtension(kind)
        }
    }

    @inline(__always)
    private mutating func noteExtension(_ kind: ScannedAttribute.Kind) {
        if kind != .null { extensionCount &+= 1 }
    }

    @inline(__always)
    private mutating func noteData(
        _ value: BytePointer, _ after: BytePointer, _ dataKind: DataKind, _ kind: ScannedAttribute.Kind,
        _ start: BytePointer
    ) {
        hasTwoData = self.dataKind != .absent
        self.dataKind = dataKind
        data = ScannedAttribute(
            start: start.distance(to: value), count: value.distance(to: after), kind: kind, isEscaped: false)
    }
}

// MARK: - Failures

extension EnvelopeScan {
    /// The failure of a document that could not be scanned.
    @inline(never)
    private func failure(_ scanner: borrowing JSONScanner) -> EnvelopeError {
        guard let error = scanner.failure else {
            return EnvelopeError(
                .notAnObject, rule: .jsonFormat, offset: 0, "an event is a JSON object; a batch is read as such")
        }
        if failedName {
            return EnvelopeError(
                .duplicate, rule: .requiredContext, offset: error.offset,
                "an attribute stands twice: which one holds cannot be known")
        }
        return EnvelopeError(error)
    }

    /// Why the event cannot be read although the document is sound.
    @inline(__always)
    private func check(_ document: UnsafeBufferPointer<UInt8>) -> EnvelopeError? {
        if type.kind == .string, !type.range.isEmpty, !hasTwoData, dataKind != .base64 { return nil }
        return checkCarefully(document)
    }

    @inline(never)
    private func checkCarefully(_ document: UnsafeBufferPointer<UInt8>) -> EnvelopeError? {
        if type.isAbsent || type.isString && type.range.isEmpty {
            return EnvelopeError(
                .missing, rule: .requiredContext, attribute: "type",
                "is missing or empty: without it no handler can be found")
        }
        if !type.isString {
            return EnvelopeError(
                .invalid, rule: .attributeType, attribute: "type", offset: type.range.lowerBound, "must be a string")
        }
        if hasTwoData {
            return EnvelopeError(
                .invalid, rule: .jsonFormat, attribute: "data_base64", offset: data.range.lowerBound,
                "data and data_base64 exclude each other")
        }
        if dataKind == .base64, !isBase64(UnsafeBufferPointer(rebasing: document[data.range])) {
            return EnvelopeError(
                .invalid, rule: .jsonFormat, attribute: "data_base64", offset: data.range.lowerBound,
                "must be a string of base64, with padding")
        }
        return nil
    }

    private func isBase64(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
        guard value.first == Byte.quote else { return false }
        let contents = UnsafeBufferPointer(rebasing: value.dropFirst().dropLast())
        guard contents.contains(Byte.backslash) else { return Base64.decode(contents) != nil }
        return Base64.decode([UInt8](unescaping: contents)) != nil
    }
}
