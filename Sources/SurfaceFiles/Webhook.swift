internal import CampaignModel
internal import StrictYAML

/// The driver `webhook` of a surface's file: where each send's request goes.
///
///     webhook:
///       url: https://push.example.org/campaigns
///       headers:
///         Authorization: Bearer ${push-token}
///     credentials: [push-token]
public struct Webhook: Sendable {
    public let url: WebAddress
    public let method: String
    public let headers: [HeaderTemplate]
    /// For the name's address, the connection and the handshake of TLS together.
    public let connectTimeout: Duration
    /// A file of certificates (PEM) that are trusted in place of the system's.
    public let authorities: String?
    /// Whether the receiver does nothing twice for one `Idempotency-Key`, so that an unknown outcome may be tried
    /// again.
    public let isIdempotent: Bool

    public static let methods = ["POST", "PUT", "PATCH"]
    public static let defaultConnectTimeout = Duration.seconds(10)
    public static let allowedConnectTimeout = Duration.milliseconds(100)...Duration.seconds(300)
    /// More than any receiver asks for; each costs a line of the request.
    public static let maximumHeaders = 32

    private static let keys = ["url", "method", "headers", "idempotent", "connect_timeout", "ca_file"]
    /// What the sender itself says of its request, in lower case.
    private static let ownHeaders: Set = [
        "content-type", "content-length", "host", "idempotency-key", "transfer-encoding", "connection", "expect",
    ]
    /// Letters and digits aside, what a token may hold. RFC 9110, 5.6.2
    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)

    /// - Parameters:
    ///   - credentials: the names that the file lists.
    ///   - idempotent: the key beside the driver, where it may stand too.
    init(_ node: YAMLNode, credentials: [String], idempotent: YAMLNode?) throws(YAMLError) {
        let mapping = try node.mapping(allowing: Self.keys)
        url = try Self.url(mapping)
        method = try Self.method(mapping["method"])
        headers = try Self.headers(mapping["headers"], credentials: credentials)
        connectTimeout = try mapping["connect_timeout"]?.duration(Self.allowedConnectTimeout)
            ?? Self.defaultConnectTimeout
        authorities = try mapping["ca_file"]?.path()
        if let inner = mapping["idempotent"], idempotent != nil {
            throw inner.error("stands beside webhook already; one of them is enough")
        }
        isIdempotent = try (mapping["idempotent"] ?? idempotent)?.truth() ?? false
    }

    private static func url(_ mapping: YAMLMapping) throws(YAMLError) -> WebAddress {
        guard let node = mapping["url"] else {
            throw mapping.node.error("url is missing; write url: https://example.org/path")
        }
        let text = try node.text()
        do throws(WebAddress.Fault) {
            return try WebAddress(text)
        } catch {
            throw node.error(error.reason)
        }
    }

    private static func method(_ node: YAMLNode?) throws(YAMLError) -> String {
        guard let node else { return methods[0] }
        let text = try node.text()
        guard methods.contains(text) else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is not taken; allowed are \(methods.joined(separator: ", "))")
        }
        return text
    }

    private static func headers(_ node: YAMLNode?, credentials: [String]) throws(YAMLError) -> [HeaderTemplate] {
        guard let node else { return [] }
        let entries = try node.mapping().entries
        guard entries.count <= maximumHeaders else {
            throw node.error("has \(entries.count) headers; \(maximumHeaders) at most are allowed")
        }
        var seen: Set<String> = []
        var headers: [HeaderTemplate] = []
        for entry in entries {
            if let reason = refusal(ofName: entry.key, seen: &seen) {
                throw YAMLError(file: node.file, place: entry.place, field: entry.node.field, reason: reason)
            }
            let value = try entry.node.text()
            do throws(HeaderTemplate.Fault) {
                headers.append(try HeaderTemplate(name: entry.key, value: value, credentials: credentials))
            } catch {
                throw entry.node.error(error.reason)
            }
        }
        return headers
    }

    private static func refusal(ofName name: String, seen: inout Set<String>) -> String? {
        let isToken = !name.isEmpty && name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: tokenMarks.contains(byte)
            }
        }
        guard isToken else { return "is not the name of a header; letters, digits and - are usual" }
        let plain = name.lowercased()
        if ownHeaders.contains(plain) { return "is set by the sender itself" }
        // HTTP takes both for one.
        return seen.insert(plain).inserted ? nil : "stands there twice, in other letters"
    }
}
