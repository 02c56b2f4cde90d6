/// One message over a connection that stands: a state machine of commands, replies and the one point where nobody
/// knows. RFC 5321, 3.3; with PIPELINING, RFC 2920, all commands go out at once.
///
/// libcurl's own transfer of mail is not used: version 7.88 waits for the reply to the message inside of a call, for
/// all connections at once, closes the connection after each refused recipient, and tells "cut before the end" and "cut
/// after it" by the same code.
struct SMTPExchange {
    /// A command, or the message, whose reply is awaited.
    enum Step {
        case reset, sender, recipient, data, content
        /// The end of a message without content, where the server wants one though it took no recipient.
        case nothing
    }

    private enum Phase {
        case commands
        /// A part of the message may be out, its end is not.
        case writing
        /// All of it is.
        case ending
        case over(MailOutcome)
    }

    private let mail: OutgoingMail
    private let features: SMTPFeatures
    private var content: [UInt8] = []
    private var phase = Phase.commands
    /// The replies to come, in their order.
    private var awaited: ArraySlice<Step> = []
    /// Commands that wait for the one before them.
    private var unsaid: ArraySlice<Step> = []
    /// The outcome that is settled while replies are still to come.
    private var verdict: MailOutcome?
    /// Whether the server has this message's sender and waits for more.
    private var isOpen = false
    private var hasReply = false

    /// Whether nothing more may be said over the connection.
    private(set) var mustClose = false
    /// Whether the next message has to begin with RSET.
    var needsReset: Bool { isOpen }

    /// - Parameter needsReset: what the exchange before this one left.
    init(_ mail: OutgoingMail, _ features: SMTPFeatures, needsReset: Bool) {
        self.mail = mail
        self.features = features
        isOpen = needsReset
    }

    /// Nil while it goes on.
    var outcome: MailOutcome? {
        if case .over(let outcome) = phase { return outcome }
        return nil
    }

    /// The server went away before it took anything of this message, as one does that has waited for too long or takes
    /// so many messages a connection: it may go over another.
    var wasLeftUnread: Bool { mustClose && !hasReply }

    /// What is being waited for, to be limited in time.
    func patience(_ limits: SMTPLimits) -> Duration {
        switch phase {
        case .commands where awaited.first == .data: limits.data
        case .commands, .over: limits.command
        case .writing: limits.piece
        case .ending: limits.end
        }
    }

    // MARK: What happens

    /// - Returns: what is to be written.
    mutating func begin() -> [UInt8] {
        if mail.needsUTF8, !features.takesUTF8 {
            phase = .over(.refused("the relay takes no address or header beyond ASCII (it offers no SMTPUTF8)"))
            return []
        }
        if let size = features.size, size > 0, mail.bytes.count > size {
            phase = .over(.refused("the message has \(mail.bytes.count) bytes; the relay takes \(size) at most"))
            return []
        }
        guard let content = SMTPContent.encoded(mail.bytes) else {
            phase = .over(.refused("the message has a CR or an LF that is not the end of a line"))
            return []
        }
        self.content = content
        unsaid = (isOpen ? [.reset] : []) + [.sender, .recipient, .data]
        return sayNext()
    }

    /// - Returns: what is to be written next.
    mutating func take(_ reply: SMTPReply) -> [UInt8] {
        if case .over = phase { return [] }
        guard let step = awaited.popFirst() else {
            // Nothing was asked.
            loseOrEnd(reply)
            return []
        }
        if case .writing = phase {
            loseOrEnd(reply)
            return []
        }
        if reply.code == SMTPReply.closing { mustClose = true }
        let next = take(reply, to: step)
        if mustClose { awaited = [] }
        if let verdict, awaited.isEmpty { phase = .over(verdict) }
        return next
    }

    /// All that was to be written is with the system, which may have sent it.
    mutating func noteWritten() {
        if case .writing = phase { phase = .ending }
    }

    /// The connection is lost, or the server took too long.
    mutating func lose(_ reason: String) {
        mustClose = true
        switch phase {
        case .commands, .writing:
            phase = .over(verdict ?? .notSent(MailFault(reason: reason, isLasting: false)))
        case .ending:
            phase = .over(.unknown("the whole message was written, and no reply came: \(reason)"))
        case .over: break
        }
    }

