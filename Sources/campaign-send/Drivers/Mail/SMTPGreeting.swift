import CCurl

/// What a server says while its connection is made, as libcurl passes it on line by line.
struct SMTPGreeting {
    private var reader = SMTPReplyReader()
    private var last: SMTPReply?
    /// The last reply to EHLO: after STARTTLS there is another.
    private(set) var hello: SMTPReply?
    private(set) var isLoggedIn = false
    private var replies = 0

    /// RFC 5321, 4.2.3, and RFC 4954, 6.
    private static let done = 250
    private static let loggedIn = 235

    /// Faults that stay until somebody changes a file here or there.
    private static let lasting: Set = [
        CURLE_PEER_FAILED_VERIFICATION.rawValue, CURLE_SSL_CACERT_BADFILE.rawValue, CURLE_USE_SSL_FAILED.rawValue,
        CURLE_SSL_CERTPROBLEM.rawValue, CURLE_SSL_ISSUER_ERROR.rawValue, CURLE_LOGIN_DENIED.rawValue,
    ]

    mutating func read(_ bytes: UnsafeRawBufferPointer) {
        for reply in reader.read(Array(bytes)[...]) {
            replies += 1
            last = reply
            if reply.code == Self.done { hello = reply }
            if reply.code == Self.loggedIn { isLoggedIn = true }
        }
    }

    /// - Parameters:
    ///   - code: why libcurl gave up.
    ///   - reason: the same in words.
    func fault(_ code: CURLcode, _ reason: String, _ server: SMTPServer) -> MailFault {
        let isLogin = code == CURLE_LOGIN_DENIED
        guard let last, !last.isPositive, last.isTemporary || last.isPermanent else {
            let what = isLogin ? "the relay \(server.name) takes none of the ways to log in that there are"
                : "the relay \(server.name) can't be used: \(reason)"
            return MailFault(reason: what, isLasting: Self.lasting.contains(code.rawValue))
        }
        let step = isLogin ? "the login" : replies == 1 ? "with its greeting" : "while the connection was made"
        return MailFault(reason: "the relay \(server.name) refused \(step): \(last)", isLasting: last.isPermanent)
    }
}
