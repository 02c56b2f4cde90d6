internal import CampaignModel
internal import StrictYAML

/// A mail server that takes messages for others, by SMTP: RFC 5321, RFC 6409.
public struct MailRelay: Sendable {
    public enum Security: String, CaseIterable, Sendable {
        /// As it is. The default on this machine alone.
        case none
        /// TLS by the command STARTTLS, which the relay must offer. RFC 3207
        case startTLS = "starttls"
        /// TLS from the first byte on. RFC 8314, 3.3
        case implicit
    }

    public struct Login: Sendable {
        public let user: String
        /// The name of the credential that holds the password.
        public let password: String
    }

    /// A name or an IP address; one of IPv6 without brackets.
    public let host: String
    public let port: Int
    public let security: Security
    /// A file of certificates (PEM) that are trusted in place of the system's.
    public let authorities: String?
    public let login: Login?
    /// What EHLO says; nil for the machine's name.
    public let helo: String?
    /// For the name's address, the connection, TLS, the greeting and the login together.
    public let connectTimeout: Duration
    /// How many connections are open at once.
    public let connections: Int
    public let messagesPerConnection: Int

    public static let defaultConnectTimeout = Duration.seconds(60)
    /// Five minutes are what RFC 5321, 4.5.3.2.1, gives the greeting.
    public static let allowedConnectTimeout = Duration.milliseconds(100)...Duration.seconds(300)
    /// Postfix takes 50 from one client (smtpd_client_connection_count_limit).
    public static let allowedConnections = 1...50
    public static let defaultMessagesPerConnection = 100
    public static let allowedMessagesPerConnection = 1...1_000_000

    static let keys = [
        "host", "port", "tls", "ca_file", "user", "password", "helo", "connect_timeout", "connections",
        "messages_per_connection",
    ]
    private static let maximumUserBytes = 255

    /// - Parameter credentials: the names that the file lists.
    init(_ mapping: YAMLMapping, credentials: [String]) throws(YAMLError) {
        host = try mapping["host"].map { node throws(YAMLError) in try Self.host(node) } ?? "localhost"
        security = try mapping["tls"].map { node throws(YAMLError) in try Self.security(node) }
            ?? (Self.isHere(host) ? .none : .startTLS)
        port = try mapping["port"]?.number(1...65_535) ?? Self.port(of: security)
        authorities = try mapping["ca_file"]?.path()
        login = try Self.login(mapping, credentials: credentials)
        helo = try mapping["helo"].map { node throws(YAMLError) in try Self.helo(node) }
        connectTimeout = try mapping["connect_timeout"]?.duration(Self.allowedConnectTimeout)
            ?? Self.defaultConnectTimeout
        connections = try mapping["connections"]?.number(Self.allowedConnections) ?? 1
        messagesPerConnection = try mapping["messages_per_connection"]?.number(Self.allowedMessagesPerConnection)
            ?? Self.defaultMessagesPerConnection
        guard security == .none else { return }
        if let node = mapping["ca_file"] { throw node.error("is for tls: starttls or tls: implicit") }
        if let node = mapping["user"], !Self.isHere(host) {
            throw node.error("would go over the network for all to read, and the password too, with tls: none")
        }
    }

    /// Submission, submission over TLS, and plain SMTP. RFC 6409, 3.1; RFC 8314, 7.3
    private static func port(of security: Security) -> Int {
        switch security {
        case .none: 25
        case .startTLS: 587
        case .implicit: 465
        }
    }

    /// Whether nothing of the connection leaves this machine.
    private static func isHere(_ host: String) -> Bool {
        host.lowercased() == "localhost" || host == "::1" || (host.hasPrefix("127.") && isIPv4(host))
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }

    private static func host(_ node: YAMLNode) throws(YAMLError) -> String {
        let text = try node.text()
        let isName = WebAddress.isHost(text[...]) && !text.hasPrefix("[")
        guard isName || isIPv6(text) else {
            throw node.error("\"\(FieldError.shown(text))\" is no host; write a name or an IP address, without a port")
        }
        return text
    }

    private static func isIPv6(_ text: String) -> Bool {
        text.contains(":") && text.firstIndex(of: ":") != text.lastIndex(of: ":") && text.utf8.count <= 45
            && text.allSatisfy { $0.isASCII && ($0.isHexDigit || $0 == ":" || $0 == ".") }
    }

    private static func security(_ node: YAMLNode) throws(YAMLError) -> Security {
        let text = try node.text()
        guard let security = Security(rawValue: text) else {
            let allowed = Security.allCases.map(\.rawValue).joined(separator: ", ")
            throw node.error("\"\(FieldError.shown(text))\" is not taken; allowed are \(allowed)")
        }
        return security
    }

    private static func login(_ mapping: YAMLMapping, credentials: [String]) throws(YAMLError) -> Login? {
        guard let user = mapping["user"] else {
            if let password = mapping["password"] { throw password.error("stands there without user") }
            return nil
        }
        let name = try user.text()
        guard (1...maximumUserBytes).contains(name.utf8.count),
            !name.unicodeScalars.contains(where: \.isUnsafeToDisplay)
        else { throw user.error("must have 1 to \(maximumUserBytes) bytes, none of them a control character") }
        guard let password = mapping["password"] else {
            throw user.error("stands there without password, which names one of credentials")
        }
        // What stands there in its place may be the password itself, and is not repeated.
        let credential = try password.text()
        guard credentials.contains(credential) else {
            throw password.error(
                "is not the name of one of credentials; the password itself stands in that credential's file, not here")
        }
        return Login(user: name, password: credential)
    }

    /// A domain, or an address in brackets. RFC 5321, 4.1.1.1
    private static func helo(_ node: YAMLNode) throws(YAMLError) -> String {
        let text = try node.text()
        let isLiteral = text.hasPrefix("[") && text.hasSuffix("]") && text.utf8.count > 2
            && text.dropFirst().dropLast().allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == ":")
            }
        guard isLiteral || (WebAddress.isHost(text[...]) && !text.hasPrefix("[")) else {
            throw node.error("\"\(FieldError.shown(text))\" is no name of a machine; write mail.example.org")
        }
        return text
    }
}
