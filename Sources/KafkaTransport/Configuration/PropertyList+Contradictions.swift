import OpenEdXEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension PropertyList {
    /// Properties that are possible each for itself but not together, and files that are not there.
    func contradictions() -> [ConfigurationProblem] {
        securityProblems() + fileProblems()
            + (role == .producer ? producerProblems() : role == .consumer ? consumerProblems() : [])
    }

    private func problem(_ name: String, _ message: String) -> ConfigurationProblem {
        ConfigurationProblem(nil, setting(name), message)
    }

    private func number(_ name: String) -> Double? { self[name].flatMap(Double.init) }

    private func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }

    // MARK: - Security

    private func securityProblems() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        let name = self["security.protocol"]?.lowercased() ?? "plaintext"
        let credentials = ["sasl.username", "sasl.password", "sasl.mechanisms"].first { self[$0] != nil }
        if !name.hasPrefix("sasl"), let credentials {
            problems.append(
                problem(credentials, "is set, but the security protocol is \(name), which does not use it"))
        }
        if name.hasPrefix("sasl") { problems += mechanismProblems() }
        let files = ["ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location"]
        if !name.hasSuffix("ssl"), let file = files.first(where: { self[$0] != nil }) {
            problems.append(problem(file, "is set, but the security protocol is \(name), which has no TLS"))
        }
        let hasCertificate = self["ssl.certificate.location"] ?? self["ssl.certificate.pem"] != nil
        let hasKey = self["ssl.key.location"] ?? self["ssl.key.pem"] != nil
        if hasCertificate, !hasKey {
            problems.append(problem("ssl.certificate.location", "has no private key: set security.tls.key"))
        }
        if hasKey, !hasCertificate {
            problems.append(problem("ssl.key.location", "has no certificate: set security.tls.certificate"))
        }
        return problems
    }

    private func mechanismProblems() -> [ConfigurationProblem] {
        let mechanism = self["sasl.mechanisms"] ?? "GSSAPI"
        switch mechanism {
        case "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512":
            return ["sasl.username", "sasl.password"].filter { (self[$0] ?? "").isEmpty }.map {
                problem($0, "is missing or empty: \(mechanism) needs user and password")
            }
        case "OAUTHBEARER":
            if self["sasl.oauthbearer.method"] == "oidc" { return providerProblems() }
            guard isTrue("enable.sasl.oauthbearer.unsecure.jwt") else {
                return [
                    problem(
                        "sasl.mechanisms",
                        "OAUTHBEARER needs a token: of a provider (token_endpoint, client_id, client_secret), "
                            + "or for tests an unsigned one (principal)")
                ]
            }
            let hasPrincipal = (self["sasl.oauthbearer.config"] ?? "").split(separator: " ").contains {
                $0.hasPrefix("principal=") && $0.utf8.count > 10
            }
            return hasPrincipal
                ? [] : [problem("sasl.oauthbearer.config", "names no principal: “principal=NAME” is allowed")]
        default: return []
        }
    }

    private func providerProblems() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        let endpoint = self["sasl.oauthbearer.token.endpoint.url"] ?? ""
        if !endpoint.hasPrefix("https://") && !endpoint.hasPrefix("http://") {
            problems.append(
                problem("sasl.oauthbearer.token.endpoint.url", "must be the https address of the token endpoint"))
        }
        for name in ["sasl.oauthbearer.client.id", "sasl.oauthbearer.client.secret"] where (self[name] ?? "").isEmpty {
            problems.append(problem(name, "is missing or empty: a token is asked for with client id and secret"))
        }
        return problems
    }

    private func fileProblems() -> [ConfigurationProblem] {
        let names = [
            "ssl.ca.location", "ssl.certificate.location", "ssl.key.location", "ssl.keystore.location",
            "ssl.crl.location",
        ]
        return names.compactMap { name in
            guard let path = self[name], !(name == "ssl.ca.location" && path == "probe") else { return nil }
            guard access(path, R_OK) != 0 else { return nil }
            return problem(name, "“\(path)” cannot be read: \(String(cString: strerror(errno)))")
        }
    }

    // MARK: - Sending and reading

    private func producerProblems() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if isTrue("enable.idempotence") {
            if let acks = self["acks"], acks != "all", acks != "-1" {
                problems.append(
                    problem("acks", "is \(acks), but an idempotent producer needs all: change one of the two"))
            }
            if let requests = number("max.in.flight"), requests > 5 {
                problems.append(
                    problem("max.in.flight", "is \(Int64(requests)), but an idempotent producer may have 5 at the most")
                )
            }
            if number("retries") == 0 {
                problems.append(problem("retries", "is 0, but an idempotent producer must send again"))
            }
            if self["queuing.strategy"] == "lifo" {
                problems.append(problem("queuing.strategy", "is lifo, but an idempotent producer keeps order: fifo"))
            }
        } else if isTrue("enable.gapless.guarantee") {
            problems.append(problem("enable.gapless.guarantee", "is true, but only an idempotent producer has it"))
        }
        if let queue = number("queue.buffering.max.kbytes"), let message = number("message.max.bytes"),
            queue * 1_024 < message
        {
            problems.append(
                problem(
                    "queue.buffering.max.kbytes",
                    "is \(Int64(queue)), but must hold the largest message, which has \(Int64(message)) bytes: one that "
                        + "does not fit would wait for ever"))
        }
        if let linger = number("linger.ms"), let timeout = number("message.timeout.ms"), timeout > 0, linger >= timeout
        {
            problems.append(
                problem(
                    "linger.ms",
                    "is \(linger) ms, but must be less than the delivery time-out, which is \(Int64(timeout)) ms"))
        }
        return problems
    }

    private func consumerProblems() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        if (self["group.id"] ?? "").isEmpty {
            problems.append(problem("group.id", "is missing or empty: a subscription needs a consumer group"))
        }
        if let session = number("session.timeout.ms") {
            if let heartbeat = number("heartbeat.interval.ms"), heartbeat >= session {
                problems.append(
                    problem(
                        "heartbeat.interval.ms",
                        "is \(Int64(heartbeat)) ms, but must be less than the session time-out, which is "
                            + "\(Int64(session)) ms, and should be a third of it"))
            }
            if let poll = number("max.poll.interval.ms"), poll < session {
                problems.append(
                    problem(
                        "max.poll.interval.ms",
                        "is \(Int64(poll)) ms, but must not be less than the session time-out, which is "
                            + "\(Int64(session)) ms"))
            }
        }
        if let fetch = number("fetch.max.bytes"), let receive = number("receive.message.max.bytes"),
            receive < fetch + 512
        {
            problems.append(
                problem(
                    "receive.message.max.bytes",
                    "is \(Int64(receive)), but must be 512 more than fetch.max.bytes, which is \(Int64(fetch))"))
        }
        return problems
    }
}
