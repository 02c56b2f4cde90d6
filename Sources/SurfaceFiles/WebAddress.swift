/// An address of the web that a request may go to: `https://host:port/path?query`. RFC 3986
///
/// Only what every reader understands in the same way is taken: a host of letters, digits, `-` and `.` (others have
/// their `xn--` form) or an IP address, and no character that the RFC wants to be written as `%XX`.
public struct WebAddress: Hashable, Sendable {
    public let text: String

    public static let maximumBytes = 2_048

    private static let schemes = ["http://", "https://"]
    /// Unreserved and reserved characters of RFC 3986, and `%`.
    private static let allowed = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%".utf8)

    /// Why a text is no such address. It does not repeat the text, which may hold a password.
    public struct Fault: Error, Hashable {
        public let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// - Throws: ``Fault``.
    public init(_ text: String) throws(Fault) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw Fault("has \(text.utf8.count) bytes; \(Self.maximumBytes) at most are allowed")
        }
        guard text.utf8.allSatisfy(Self.allowed.contains) else {
            throw Fault("holds a character that no address has; write it as %XX, and a host's name as xn--…")
        }
        guard let scheme = Self.schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
            throw Fault("must begin with http:// or https://")
        }
        guard !text.contains("#") else { throw Fault("holds a #, and what follows one is never sent") }
        let authority = Self.authority(text.dropFirst(scheme.count))
        guard !authority.contains("@") else {
            throw Fault("holds a user or a password; give them in headers, as ${NAME} of credentials")
        }
        let (host, port) = Self.hostAndPort(authority)
        guard Self.isHost(host) else { throw Fault("has no host that is a name or an IP address") }
        if let port, !port.isEmpty {
            guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
                (1...65_535).contains(number)
            else { throw Fault("has a port that is none; 1 to 65535 are allowed") }
        }
        self.text = text
    }

    /// The host of any address, to be named in a reason; nil where it has none.
    public static func host(of text: String) -> String? {
        guard let end = text.firstRange(of: "://")?.upperBound else { return nil }
        let place = authority(text[end...]).split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let host = hostAndPort(place).host
        return host.isEmpty ? nil : String(host)
    }

    private static func authority(_ rest: Substring) -> Substring {
        rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    }

    private static func hostAndPort(_ authority: Substring) -> (host: Substring, port: Substring?) {
        // The colons of an IPv6 address stand in brackets.
        let closing = authority.lastIndex(of: "]") ?? authority.startIndex
        guard let colon = authority[closing...].lastIndex(of: ":") else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    /// A name, or an IP address, one of IPv6 in brackets.
    static func isHost(_ host: Substring) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.count > 2 && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !host.isEmpty && host.utf8.count <= 253
            && host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "." || $0 == "_") }
    }
}
