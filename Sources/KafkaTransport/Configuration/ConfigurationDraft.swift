import OpenEdXEvents

/// A configuration while it is put together from files and variables.
struct ConfigurationDraft {
    var configuration = KafkaConfiguration(bootstrapServers: [])
    var security = Security()

    /// The parts of a ``KafkaSecurity``, each of which may come from another place.
    struct Security {
        var protocolName: String?
        var tls = KafkaSecurity.TLS()
        var mechanism: String?
        var username: String?
        var password: Secret?
        var principal: String?
        var tokenEndpoint: String?
        var clientID: String?
        var clientSecret: Secret?
        var scope: String?
    }

    /// The configuration, and what is wrong with how its security is put together.
    func finished() -> (configuration: KafkaConfiguration, problems: [ConfigurationProblem]) {
        var configuration = configuration
        var problems: [ConfigurationProblem] = []
        let usesTLS: Bool
        let usesSASL: Bool
        switch security.protocolName {
        case "plaintext": (usesTLS, usesSASL) = (false, false)
        case "ssl": (usesTLS, usesSASL) = (true, false)
        case "sasl_plaintext": (usesTLS, usesSASL) = (false, true)
        case "sasl_ssl": (usesTLS, usesSASL) = (true, true)
        // Secrets go under TLS unless the protocol says otherwise: an authority that the system knows needs no setting.
        default: (usesTLS, usesSASL) = (security.tls != KafkaSecurity.TLS() || security.hasSASL, security.hasSASL)
        }
        if let name = security.protocolName {
            if !usesTLS, security.tls != KafkaSecurity.TLS() {
                problems.append(
                    ConfigurationProblem(nil, "security.tls", "is set, but the security protocol is \(name): no TLS"))
            }
            if !usesSASL, security.hasSASL {
                problems.append(
                    ConfigurationProblem(nil, "security.sasl", "is set, but the security protocol is \(name): no SASL"))
            }
        }
        var sasl: KafkaSecurity.SASL?
        if usesSASL {
            switch security.makeSASL() {
            case .success(let made): sasl = made
            case .failure(let problem): problems.append(problem)
            }
        }
        switch (sasl, usesTLS) {
        case (let sasl?, true): configuration.security = .saslTLS(sasl, security.tls)
        case (let sasl?, false): configuration.security = .sasl(sasl)
        case (nil, true): configuration.security = .tls(security.tls)
        case (nil, false): configuration.security = .plaintext
        }
        return (configuration, problems)
    }
}

extension ConfigurationDraft.Security {
    /// Whether anything of SASL is set.
    var hasSASL: Bool {
        mechanism != nil || username != nil || password != nil || principal != nil || tokenEndpoint != nil
            || clientID != nil || clientSecret != nil || scope != nil
    }

    /// The way to say who the client is, or what keeps it from being made.
    fileprivate func makeSASL() -> Result<KafkaSecurity.SASL, ConfigurationProblem> {
        func missing(_ name: String, _ reason: String) -> Result<KafkaSecurity.SASL, ConfigurationProblem> {
            .failure(ConfigurationProblem(nil, "security.sasl." + name, "is missing: " + reason))
        }
        guard let mechanism else {
            return missing("mechanism", "one of \(KafkaSecurity.SASL.mechanisms.joined(separator: ", "))")
        }
        if mechanism == "OAUTHBEARER" { return makeToken() }
        guard let username else { return missing("username", "\(mechanism) needs user and password") }
        guard let password else {
            return missing("password", "\(mechanism) needs user and password; password_file names a file that holds it")
        }
        return switch mechanism {
        case "SCRAM-SHA-256": .success(.scramSHA256(username: username, password: password))
        case "SCRAM-SHA-512": .success(.scramSHA512(username: username, password: password))
        default: .success(.plain(username: username, password: password))
        }
    }

    private func makeToken() -> Result<KafkaSecurity.SASL, ConfigurationProblem> {
        if let principal {
            guard tokenEndpoint == nil else {
                return .failure(
                    ConfigurationProblem(
                        nil, "security.sasl.principal",
                        "makes an unsigned token, but token_endpoint is set too: keep one of the two"))
            }
            return .success(.oauthBearer(.unsecured(principal: principal)))
        }
        guard let tokenEndpoint, let clientID, let clientSecret else {
            return .failure(
                ConfigurationProblem(
                    nil, "security.sasl",
                    "OAUTHBEARER needs token_endpoint, client_id and client_secret, or for tests principal"))
        }
        return .success(
            .oauthBearer(
                .oidc(endpoint: tokenEndpoint, clientID: clientID, clientSecret: clientSecret, scope: scope)))
    }
}

extension KafkaSecurity.SASL {
    /// The names of the mechanisms.
    static let mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]
}
