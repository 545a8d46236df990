import Foundation
import Testing

@testable import KafkaTransport
@testable import OpenEdXEvents
@testable import openedx_events

@Suite("The operator's guide")
struct OperatorsGuideTests {
    static let guide: String = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return (try? String(contentsOf: package.appendingPathComponent("docs/operating-on-kafka.md"), encoding: .utf8))
            ?? ""
    }()

    /// What a setting is unless it is set, as the guide says it.
    static func standard(_ setting: KafkaSetting) throws -> String {
        if setting.path == "security.tls.verify_host_name" { return "`true`" }
        var configuration = KafkaConfiguration(bootstrapServers: ["none:1"])
        configuration.clientID = KafkaConfiguration(bootstrapServers: []).clientID
        let all =
            try configuration.producerProperties()
            + configuration.consumerProperties(SubscriptionOptions(group: "g", topics: []))
        guard setting.path != "bootstrap_servers", setting.path != "security.protocol",
            let value = all.first(where: { $0.name == setting.property })?.value
        else { return "" }
        if setting.path == "consumer.committed_only" { return "`true`" }
        return "`" + (value.hasSuffix(".0") ? String(value.dropLast(2)) : value) + "`"
    }

    static func row(_ setting: KafkaSetting) throws -> String {
        let allowed =
            switch setting.kind {
            case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
            default: setting.kind.allowed
            }
        return "| `\(setting.path)`<br>`\(setting.variable)` | \(setting.help) | \(allowed) | \(try standard(setting)) "
            + "| `\(setting.property)` |"
    }

    @Test("lists every setting, with its variable, what it allows, its default, and librdkafka's name")
    func settings() throws {
        let head =
            "| Setting and variable | What for | Allowed | Default | librdkafka |\n| --- | --- | --- | --- | --- |"
        let table = try ([head] + KafkaSetting.all.map(Self.row)).joined(separator: "\n")
        let hasTable = Self.guide.contains("<!-- settings -->\n" + table + "\n<!-- /settings -->")
        #expect(hasTable, "write between the marks of the guide:\n\(table)")
    }

    @Test("names no metric that there is not")
    func metrics() {
        let known = Set(
            MetricFamily.allCases.map { $0.name + ($0.kind == .counter ? "_total" : "") })
        let named = Self.guide.matches(of: /openedx_events_[a-z_]+/).map { String($0.output) }
        #expect(named.count > 10)
        #expect(named.filter { !known.contains($0) }.isEmpty)
    }

    @Test("shows a configuration that can be loaded, but for the files that it names")
    func example() throws {
        let json = try #require(Self.guide.firstMatch(of: /```json\n(\{\n(?s:.*?)\n\})\n```/)?.output.1)
        var loader = ConfigurationLoader()
        loader.read(Array(json.utf8), named: "kafka.json")
        #expect(loader.problems.map(\.setting) == ["kafka.json: security.sasl.password_file"])
    }

    static let lines = guide.split(separator: "\n").filter { $0.hasPrefix("$ openedx-events ") }.map { line in
        line.dropFirst(2).split(separator: " ").map(String.init).prefix { $0 != ">" }.dropFirst()
    }

    @Test("shows no command, option or value that there is not", arguments: lines)
    func commands(_ words: ArraySlice<String>) throws {
        let name = try #require(words.first)
        let spec = try #require(OpenEdXEventsTool.tool.spec.commands.first { $0.name == name }, "\(name)")
        _ = try ArgumentParser(spec).parse(Array(words.dropFirst()))
    }
}
