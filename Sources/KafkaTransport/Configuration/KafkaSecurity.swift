/// How clients speak to brokers: in the clear or under TLS, as nobody or as somebody.
public enum KafkaSecurity: Sendable, Hashable {
    /// No encryption and no authentication: for development, and for networks that nobody else is in.
    case plaintext
    /// TLS; with a client certificate, the client is who the certificate names.
    case tls(TLS)
    /// SASL without encryption: a password of PLAIN is readable on the wire.
    case sasl(SASL)
    /// SASL under TLS: what a site in production wants.
    case saslTLS(SASL, TLS)

    /// The files and settings of TLS. Paths are read when a client is made.
    public struct TLS: Sendable, Hashable {
        /// The path of the PEM file with the authorities that sign brokers; `nil` for those of the system.
        public var authorities: String?
        /// The path of the client's own certificate in PEM, for mutual TLS.
        public var certificate: String?
        /// The path of that certificate's private key in PEM.
        public var key: String?
        /// The password of the private key, where it has one.
        public var keyPassword: Secret?
        /// Whether a broker's certificate must name its host.
        public var verifiesHostName: Bool

        /// Creates TLS settings from their parts.
        public init(
            authorities: String? = nil, certificate: String? = nil, key: String? = nil, keyPassword: Secret? = nil,
            verifiesHostName: Bool = true
        ) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
            self.keyPassword = keyPassword
            self.verifiesHostName = verifiesHostName
        }
    }

    /// How a client says who it is.
    public enum SASL: Sendable, Hashable {
        /// User and password as they are: under TLS only, outside of tests.
        case plain(username: String, password: Secret)
        /// User and password that never cross the wire, with SHA-256.
        case scramSHA256(username: String, password: Secret)
        /// User and password that never cross the wire, with SHA-512.
        case scramSHA512(username: String, password: Secret)
        /// A bearer token.
        case oauthBearer(Token)
    }

    /// Where a bearer token comes from.
    public enum Token: Sendable, Hashable {
        /// An unsigned token that the client writes for itself: for tests only, as anybody can write any.
        case unsecured(principal: String)
        /// A token of an OpenID Connect provider, by the client credentials grant.
        case oidc(endpoint: String, clientID: String, clientSecret: Secret, scope: String?)
    }

    package var sasl: SASL? {
        switch self {
        case .plaintext, .tls: nil
        case .sasl(let sasl), .saslTLS(let sasl, _): sasl
        }
    }

    package var tls: TLS? {
        switch self {
        case .plaintext, .sasl: nil
        case .tls(let tls), .saslTLS(_, let tls): tls
        }
    }

    /// The value of librdkafka's `security.protocol`.
    package var protocolName: String {
        switch self {
        case .plaintext: "plaintext"
        case .tls: "ssl"
        case .sasl: "sasl_plaintext"
        case .saslTLS: "sasl_ssl"
        }
    }
}

extension KafkaSecurity.SASL {
    /// The value of librdkafka's `sasl.mechanism`.
    package var mechanism: String {
        switch self {
        case .plain: "PLAIN"
        case .scramSHA256: "SCRAM-SHA-256"
        case .scramSHA512: "SCRAM-SHA-512"
        case .oauthBearer: "OAUTHBEARER"
        }
    }
}
