import OpenEdXEvents

extension PropertyList {
    /// Everything that is wrong, alone and together; a property that is wrong alone is not compared with others.
    func problems() -> [ConfigurationProblem] {
        let problems = valueProblems()
        let settings = Set(problems.map(\.setting))
        return problems + contradictions().filter { !settings.contains($0.setting) }
    }

    /// Everything that is wrong with single properties, each asked of librdkafka itself.
    func valueProblems() -> [ConfigurationProblem] {
        let probe = PropertyProbe()
        return entries.compactMap { entry in
            switch probe.set(entry.name, entry.value) {
            case .accepted: Self.missed(entry)
            case .unknown: Self.unknown(entry)
            case .refused(let words): Self.refused(entry, words)
            }
        }
    }

    /// Whether a property's value must never be shown.
    static func isSecret(_ name: String) -> Bool {
        ["password", "secret", ".pem", "sasl.oauthbearer.config"].contains { name.contains($0) }
    }

    /// What a problem may say of a value.
    static func shown(_ value: String, of name: String) -> String {
        if isSecret(name) { return "the value given (not shown)" }
        let text = value.count > 80 ? value.prefix(80) + "…" : value[...]
        return value.isEmpty ? "an empty value" : "“\(text)”"
    }

    private static func unknown(_ entry: Entry) -> ConfigurationProblem {
        // The value is not shown: under a misspelt name it may be a password.
        let names = PropertyCatalogue.current.names
        let hint = Suggestion.closest(to: entry.name, among: names).map { "; did you mean “\($0)”?" } ?? ""
        return ConfigurationProblem(
            nil, entry.setting, "is no property of librdkafka \(PropertyCatalogue.version)\(hint)")
    }

    private static func refused(_ entry: Entry, _ words: String) -> ConfigurationProblem {
        let allowed = PropertyCatalogue.current[entry.name]?.allowed ?? Self.words(of: entry.canonical)
        let given = shown(entry.value, of: entry.name)
        if words.contains("not supported in this build") {
            let reason = words.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? words
            return ConfigurationProblem(
                nil, entry.setting,
                "librdkafka \(PropertyCatalogue.version) as it is installed here cannot do it: \(reason)")
        }
        if let allowed {
            return ConfigurationProblem(nil, entry.setting, "\(given) is not possible: allowed is \(allowed)")
        }
        let reason = isSecret(entry.name) ? "librdkafka refuses it" : "librdkafka says: \(words)"
        return ConfigurationProblem(nil, entry.setting, "\(given) is not possible: \(reason)")
    }

    /// What librdkafka notices only when a client is made, or never.
    private static func missed(_ entry: Entry) -> ConfigurationProblem? {
        func problem(_ allowed: String) -> ConfigurationProblem {
            ConfigurationProblem(
                nil, entry.setting, "\(shown(entry.value, of: entry.name)) is not possible: allowed is \(allowed)")
        }
        switch entry.canonical {
        case "request.required.acks":
            return ["all", "-1", "0", "1"].contains(entry.value) ? nil : problem("all, 1 or 0")
        case "sasl.mechanisms":
            return mechanisms.contains(entry.value) ? nil : problem(words(of: entry.canonical) ?? "")
        case "partition.assignment.strategy":
            let names = Set(entry.value.split(separator: ",").map(String.init))
            guard names.isSubset(of: strategies) else { return problem(words(of: entry.canonical) ?? "") }
            return names.contains("cooperative-sticky") && names.count > 1
                ? problem("cooperative-sticky alone, or the others without it") : nil
        default: return nil
        }
    }

    private static let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER", "GSSAPI"]
    private static let strategies = ["cooperative-sticky", "range", "roundrobin"]

    /// What is allowed where librdkafka's table lists nothing.
    private static func words(of name: String) -> String? {
        switch name {
        case "partitioner":
            "one of random, consistent, consistent_random, murmur2, murmur2_random, fnv1a, fnv1a_random"
        case "sasl.mechanisms": "one of " + mechanisms.joined(separator: ", ")
        case "partition.assignment.strategy": "one or more of " + strategies.joined(separator: ", ")
        case "debug": "contexts with commas between, such as broker, topic, msg, cgrp, security, or all"
        default: nil
        }
    }
}
