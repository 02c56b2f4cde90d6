/// Cuts what a server writes into replies, in memory that does not grow with it.
struct SMTPReplyReader {
    private var lines = OutputLines()
    private var texts: [String] = []
    /// Why what follows the replies read is none; nothing is read any more.
    private(set) var fault: String?

    /// A hundred lines are more than any server has features.
    private static let maximumLines = 100
    /// RFC 5321, 4.5.3.1.5, gives a line 512; some write more.
    private static let keptBytes = 1_024

    /// - Returns: the replies that came to their end.
    mutating func read(_ bytes: ArraySlice<UInt8>) -> [SMTPReply] {
        var read: [[UInt8]] = []
        lines.read(bytes) { line, _ in read.append(line) }
        var replies: [SMTPReply] = []
        for line in read where fault == nil {
            if let reply = take(line) { replies.append(reply) }
        }
        return replies
    }

    /// - Returns: the reply that this line ends.
    private mutating func take(_ line: [UInt8]) -> SMTPReply? {
        guard line.count >= 3, line[..<3].allSatisfy({ (0x30...0x39).contains($0) }),
            let code = Int(String(decoding: line[..<3], as: UTF8.self)), (200..<600).contains(code),
            line.count == 3 || line[3] == UInt8(ascii: " ") || line[3] == UInt8(ascii: "-")
        else {
            fault = "the relay wrote what is no reply of SMTP"
            return nil
        }
        guard texts.count < Self.maximumLines else {
            fault = "the relay wrote a reply of more than \(Self.maximumLines) lines"
            return nil
        }
        texts.append(String(decoding: line.dropFirst(4).prefix(Self.keptBytes), as: UTF8.self))
        guard line.count == 3 || line[3] == UInt8(ascii: " ") else { return nil }
        defer { texts = [] }
        return SMTPReply(code: code, lines: texts)
    }
}