    /// Ends it where nothing of the message is out.
    mutating func withdraw() {
        guard case .commands = phase else { return }
        mustClose = true
        phase = .over(verdict ?? .withdrawn)
    }

    /// Ends it in any case. A message without its end is none.
    mutating func abandon() {
        if case .writing = phase { phase = .commands }
        withdraw()
        lose("the sender was stopped")
    }

    // MARK: Replies

    private mutating func take(_ reply: SMTPReply, to step: Step) -> [UInt8] {
        switch step {
        case .reset:
            guard reply.isPositive else {
                mustClose = true
                verdict = .notSent(MailFault(reason: "the relay answered RSET with \(reply)", isLasting: false))
                return []
            }
            isOpen = false
        case .sender:
            guard reply.isPositive else {
                if !mustClose { hasReply = true }
                verdict = refusal(ofSender: reply)
                return []
            }
            hasReply = true
            isOpen = true
        case .recipient:
            if reply.isAboutSender, verdict == nil {
                verdict = refusal(ofSender: reply)
                return []
            }
            guard reply.isPositive else { return settle(reply) }
        case .data:
            return takeContinuation(reply)
        case .content:
            isOpen = false
            verdict = reply.isPositive ? .accepted("\(reply)") : negative(reply) ?? lost(reply)
            return []
        case .nothing:
            isOpen = false
            return []
        }
        return verdict == nil && awaited.isEmpty ? sayNext() : []
    }

    /// The reply to DATA.
    private mutating func takeContinuation(_ reply: SMTPReply) -> [UInt8] {
        guard reply.code == SMTPReply.sendContent else { return settle(reply) }
        // It should have refused. RFC 2920, 3.1
        guard verdict == nil else {
            awaited = [.nothing]
            return SMTPContent.end
        }
        phase = .writing
        awaited = [.content]
        defer { content = [] }
        return content
    }

    /// Settles the outcome by the first refusal; those that follow are its consequences.
    private mutating func settle(_ reply: SMTPReply) -> [UInt8] {
        if verdict == nil { verdict = negative(reply) ?? lost(reply) }
        return []
    }

    private func negative(_ reply: SMTPReply) -> MailOutcome? {
        if reply.isTemporary { return .temporary("\(reply)") }
        return reply.isPermanent ? .refused("\(reply)") : nil
    }

    /// A reply that fits nothing that was said: what follows can't be understood.
    private mutating func lost(_ reply: SMTPReply) -> MailOutcome {
        mustClose = true
        let reason = "the relay answered \(reply), which does not fit"
        if case .ending = phase { return .unknown(reason) }
        return .notSent(MailFault(reason: reason, isLasting: false))
    }

    /// Not about the recipient, unless the message is too large (RFC 1870, 6.1).
    private func refusal(ofSender reply: SMTPReply) -> MailOutcome {
        if reply.code == 552 || reply.status == "5.3.4" || reply.status == "5.2.3" { return .refused("\(reply)") }
        return .notSent(MailFault(
            reason: "the relay answered the sender \(mail.sender) with \(reply)", isLasting: reply.isPermanent))
    }

    /// A reply before the message's end, or one to nothing: the server will not have the rest.
    private mutating func loseOrEnd(_ reply: SMTPReply) {
        mustClose = true
        if case .ending = phase { return lose("the relay wrote \(reply)") }
        phase = .over(verdict ?? negative(reply) ?? lost(reply))
    }

    // MARK: Commands

    private mutating func sayNext() -> [UInt8] {
        let steps = features.takesPipelines ? unsaid : unsaid.prefix(1)
        unsaid = unsaid.dropFirst(steps.count)
        awaited += steps
        return steps.flatMap { Array((command($0) + "\r\n").utf8) }
    }

    private func command(_ step: Step) -> String {
        switch step {
        case .reset: return "RSET"
        case .sender:
            let size = features.size == nil ? "" : " SIZE=\(mail.bytes.count)"
            return "MAIL FROM:<\(mail.sender)>" + size + (mail.needsUTF8 ? " BODY=8BITMIME SMTPUTF8" : "")
        case .recipient: return "RCPT TO:<\(mail.recipient)>"
        case .data: return "DATA"
        case .content, .nothing: preconditionFailure("no command stands for it")
        }
    }
}
