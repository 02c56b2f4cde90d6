import CampaignModel

@testable import campaign_send

/// What a mail server writes: the same replies however they are cut, and an exchange that says "accepted" only where
/// the whole message was written and a good reply came after it, and "not sent" only where it was not.
///
/// The first byte chooses what the server offers, what was left open before, and how the connection ends.
enum RelayFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let choice = bytes.first ?? 0
        let text = bytes.dropFirst()
        var reader = SMTPReplyReader()
        let replies = reader.read(text)
        var cut = SMTPReplyReader()
        let single = text.indices.flatMap { cut.read(text[$0...$0]) }
        try check(single == replies && cut.fault == reader.fault, "\(replies) as a whole, \(single) byte by byte")
        for reply in replies { try checkText("\(reply)") }
        if let first = replies.first { _ = SMTPFeatures(first) }
        try exchange(replies, choice)
    }

    private static func exchange(_ replies: [SMTPReply], _ choice: UInt8) throws(Finding) {
        var features = SMTPFeatures()
        features.takesPipelines = choice & 1 != 0
        let mail = OutgoingMail(
            id: 1, sender: "a@example.org", recipient: "b@example.org", bytes: Array(".\r\nb\r\n".utf8))
        var exchange = SMTPExchange(mail, features, needsReset: choice & 2 != 0)
        var said = exchange.begin()
        var isWhole = false
        for reply in replies {
            let isOver = exchange.outcome
            let wasWhole = isWhole
            let next = exchange.take(reply)
            said += next
            if next.starts(with: "..\r\n".utf8) {
                try check(!wasWhole, "the message goes out twice")
                // A server may answer before it has all.
                if choice & 4 == 0 {
                    exchange.noteWritten()
                    isWhole = true
                }
            }
            try check(isOver == nil || isOver == exchange.outcome, "an outcome changes: \(String(describing: isOver))")
            if case .accepted? = exchange.outcome, isOver == nil {
                try check(wasWhole && reply.isPositive, "accepted by \(reply), all written: \(wasWhole)")
            }
        }
        let before = exchange.outcome
        if choice & 8 != 0 { exchange.withdraw() }
        if choice & 16 != 0 { exchange.abandon() }
        exchange.lose("lost")
        guard let outcome = exchange.outcome else { throw Finding(description: "a lost connection ends nothing") }
        try check(before == nil || before == outcome, "\(String(describing: before)) becomes \(outcome)")
        try check(exchange.mustClose, "a lost connection is used again")
        try checkOutcome(outcome, isWhole: isWhole)
        try check(said.count <= 4 * 64 + 3, "\(said.count) bytes were said")
    }

    private static func checkOutcome(_ outcome: MailOutcome, isWhole: Bool) throws(Finding) {
        switch outcome {
        case .accepted(let text), .unknown(let text):
            try check(isWhole, "\(outcome) of a message that was not written whole")
            try checkText(text)
        case .refused(let text), .temporary(let text): try checkText(text)
        case .notSent(let fault):
            try check(!isWhole, "\(outcome) of a message that was written whole")
            try checkText(fault.reason)
        case .withdrawn: try check(!isWhole, "\(outcome) of a message that was written whole")
        }
    }

    private static func checkText(_ text: String) throws(Finding) {
        try check(text.utf8.count <= 700, "a text of \(text.utf8.count) bytes")
        try check(!text.unicodeScalars.contains(where: \.isUnsafeToDisplay), "\(text.debugDescription) is not safe")
    }
}
