import JSONSchema
import Testing

/// Regular expressions of ECMA-262 with the flag `u`.
@Suite struct PatternTests {
    private func compile(_ pattern: String) throws -> CompiledSchema {
        try CompiledSchema(JSONDocument(.object(["pattern": JSONNode(.string(pattern))]), file: "pattern.json"))
    }

    @Test(
        arguments: [
            ("^a*$", ["", "a", "aaaa"], ["b", "ab", "aab"]),
            ("a+", ["xay"], ["x", ""]),
            ("^.$", ["a", "é", "🐲", "\u{85}"], ["", "ab", "\n", "\r", "\u{2028}"]),
            ("^a$", ["a"], ["a\n", "\na"]),
            ("^\\d+$", ["0123"], ["०", "٣"]),
            ("^\\w+$", ["aZ_9"], ["é", "-"]),
            ("^\\W$", ["é", "-"], ["a", "_"]),
            (
                "^\\s$", [" ", "\t", "\u{b}", "\u{feff}", "\u{a0}", "\u{2029}", "\u{2003}"],
                ["\u{85}", "\u{200b}", "\u{1}"]
            ),
            ("^\\S$", ["\u{200b}", "x"], ["\u{feff}", " "]),
            ("^[^a-c]+$", ["xyz", "é"], ["a", "xb", ""]),
            ("^[a\\]\\-\\d]+$", ["a]-1"], ["b", "\\"]),
            ("^[\\b]$", ["\u{8}"], ["b"]),
            ("^[]$", [], ["", "a"]),
            ("^[^]$", ["a", "\n"], [""]),
            ("^(ab|cd)?e$", ["e", "abe", "cde"], ["abcde", "ab"]),
            ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]),
            ("^a{2,}b{1}$", ["aab", "aaaaab"], ["ab", "aa"]),
            ("^(?:a|b)*?c$", ["c", "ababc"], ["d"]),
            ("^(a*)*$", ["", "aaa"], ["b"]),
            ("^(a|b|)+$", ["", "ab"], ["c"]),
            ("^\\u0041\\x42\\u{1F409}\\cJ\\t\\0$", ["AB\u{1F409}\n\t\u{0}"], ["AB"]),
            ("^\\uD83D\\uDC32$", ["🐲"], ["🐉"]),
            ("^🐲*$", ["", "🐲🐲"], ["🐉", "D"]),
            ("^[🐲-🐳]$", ["🐲", "🐳"], ["🐱"]),
            ("^\\p{Letter}+$", ["Éa語"], ["1", " "]),
            ("^\\p{Lu}\\P{Lu}$", ["Aa", "É1"], ["aA", "AA"]),
            ("^\\p{gc=Nd}+$", ["1٣"], ["a"]),
            ("^\\p{Alphabetic}\\p{ASCII}$", ["éa"], ["éé"]),
            ("^[\\p{L}\\d_]+$", ["é_1"], ["-"]),
            ("^(?=.*\\d)(?=.*[a-z]).{4,}$", ["ab12", "1abc"], ["abcd", "1234", "a1"]),
            ("^(?!foo).*$", ["bar", "fo", ""], ["foo", "foobar"]),
            ("(?<=\\$)\\d+", ["x$12"], ["x12", "$"]),
            ("(?<!\\$)\\b\\d+", ["x 12"], ["$1", "x12"]),
            ("^(?=(?!a)[a-c]).$", ["b", "c"], ["a", "d"]),
            ("(?<=^a(?=b)b)c", ["abc"], ["bc", "xabc"]),
            ("(?<=ab+)c$", ["abbbc"], ["ac", "bc"]),
            ("\\bfoo\\b", ["a foo b", "foo"], ["afoo", "foob"]),
            ("\\Boo", ["foo"], ["oo"]),
            ("a|^$", ["", "xa"], ["x"]),
            ("$", ["", "abc"], []),
            ("^", ["", "abc"], []),
            ("x*", ["", "abc"], []),
            ("a$|^b", ["xa", "bx", "a"], ["ax", "xb"]),
            ("^a(?:$|b)", ["a", "abc"], ["ac"]),
            ("(?<year>\\d{4})-(?<month>\\d\\d)", ["on 2024-12"], ["202-12"]),
            ("^\\/\\.\\^\\$\\|$", ["/.^$|"], ["/x^$|"]),
        ] as [(String, [String], [String])])
    func matchesWhatTheLanguageSays(_ pattern: String, _ matching: [String], _ others: [String]) throws {
        let schema = try compile(pattern)
        for text in matching {
            #expect(schema.isValid(JSONNode(.string(text)).compactBytes()), "\(pattern) on \(text.debugDescription)")
        }
        for text in others {
            #expect(!schema.isValid(JSONNode(.string(text)).compactBytes()), "\(pattern) on \(text.debugDescription)")
        }
    }

    @Test(arguments: [
        ("(a)\\1", 4, "back reference"), ("(?<n>a)\\k<n>", 8, "back reference"), ("\\p{Script=Greek}", 1, "scripts"),
        ("a(", 3, "not closed"), ("[a", 1, "not closed"), ("a)", 2, "closes no group"), ("*a", 1, "before this"),
        ("a**", 3, "before this"), ("\\a", 1, "does not exist"), ("a{3,2}", 2, "out of order"),
        ("[z-a]", 3, "out of order"), ("[\\d-z]", 4, "class"), ("a{x}", 3, "bounds"), ("}", 1, "escaped"),
        ("\\u12", 3, "hexadecimal"), ("(?=a)*", 6, "repeated"), ("(?x)", 2, "unknown kind"), ("\\", 2, "at the end"),
        ("(a{1000}){1000}", 1, "steps"), ("((a{999}){999}){999}", 1, "steps"), ("a{99999999999999}", 1, "steps"),
        ("\\-", 1, "does not exist"), ("(?<a>x)(?<a>y)", 13, "same name"),
    ])
    func anExpressionThatIsRefusedSaysWhereAndWhy(_ pattern: String, _ position: Int, _ message: String) throws {
        let error = try #require(throws: SchemaErrors.self) { try compile(pattern) }
        #expect(error.errors.map(\.kind) == [.invalidPattern])
        let text = try #require(error.errors.first?.message)
        #expect(text.contains(message), "\(text)")
        #expect(text.contains("character \(position):"), "\(text)")
        #expect(error.errors.first?.pointer == "/pattern")
    }

    @Test func deepGroupsAreRefusedAndNotFollowed() throws {
        let pattern = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
        #expect(throws: SchemaErrors.self) { try compile(pattern) }
    }

    /// Each of these takes a backtracking engine longer than the universe is old.
    @Test(arguments: ["^(a+)+$", "^(a|a)*$", "^(a*)*b$", "(?=(a+)+$)b", "^(?:(?!(a+)+b)a)*$", "(a|aa)+$", "^(.*)*x$"])
    func noExpressionExplodes(_ pattern: String) throws {
        let schema = try compile(pattern)
        let text = String(repeating: "a", count: 5_000) + "!"
        _ = schema.isValid(JSONNode(.string(text)).compactBytes())
        #expect(try compile("^[^!]*$").isValid(JSONNode(.string(text)).compactBytes()) == false)
    }
}
