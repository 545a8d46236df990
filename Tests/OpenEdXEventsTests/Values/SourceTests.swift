import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Source and source host")
struct SourceTests {
    @Test("OEP41-06: a source has a namespace, a service and a process")
    func parts() throws {
        let source = try EventSource(service: "lms", process: .worker)
        #expect(source.description == "/openedx/lms/worker")
        let read = try EventSource("/my-org/course_discovery.v2/web")
        #expect(read.namespace == "my-org")
        #expect(read.service == "course_discovery.v2")
        #expect(read.process == .web)
        #expect(try EventSource("/openedx/lms/worker") == source)
    }

    @Test(
        "OEP41-06: a source of another form is refused",
        arguments: [
            "", "/", "openedx/lms/web", "/openedx/lms", "/openedx/lms/web/", "/openedx/lms/cron", "/openedx/lms/Web",
            "//lms/web", "/openedx//web", "/openedx/lms/", "/open edx/lms/web", "/openedx/l%20ms/web",
            "/openedx/../web", "/./lms/web", "/openedx/lms/web?x", "/øpenedx/lms/web", "https://openedx/lms/web",
            "/openedx/lms/web\n",
        ])
    func refused(text: String) {
        let error = #expect(throws: InvalidAttribute.self) { try EventSource(text) }
        #expect(error?.rule == .source)
        #expect(error?.attribute == "source")
        #expect(error?.description.hasPrefix("OEP41-06 source") == true)
    }

    @Test("OEP41-06: a service's name cannot bring in more parts")
    func injected() {
        #expect(throws: InvalidAttribute.self) { try EventSource(service: "lms/web", process: .web) }
        #expect(throws: InvalidAttribute.self) { try EventSource(namespace: "", service: "lms", process: .web) }
    }

    @Test(
        "OEP41-08: host names and addresses are accepted",
        arguments: [
            "localhost", "vm", "edx.devstack.lms", "LMS-1.example.org", "lms.example.org.", "0", "123456789012", "3com",
            "1.2.3.4", "255.255.255.255", "0.0.0.0", "::", "::1", "fe80::1", "2001:db8::ff00:42:8329",
            "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4",
            "1::8", "ABCD::", String(repeating: "a", count: 63), "xn--bcher-kva.example",
        ])
    func hosts(text: String) throws {
        #expect(try SourceHost(text).description == text)
    }

    @Test(
        "OEP41-08: what is no host is refused",
        arguments: [
            "", ".", "-a", "a-", "a..b", ".a", "a b", "a_b", "a/b", "host:80", "[::1]", "1.2.3", "1.2.3.256",
            "1.2.3.04",
            "1.2.3.4.5", "999.999.999.999", ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::",
            "::g", "1:2:3:4:5:6:7:8::", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4",
            "fe80::1%eth0", String(repeating: "a", count: 64), "bücher.example",
            (0..<52).map { _ in "abcd" }.joined(separator: "."),
        ])
    func noHosts(text: String) {
        let error = #expect(throws: InvalidAttribute.self) { try SourceHost(text) }
        #expect(error?.rule == .sourceHost)
    }

    @Test("OEP41-08: this machine's own name is a host")
    func current() throws {
        let host = SourceHost.current
        #expect(try SourceHost(host.description) == host)
    }

    @Test("Sources and hosts are strings in Codable formats")
    func codable() throws {
        let source = try EventSource(service: "lms", process: .web)
        let data = try JSONEncoder().encode([source])
        #expect(try JSONDecoder().decode([EventSource].self, from: data) == [source])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([EventSource].self, from: Data("[\"x\"]".utf8)) }
        let hosts = try JSONEncoder().encode([SourceHost.current])
        #expect(try JSONDecoder().decode([SourceHost].self, from: hosts) == [.current])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([SourceHost].self, from: Data("[\"\"]".utf8)) }
    }
}
