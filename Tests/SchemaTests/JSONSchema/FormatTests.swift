import JSONSchema
import Testing

/// Formats by their RFCs' grammars: what is allowed at the edge, and what is just beyond it.
@Suite struct FormatTests {
    private func isValid(_ text: String, _ format: String, _ mode: SchemaOptions.FormatMode = .assertion) throws -> Bool
    {
        let schema = try CompiledSchema(
            JSONDocument(.object(["format": JSONNode(.string(format))]), file: "format.json"),
            options: SchemaOptions(formats: mode))
        return schema.isValid(JSONNode(.string(text)).compactBytes())
    }

    private func check(_ format: String, valid: [String], invalid: [String]) throws {
        for text in valid { #expect(try isValid(text, format), "\(text) is \(format)") }
        for text in invalid {
            #expect(try !isValid(text, format), "\(text) is not \(format)")
            #expect(try isValid(text, format, .annotation), "annotations refuse nothing")
        }
    }

    @Test func dateTimes() throws {
        try check(
            "date-time",
            valid: [
                "1963-06-19T08:30:06.283185Z", "1963-06-19t08:30:06z", "1998-12-31T23:59:60Z",
                "1998-12-31T15:59:60.123-08:00", "1999-01-01T05:59:60+06:00", "2024-02-29T00:00:00+23:59",
                "0000-01-01T00:00:00Z",
            ],
            invalid: [
                "1963-06-19 08:30:06Z", "1963-06-19T08:30:06", "1990-02-31T15:59:59-08:00", "1998-12-31T23:59:61Z",
                "1998-12-31T23:58:60Z", "1998-12-31T22:59:60Z", "1998-12-30T23:59:60Z", "2023-02-29T00:00:00Z",
                "1990-12-31T15:59:59-24:00", "1990-12-31T15:59:59+0800", "1963-06-19T08:30:06.Z", "13-06-19T08:30:06Z",
                "1963-06-1९T00:00:00Z", "1963-06-19T24:00:00Z", "1963-06-19T08:30Z", "2013-350T01:01:01", "",
                "1963-06-19T08:30:06Zx", "1963-6-19T08:30:06Z",
            ])
    }

    @Test func datesAndTimes() throws {
        try check(
            "date", valid: ["1963-06-19", "2020-02-29", "2000-02-29"],
            invalid: [
                "1963-6-19", "2021-02-29", "1900-02-29", "2020-13-01", "2020-00-01", "2020-01-00", "2020-04-31",
                "06/19/1963", "19630619", "2013-W01", "1963-06-19Z", "১963-06-19",
            ])
        try check(
            "time",
            valid: [
                "08:30:06Z", "23:59:60Z", "15:59:60-08:00", "01:29:60+01:30", "23:29:60+23:30", "00:29:60.5-23:30",
                "08:30:06.283185Z", "08:30:06+00:20", "08:30:06z",
            ],
            invalid: [
                "8:3:6Z", "08:30:06", "22:59:60Z", "23:58:60Z", "23:59:60+01:00", "24:00:00Z", "00:60:00Z",
                "00:00:61Z", "01:02:03Z+00:30", "01:02:03+24:00", "01:02:03+00:60", "08:30:06 PST", "08:30:06-8:00",
                "08:30:06#00:20", "12:00:00.Z", "01:01:01,1111", "0১:30:06Z",
            ])
    }

    @Test func durations() throws {
        try check(
            "duration",
            valid: [
                "P4DT12H30M5S", "P4Y", "PT0S", "P1M", "PT1M", "PT36H", "P1DT12H", "P2W", "P1Y2M3D", "PT1H2M",
                "PT2M3S", "P0D",
            ],
            invalid: [
                "PT1D", "P", "P1YT", "PT", "P2D1Y", "P1D2H", "P2S", "P1Y2W", "P1", "4DT12H30M5S", "P২Y", "P1W2D",
                "P1YT1H1S", "P1Y1D", "PW", "P1.5Y", " P1D", "P-1D",
            ])
    }

    @Test func mailAddresses() throws {
        try check(
            "email",
            valid: [
                "joe.bloggs@example.com", "te~st@example.com", "~test@example.com", "\"joe bloggs\"@example.com",
                "\"joe..bloggs\"@example.com", "\"joe@bloggs\"@example.com", "joe.bloggs@[127.0.0.1]",
                "joe.bloggs@[IPv6:::1]", "a@b", "\"a\\\"b\"@example.com", "x@[tag:content]",
                String(repeating: "a", count: 64) + "@example.com",
            ],
            invalid: [
                "2962", ".test@example.com", "test.@example.com", "te..st@example.com", "joe@", "@example.com",
                "joe.bloggs@[127.0.0.300]", "joe.bloggs@invalid=domain.com", "joe@example..com", "joe@-example.com",
                "\"joe@example.com", "joe bloggs@example.com", "joe@[IPv6:::g]", "jöe@example.com", "a@b@c",
                String(repeating: "a", count: 65) + "@example.com", "\"a\"b@example.com", "joe@example.com ",
            ])
        try check(
            "idn-email", valid: ["실례@실례.테스트", "joe@example.com", "jöe@bücher.example", "\"jö e\"@example.com"],
            invalid: ["2962", "실례@", "@실례.테스트", "a..b@실례.테스트"])
    }

    @Test func hostNames() throws {
        let label = String(repeating: "a", count: 63)
        try check(
            "hostname",
            valid: [
                "www.example.com", "xn--4gbwdl.xn--wgbh1c", "h0stn4me", "1host", "hostnam3", label, "a-b.c",
                "localhost",
                "\(label).\(label).\(label).\(String(label.dropLast(2)))", "1.2.3.4.com", "xn--bcher-kva.example",
            ],
            invalid: [
                "-a-host-name-that-starts-with--", "not_a_valid_host_name", "hostname-", "-hostname", "", ".", "a..b",
                label + "a", "example.com.", ".example", "host name", "exa_mple", "bücher.example",
                "\(label).\(label).\(label).\(label)", "xn--X", "xn--", "ab--cd", "xn--a", "a.-b", "a-.b",
                // The encoded form of a character that may not be in names.
                "xn--07jt112bpxg.xn--9t4b11yi5a",
            ])
        try check(
            "idn-hostname",
            valid: [
                "실례.테스트", "ßςནи〇", "a\u{b7}l".replacing("a", with: "l"), "α\u{375}β", "א\u{5f3}ב", "א\u{5f4}ב",
                "def\u{30fb}ァ", "ァ\u{30fb}", "क\u{94d}\u{200d}ष", "क\u{94d}\u{200c}ष", "بي\u{200c}بي", "example.com",
                "۽۾".replacing("۽۾", with: "ب۰"),
            ],
            invalid: [
                "〮실례.테스트", "-> $1.00 <--", "\u{200d}ष", "क\u{200d}ष", "a\u{b7}l", "l\u{b7}a", "l\u{b7}", "α\u{375}S",
                "\u{5f3}ב", "A\u{5f3}ב", "def\u{30fb}abc", "ب\u{660}\u{6f0}", "\u{302e}a", "\u{300}hello",
                "실〮례.테스트", "-실례", "실례-", "실례--테", "\u{640}\u{7fa}", "BÜCHER", "", "a..b", "〱〲〳〴〵",
                String(repeating: "실", count: 64),
            ])
    }

    @Test func addresses() throws {
        try check(
            "ipv4", valid: ["192.168.0.1", "0.0.0.0", "255.255.255.255"],
            invalid: [
                "127.0.0.0.1", "256.256.256.256", "127.0", "0x7f000001", "2130706433", "087.10.0.1", "87.10.0.01",
                "1২7.0.0.1", "192.168.1.0/24", " 1.2.3.4", "1.2.3.4\n", "1..2.3", "1.2.3.",
            ])
        try check(
            "ipv6",
            valid: [
                "::1", "::", "::abef", "1::", "1:2:3:4:5:6:7:8", "::ffff:192.168.0.1", "1::2:192.168.0.1",
                "1:2::8", "::42:ff:1", "d6::", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::", "FE80::a",
            ],
            invalid: [
                "12345::", ":", "1", "", "12345::laptop", "::abcef", "1:1:1:1:1:1:1:1:1:1", "::laptop", "::1/64",
                "fe80::a%eth1", "1::d6::42", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8", "1:2:3:4:5:::8", "1:2:3:4:5:6:7",
                "1.2.3.4", "::2:3:4:5:6:7:8:9", "1:2:3:4:1.2.3", "1.2.3.4::", "  ::1", "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:6:256.256.256.256", "::ffff:1.2.3.4:1", "fe80::/64", "1:100.2.3::4", "১::",
            ])
    }

    @Test func uris() throws {
        try check(
            "uri",
            valid: [
                "http://foo.bar/?baz=qux#quux", "http://foo.com/blah_(wikipedia)_blah#cite-1", "mailto:a@example.com",
                "urn:oasis:names:specification:docbook:dtd:xml:4.1.2", "http://foo.bar/?q=Test%20URL-encoded%20stuff",
                "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com", "ldap://[2001:db8::7]/c=GB?objectClass?one",
                "tel:+1-816-555-1212", "a:", "http://[v1.a:b]/", "file:///etc", "http://223.255.255.254",
            ],
            invalid: [
                "//foo.bar/?baz=qux#quux", "/abc", "\\\\WINDOWS\\fileshare", "abc", "http:// shouldfail.com",
                ":// should fail", "bar,baz:foo", "http://foo bar", "http://[::1", "http://a%zz", "http://ƒøø.ßår/",
                "http://a/^", "http://2001:0db8:85a3:0000:0000:8a2e:0370:7334", "1a:b", "http://a:x/", "http://a\"b/",
                "http://a@b@c/", "http://a/b#c#d", "http://[fe80::1%25eth0]/", "", "http://a/<b>", "http://a/{b}",
            ])
        try check(
            "uri-reference",
            valid: [
                "http://foo.bar/", "//foo.bar/?baz", "/abc", "abc", "?x", "#fragment", "", "a/b:c", "./a:b", "../x",
            ],
            invalid: ["\\\\WINDOWS\\fileshare", "#frag\\ment", "1a:b", "a b", "%", "ünï", "/a\n"])
        try check(
            "iri",
            valid: [
                "http://ƒøø.ßår/?∂éœ=πîx#πîüx", "http://ƒøø.com/blah_(wîkïpédiå)_blah#ßité-1",
                "http://[2001:0db8:85a3::7334]", "http://a/?\u{e000}",
            ],
            invalid: ["/abc", "âππ", "http:// ƒøø.com", "http://a/\u{e000}", "http://2001:0db8:85a3::7334"])
        try check(
            "iri-reference", valid: ["//ƒøø.ßår/?∂éœ=πîx#πîüx", "/âππ", "âππ", "#ƒrägmênt", ""],
            invalid: ["\\\\WINDOWS\\filëßåré", "#ƒräg\\mênt"])
        try check(
            "uri-template",
            valid: [
                "http://example.com/dictionary/{term:1}/{term}", "{+path,x}/here", "{?x,y*}", "{a.b}", "",
                "http://example.com/{%41}", "ü{x}",
            ],
            invalid: [
                "http://example.com/dictionary/{term:1}/{term", "}", "{}", "{a:0}", "{a:10000}", "{-x}", "{a b}",
                "{a,,b}", "{a.}", "a b", "%1", "<x>",
            ])
    }

    @Test func identifiersAndPointers() throws {
        try check(
            "uuid", valid: ["2EB8AA08-AA98-11EA-B4AA-73B441D16380", "00000000-0000-0000-0000-000000000000"],
            invalid: [
                "2eb8aa08-aa98-11ea-b4aa-73b441d1638", "2eb8aa08aa98-11ea-b4aa73b441d16380-----",
                "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "2eb8aa08aa9811eab4aa73b441d16380",
                "{2eb8aa08-aa98-11ea-b4aa-73b441d16380}",
            ])
        try check(
            "json-pointer", valid: ["", "/", "/foo/bar~0/baz~1/%a", "/ ", "//", "/a\"b", "/\\"],
            invalid: ["foo", "/foo/bar~", "/~2", "#", "#/", "/~0~", "/~-1"])
        try check(
            "relative-json-pointer", valid: ["1", "0/foo/bar", "2/0/baz/1/zip", "0#", "120/foo", "0+1/a", "3-2#"],
            invalid: ["/foo", "-1/foo", "+1/foo", "0##", "01/a", "01#", "", "1x", "0+", "1-0"])
        try check(
            "regex", valid: ["([abc])+\\s+$", "(a)\\1", "\\p{Script=Greek}", "(?<n>a)\\k<n>", "", "[\\d-]"],
            invalid: ["^(abc]", "\\a", "(", "a**", "[b-a]", "\\1", "\\Z", "a{2,1}", "(?<n>a)\\k<m>", "\\p{Nothing}"])
    }

    @Test func aFormatLooksAtStringsOnlyAndUnknownOnesRefuseNothing() throws {
        let schema = try CompiledSchema(
            JSONDocument(.object(["format": "ipv4"]), file: "f"), options: SchemaOptions(formats: .assertion))
        for text in ["1", "null", "{}", "[1.5]", "true"] { #expect(schema.isValid(Array(text.utf8))) }
        #expect(try isValid("anything", "course-key"))
    }

    @Test func aServiceAddsItsOwnFormats() throws {
        let schema = try CompiledSchema(
            JSONDocument(.object(["format": "course-key"]), file: "f"),
            options: SchemaOptions(
                formats: .assertion, customFormats: ["course-key": { $0.hasPrefix("course-v1:") }]))
        #expect(schema.isValid(Array("\"course-v1:a+b+c\"".utf8)))
        let result = schema.validate(Array("\"xyz\"".utf8))
        #expect(result.findings.map(\.keyword) == ["format"])
        #expect(result.findings.first?.expected.contains("course-key") == true)
        #expect(!result.description.contains("xyz"))
    }
}

extension ValidationResult {
    /// All that the findings say, to look for what they must not.
    var description: String { findings.map { "\($0)" }.joined(separator: "\n") }
}
