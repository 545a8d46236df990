import Foundation
import Testing

@Suite("Process runner", .timeLimit(.minutes(1)))
struct ProcessRunnerTests {
    private let shell = URL(fileURLWithPath: "/bin/sh")

    @Test("A program that ends leaves its lines, its complaints and its status")
    func result() async throws {
        let result = try await ProcessRunner.run(shell, ["-c", "echo one; echo two; echo wrong >&2; exit 3"])
        #expect(result.lines == ["one", "two"])
        #expect(result.errors == "wrong\n")
        #expect(result.ending == .exited(3))
    }

    @Test("Lines come while the program runs, and SIGKILL ends it")
    func kill() async throws {
        let process = try ProcessRunner(shell, ["-c", "trap '' TERM; echo up; while :; do :; done"])
        var lines = process.lines.makeAsyncIterator()
        #expect(await lines.next() == "up")
        process.terminate()
        process.kill()
        #expect(await process.ending() == .killed(signal: SIGKILL))
        // Long gone: no process of that number is touched.
        process.kill()
    }

    @Test("A program has ended when it has, whatever it leaves running behind it")
    func grandchild() async throws {
        let result = try await ProcessRunner.run(shell, ["-c", "sleep 600 & echo $!"])
        let pid = try #require(result.lines.first.flatMap { Int32($0) })
        #expect(result.ending == .exited(0))
        #expect(Foundation.kill(pid, SIGKILL) == 0)
    }

    @Test("Bytes are cut into lines wherever they are cut off")
    func splitting() {
        var splitter = LineSplitter()
        #expect(splitter.lines(of: Array("a\nb".utf8)) == ["a"])
        #expect(splitter.lines(of: Array("c".utf8)) == [])
        #expect(splitter.lines(of: Array("\n\nd\n".utf8)) == ["bc", "", "d"])
    }
}
