import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Event type names")
struct EventTypeTests {
    @Test("OEP41-10: a name is read from the right, after its prefix")
    func parts() throws {
        let type: EventType = "org.openedx.learning.special_exam.proctored.allowance.created.v12"
        #expect(type.prefix == "org.openedx")
        #expect(type.subdomain == "learning")
        #expect(type.subject == "special_exam.proctored.allowance")
        #expect(type.action == "created")
        #expect(type.majorVersion == 12)
        #expect(!type.isLegacy)
        #expect(type.findings.isEmpty)
        #expect(type.description == "org.openedx.learning.special_exam.proctored.allowance.created.v12")
    }

    @Test(
        "OEP41-10: a broken name is refused with the place of the trouble",
        arguments: [
            ("", 0), (".", 0), ("org", 0), ("org.", 4), ("org..openedx", 4),
            ("org.openedx.learning.course.created", 28), ("org.openedx.learning.course.created.v0", 36),
            ("org.openedx.learning.course.created.v01", 36), ("org.openedx.learning.course.created.v", 36),
            ("org.openedx.learning.course.created.v1a", 36), ("org.openedx.learning.course.created.v-1", 37),
            ("org.openedx.learning.course.created.V1", 36), ("org.openedx.learning.course.created.1", 36),
            ("org.openedx.learning.course.created.v1.", 39), ("org.openedx.learning.created.v1", 31),
            ("org.openedx.created.v1", 22), ("org.openedx.v1", 14), ("Org.openedx.learning.course.created.v1", 0),
            ("org.openedx.learning.Course.created.v1", 21), ("org.openedx.learning.9course.created.v1", 21),
            ("org.openedx.learning._course.created.v1", 21), ("org.openedx.learning.cou-rse.created.v1", 24),
            ("org.openedx.learning.course created.v1", 27), ("org.openedx.learning.course.créated.v1", 30),
            ("org.openedx.learning.course.created.v99999999999999999999", 36),
            ("org.openedx.learning.subsidy.redemption-reversed.v1", 39), ("org.openedx.learning.course.\0.v1", 28),
        ])
    func refused(name: String, offset: Int) {
        let error = #expect(throws: InvalidEventType.self) { try EventType(name) }
        #expect(error?.offset == offset)
        #expect(error?.rule == .typeName)
        #expect(error?.description.hasPrefix("OEP41-10 type at byte \(offset): ") == true)
    }

    @Test("OEP41-10: the largest major version fits")
    func largeVersion() throws {
        let name = "org.openedx.learning.course.created.v\(Int.max)"
        #expect(try EventType(name).majorVersion == .max)
    }

    @Test("OEP41-11: the longest registered prefix counts, another one is two labels and a finding")
    func prefixes() throws {
        let name = "com.example.campus.learning.course.created.v1"
        let unknown = try EventType(name)
        #expect(unknown.prefix == "com.example")
        #expect(unknown.subdomain == "campus")
        #expect(unknown.subject == "learning.course")
        #expect(unknown.findings.map(\.rule) == [.reverseDNSPrefix, .subdomain])
        #expect(unknown.findings.allSatisfy { $0.severity == .warning })

        let known = try EventType(name, prefixes: ["com.example", "com.example.campus", "com"])
        #expect(known.prefix == "com.example.campus")
        #expect(known.subdomain == "learning")
        #expect(known.findings.isEmpty)
        #expect(known == unknown)

        let similar = try EventType("com.example.campus.learning.course.created.v1", prefixes: ["com.exam", ""])
        #expect(similar.prefix == "com.example")
        let edx: EventType = "org.edx.learning.course.created.v1"
        #expect(edx.findings.isEmpty)
    }

    @Test("OEP41-12: a subdomain outside the list is a finding, and the list can be another")
    func subdomains() {
        let type: EventType = "org.openedx.weather.storm.passed.v1"
        #expect(type.findings.map(\.rule) == [.subdomain])
        #expect(type.findings(subdomains: ["weather"]).isEmpty)
    }

    @Test("OEP41-14: of all published types, only a success and a pending are not in the past tense")
    func catalogueTenses() throws {
        let names = try OpenEdXFixtures.text("event-types", "txt").split(separator: "\n").map(String.init)
        #expect(names.count == 75)
        var flagged: [String] = []
        for name in names {
            let type = try EventType(name)
            if type.findings.contains(where: { $0.rule == .pastTense }) { flagged.append(name) }
            #expect(!type.findings.contains { $0.rule == .reverseDNSPrefix || $0.rule == .subdomain })
            #expect(type.isLegacy == type.findings.contains { $0.rule == .typeName && $0.severity == .note })
        }
        #expect(
            flagged == [
                "org.openedx.learning.idv_attempt.pending.v1", "org.openedx.learning.lti_provider.launch.success.v1",
            ])
        #expect(try names.filter { try EventType($0).isLegacy }.sorted() == EventType.legacyNames.sorted())
    }

    @Test(
        "OEP41-14: words in the past tense",
        arguments: [
            "created", "reset", "sent", "withdrawn", "overridden", "rewritten", "resent", "unset", "taken", "begun",
            "synced", "agreed", "freed", "used", "tied", "redemption-reversed", "grade_changed", "read", "built",
            "rebuilt", "undone", "forbidden", "guaranteed", "upheld",
        ])
    func past(action: String) throws {
        let name = "org.openedx.authz.thing.x.v1"
        _ = try EventType(name)
        #expect(PastTense.fits(action))
    }

    @Test(
        "OEP41-14: words in another tense",
        arguments: [
            "create", "success", "pending", "completes", "update", "need", "proceed", "speed", "embed", "shred", "ed",
            "bed", "creation", "send", "write", "hundred", "changed_now", "is", "v1",
        ])
    func notPast(action: String) {
        #expect(!PastTense.fits(action))
    }

    @Test("OEP41-10: the legacy names are read as they are", arguments: EventType.legacyNames.sorted())
    func legacy(name: String) throws {
        let type = try EventType(name)
        #expect(type.isLegacy)
        #expect(type.name == name)
        #expect(["created", "deleted", "redemption-reversed"].contains(type.action))
        #expect(["role_assignment", "subsidy"].contains(type.subject))
        #expect(type.majorVersion == (name.hasSuffix(".v1") ? 1 : nil))
        #expect(type.findings.map(\.rule) == [.typeName])
        #expect(type.findings.map(\.severity) == [.note])
    }

    @Test("OEP41-10: a bad literal stops the program with the reason")
    func literal() async {
        await #expect(processExitsWith: .failure) {
            let type: EventType = "org.openedx.learning.course.created"
            print(type)
        }
    }

    @Test("A type is a string in Codable formats, and a bad one is refused")
    func codable() throws {
        let types: [EventType] = ["org.openedx.learning.course.created.v1"]
        let data = try JSONEncoder().encode(types)
        #expect(String(decoding: data, as: UTF8.self) == #"["org.openedx.learning.course.created.v1"]"#)
        #expect(try JSONDecoder().decode([EventType].self, from: data) == types)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([EventType].self, from: Data(#"["course.created"]"#.utf8))
        }
    }
}
