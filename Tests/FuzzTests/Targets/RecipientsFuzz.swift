import CampaignModel
import SendProtocol

@testable import RecipientLists

/// A list of recipients: the same ones however it is cut into pieces, each of them with a value for each column, or a
/// fault that names a line and repeats no value.
enum RecipientsFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let whole = read([bytes[...]])
        for longest in [1, 16] {
            let cut = read(pieces(of: bytes, longest: longest))
            try check(cut == whole, "\(whole) as a whole, \(cut) in pieces")
        }
        if let fault = whole.fault {
            try checkRefusal(fault)
            let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
            try check((1...lines).contains(fault.line), "line \(fault.line) of \(lines) is at fault")
        }
        for recipient in whole.recipients { try checkRecipient(recipient) }
    }

    private struct Read: Equatable {
        var recipients: [Recipient] = []
        var fault: RecipientFault?
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) -> Read {
        var reader = RecipientReader()
        var found = Read()
        do throws(RecipientFault) {
            for piece in pieces {
                _ = try reader.read(piece) { record in
                    found.recipients.append(record.recipient)
                    return true
                }
            }
            try reader.finish { record in
                found.recipients.append(record.recipient)
                return true
            }
        } catch {
            found.fault = error
        }
        return found
    }

    private static func checkRecipient(_ recipient: Recipient) throws(Finding) {
        let names = recipient.columns.map(\.name)
        try check(Set(names).count == names.count, "\(names) hold a name twice")
        try check(names.count <= RecipientReader.columns, "\(names.count) columns")
        let sample = SenderAnswer.sample(.recipients([recipient])).cut
        guard let frame = try? sample.frame() else {
            throw Finding(description: "one recipient is too large for an answer")
        }
        try check((try? SenderAnswer(frame)) == sample, "\(sample) is read back as another one")
    }
}

extension SenderAnswer {
    /// A sample as it goes out.
    fileprivate var cut: SenderAnswer {
        guard case .sample(let sample) = self else { return self }
        return .sample(sample.cutForAnswer)
    }
}
