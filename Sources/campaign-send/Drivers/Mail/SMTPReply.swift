import SendProtocol

/// What an SMTP server answers to a command. RFC 5321, 4.2
struct SMTPReply: Hashable, CustomStringConvertible {
    /// 200 to 599.
    let code: Int
    /// Without code and line end, cut to what ``SMTPReplyReader`` keeps.
    let lines: [String]

    /// It goes away: the answer to any command. RFC 5321, 3.8
    static let closing = 421
    /// Go on with the message.
    static let sendContent = 354

    var isPositive: Bool { (200..<300).contains(code) }
    var isTemporary: Bool { (400..<500).contains(code) }
    var isPermanent: Bool { code >= 500 }

    /// Whether it refuses whom the message comes from, whatever it answers: Postfix says so at the recipient alone
    /// (smtpd_delay_reject). A login that is missing, RFC 4954, 6; the sender's address, RFC 3463, 3.2.
    var isAboutSender: Bool {
        code == 530 || ["4.1.7", "4.1.8", "5.1.7", "5.1.8"].contains(status)
    }

    /// The enhanced status code such as `5.1.1`, nil where there is none. RFC 2034
    var status: String? { lines.first.flatMap(Self.status) }

    private static func status(_ line: String) -> String? {
        let word = line.prefix { $0 != " " }
        let numbers = word.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, ["2", "4", "5"].contains(numbers[0]),
            numbers.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return String(word)
    }

    /// Code and text on one line, such as `550 5.1.1 no such user`.
    var description: String {
        var words = ["\(code)"]
        for (index, line) in lines.enumerated() {
            // Each line says it again.
            let said = index > 0 && status != nil && Self.status(line) == status
            let text = said ? String(line.drop { $0 != " " }.dropFirst()) : line
            if !text.isEmpty { words.append(text) }
        }
        let text = words.joined(separator: " ")
        return text.cutForDisplay(ofBytes: text.utf8.count, limit: Self.maximumBytes)
    }

    /// Of what is told of it; servers explain themselves in a line or three.
    private static let maximumBytes = 500
}
