import Foundation
import OpaqueKeys
import OpenEdXEvents
import Testing

@Suite("Opaque keys")
struct OpaqueKeyTests {
    @Test("a course key says its parts, in each of its forms")
    func courseKeys() throws {
        let key: CourseKey = "course-v1:EduX+Fyzika:101+2026_jaro+branch@draft+version@519665f6223ebd6980884f2b"
        #expect(key.form == .course)
        #expect([key.organization, key.course, key.run] == ["EduX", "Fyzika:101", "2026_jaro"])
        #expect([key.branch, key.version, key.ccx] == ["draft", "519665f6223ebd6980884f2b", nil])
        let ccx: CourseKey = "ccx-v1:edX+DemoX+Demo_Course+ccx@1"
        #expect(ccx.form == .ccx && ccx.ccx == "1" && ccx.run == "Demo_Course")
        let old: CourseKey = "edX/DemoX/Demo_Course"
        #expect(old.form == .slashes && old.run == "Demo_Course" && old.branch == nil)
        let library: CourseKey = "library-v1:EduX+Physics"
        #expect(library.form == .library && library.course == "Physics" && library.run == nil)
        #expect(try CourseKey(organization: "EduX", course: "Žďár", run: "1").text == "course-v1:EduX+Žďár+1")
        #expect(throws: InvalidKey.self) { try CourseKey(organization: "Edu+X", course: "A", run: "1") }
    }

    @Test("a usage key says its parts, in each of its forms")
    func usageKeys() throws {
        let key: UsageKey = "block-v1:EduX+Physics+2026+branch@draft+type@video+block@a:b"
        #expect(key.form == .course && key.blockType == "video" && key.blockID == "a:b")
        #expect(key.courseKey == "course-v1:EduX+Physics+2026+branch@draft")
        #expect(key.libraryKey == nil)
        let ccx: UsageKey = "ccx-block-v1:EduX+Physics+2026+ccx@7+type@video+block@intro"
        #expect(ccx.form == .ccx && ccx.courseKey?.ccx == "7")
        let library: UsageKey = "lb:MITx:reallyhardproblems:problem:problem1"
        #expect(library.form == .library && library.blockID == "problem1" && library.courseKey == nil)
        #expect(library.libraryKey == "lib:MITx:reallyhardproblems")
        let old: UsageKey = "lib-block-v1:EduX+Physics+type@problem+block@p"
        #expect(old.form == .oldLibrary && old.libraryKey?.library == "Physics" && old.courseKey?.form == .library)
        let location: UsageKey = "i4x://EduX/Physics/video/intro@draft"
        #expect(location.form == .location && location.blockType == "video" && location.blockID == "intro")
        let aside: UsageKey = "aside-usage-v2:lb$:a$:b$:problem$:c::notes"
        #expect(aside.form == .aside && aside.isKnown && aside.blockType == nil)
        #expect(
            try UsageKey(course: "course-v1:A+B+C", blockType: "video", blockID: "x").text
                == "block-v1:A+B+C+type@video+block@x")
        #expect(throws: InvalidKey.self) { try UsageKey(course: "A/B/C", blockType: "video", blockID: "x") }
    }

    @Test("library, container and collection keys say their parts")
    func libraryKeys() throws {
        let library: LibraryKey = "lib:MITx:reallyhardproblems"
        #expect(library.form == .library && library.organization == "MITx" && library.library == "reallyhardproblems")
        #expect(LibraryKey("library-v1:EduX+Physics").form == .oldLibrary)
        let container: ContainerKey = "lct:MITx:reallyhardproblems:unit:test-container"
        #expect(container.libraryKey == library && container.containerType == "unit")
        #expect(container.containerID == "test-container")
        let collection: CollectionKey = "lib-collection:MITx:reallyhardproblems:col1"
        #expect(collection.libraryKey == library && collection.collectionID == "col1")
    }

    @Test(
        "OEP41-23: a text of no known form is kept, says so, and has no parts",
        arguments: [
            "", "course-v1:", "course-v1:A+B", "course-v1:A+B+C+D", "course-v1:A+B+", "course-v1:A B+C+D", "A/B",
            "course-v1:A+B+C+version@519665f6223ebd6980884f2b+branch@2",
            "course-v1:A+B+C+version@519665F6223ebd6980884f2b",
            "ccx-v1:A+B+C+ccx@x", "a~b/B/C", "lib:Ž:a", "lct:a:b:ž:u", "lib-collection:a:b~:c", "i4x://a/b//c",
            "block-v1:A+B+C+type@v+block@a%20b", "course-v1:A+B+C+ccx@1", "ccx-v1:A+B+C", "v2:A+B+C", "A/B/C/D",
            "course-v1:A+B+C\n", "course-v1:A+B\u{301}+C?", "lib:a", "lib:a:b:c", "lct:a:b:c", "lib-collection:a:b:",
            "block-v1:A+B+C+block@x", "block-v1:A+B+C+type@video+block@", "lb:a:b:c", "i4x://a/b/c", "aside-usage-v1:x",
            "aside-usage-v2:x::",
        ])
    func unknown(text: String) throws {
        try unknown(CourseKey(text))
        try unknown(UsageKey(text))
        try unknown(LibraryKey(text))
        try unknown(ContainerKey(text))
        try unknown(CollectionKey(text))
        #expect(CourseKey(text).organization == nil && UsageKey(text).blockType == nil)
    }

    private func unknown<Key: OpaqueKey>(_ key: Key) throws {
        #expect(!key.isKnown)
        #expect(throws: InvalidKey(kind: Key.kind)) { try Key(validating: key.text) }
        let json = try JSONWriter.write(key)
        #expect(Array(try JSONReader.read(Key.self, from: json).text.utf8) == Array(key.text.utf8))
    }

    @Test("keys are equal by their bytes, not by what Unicode takes for the same")
    func bytes() throws {
        let composed: CourseKey = "course-v1:A+\u{E9}+C"
        let decomposed: CourseKey = "course-v1:A+e\u{301}+C"
        #expect(composed.text == decomposed.text)
        #expect(composed != decomposed && Set([composed, decomposed]).count == 2)
        #expect(composed.isKnown)
        let json = try JSONWriter.write(decomposed)
        #expect(try JSONReader.read(CourseKey.self, from: json) == decomposed)
    }

    @Test("a key is a JSON string, with the direct coders and with Foundation's")
    func coding() throws {
        let keys: [CourseKey] = ["course-v1:A+B+C", "a/b/c", "anything \u{1F393}"]
        let json = try JSONWriter.write(keys)
        #expect(try JSONDecoder().decode([CourseKey].self, from: Data(json)) == keys)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        #expect(try Array(encoder.encode(keys)) == json)
        #expect(throws: PayloadError.self) { try JSONReader.read(CourseKey.self, from: Array("7".utf8)) }
    }
}
