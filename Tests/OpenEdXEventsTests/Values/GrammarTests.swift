import Testing

@testable import OpenEdXEvents

@Suite("Media types and URIs")
struct GrammarTests {
    @Test(
        "OEP41-03: a media type is read without regard to case, and knows JSON and text",
        arguments: [
            ("application/json", "application/json", true, false),
            ("Application/JSON", "application/json", true, false),
            ("application/json; charset=UTF-8", "application/json; charset=UTF-8", true, false),
            ("application/json;Charset=\"utf-8\" ", "application/json; charset=utf-8", true, false),
            ("application/json;", "application/json", true, false),
            ("application/vnd.acme.v2+JSON", "application/vnd.acme.v2+json", true, false),
            ("text/json", "text/json", true, true), ("text/xml", "text/xml", false, true),
            ("application/xml", "application/xml", false, true), ("image/svg+xml", "image/svg+xml", false, true),
            ("application/json-seq", "application/json-seq", false, false),
            ("application/avro", "application/avro", false, false),
            ("a/b; c=\"x \\\" y\"", "a/b; c=\"x \\\" y\"", false, false),
            ("a/b ; c=d ; e=f", "a/b; c=d; e=f", false, false),
        ])
    func mediaTypes(text: String, canonical: String, isJSON: Bool, isText: Bool) throws {
        let type = try #require(MediaType(text))
        #expect(type.description == canonical)
        #expect(type.isJSON == isJSON)
        #expect(type.isText == isText)
        #expect(MediaType(canonical) == type)
    }

    @Test(
        "OEP41-03: what is no media type is refused",
        arguments: [
            "", "json", "/json", "application/", "application json", "application/json charset=utf-8",
            " application/json",
            "application/json; charset", "application/json; charset=", "application/json; =utf-8", "a/b/c",
            "a/b; c=\"d",
            "a/b; c=\"d\\", "a/b; c=\"d\" e", "a/b;;c=d", "application/jsön", "a/b\n", "a/b, c/d",
        ])
    func noMediaTypes(text: String) {
        #expect(MediaType(text) == nil)
    }

    @Test("OEP41-03: parameters do not matter for which type it is")
    func matches() throws {
        #expect(try #require(MediaType("application/JSON; charset=utf-8")).matches(.json))
        #expect(MediaType("application/json; charset=utf-8") != .json)
    }

    @Test(
        "OEP41-36: absolute URIs",
        arguments: [
            "http://example.org", "https://user:pw@example.org:8080/a/b?c=d&e=f", "urn:isbn:0451450523", "mailto:a@b.c",
            "file:///etc/hosts", "http://[::1]:80/", "http://[v7.fe:x]/", "tag:x,2026:y", "a:", "ftp://h/%7Eme;type=i",
            "http://1.2.3.4", "x+y-z.1://", "http://example.org:/",
        ])
    func absolute(text: String) {
        #expect(URIGrammar.isAbsoluteURI(text))
        #expect(URIGrammar.isURIReference(text))
    }

    @Test(
        "OEP41-33: URI references that are not absolute",
        arguments: [
            "", "/openedx/lms/web", "openedx/lms/web", "//host/path", "?query", "#fragment", "../up", "./a:b", "a/b:c",
            "http://example.org/#part", "%41",
        ])
    func references(text: String) {
        #expect(!URIGrammar.isAbsoluteURI(text))
        #expect(URIGrammar.isURIReference(text))
    }

    @Test(
        "OEP41-33: neither URIs nor references",
        arguments: [
            " ", "a b", "1a:b", ":a", "http://exa mple", "http://[::1", "http://[::g]/", "http://[::1]x", "%", "%4",
            "%4g",
            "a\\b", "http://h:80a/", "a#b#c", "\"", "<a>", "{a}", "a|b", "a^b", "`", "ä", "http://a@b@c/",
            "http://[v.x]/",
            "http://h/\n", "//[/", "a?b[c]",
        ])
    func neither(text: String) {
        #expect(!URIGrammar.isAbsoluteURI(text))
        #expect(!URIGrammar.isURIReference(text))
    }
}
