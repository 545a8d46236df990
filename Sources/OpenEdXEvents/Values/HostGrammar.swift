/// Host names (RFC 1123) and IP addresses (RFC 3986, RFC 4291).
enum HostGrammar {
    /// Labels of 1 to 63 letters, digits and inner hyphens, 253 bytes in all; a dot may stand at the end.
    ///
    /// Several labels of which the last is a number are meant for an IPv4 address, so they are no host name.
    static func isHostName(_ text: ArraySlice<UInt8>) -> Bool {
        let name = text.last == UInt8(ascii: ".") ? text.dropLast() : text
        guard !name.isEmpty, name.count <= 253 else { return false }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count == 1 || !labels[labels.count - 1].allSatisfy(ASCII.isDigit) else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// Four numbers from 0 to 255 without leading zeros.
    static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 15 else { return false }
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                guard (1...3).contains(part.count), part.allSatisfy(ASCII.isDigit) else { return false }
                guard part.count == 1 || part.first != UInt8(ascii: "0") else { return false }
                return part.reduce(0) { $0 * 10 + Int($1 &- 0x30) } <= 255
            }
    }

    /// Eight groups of 1 to 4 hexadecimal digits, of which `::` leaves out one run; the last two may be an IPv4 address.
    static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
        let colon = UInt8(ascii: ":")
        guard text.count >= 2, text.count <= 45 else { return false }
        var parts = text.split(separator: colon, omittingEmptySubsequences: false)
        guard parts.count >= 3 else { return false }
        // A "::" at either end makes two empty parts there: drop the outer one.
        if parts[0].isEmpty {
            guard parts[1].isEmpty else { return false }
            parts.removeFirst()
        }
        if parts[parts.count - 1].isEmpty {
            guard parts[parts.count - 2].isEmpty else { return false }
            parts.removeLast()
        }
        var groups = 0
        var gaps = 0
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                gaps += 1
            } else if index == parts.count - 1, isIPv4(part) {
                groups += 2
            } else if part.count <= 4, part.allSatisfy({ ASCII.hexValue($0) < 16 }) {
                groups += 1
            } else {
                return false
            }
        }
        return gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7
    }
}
