public import CampaignModel

extension AudienceSample {
    /// The sample made safe to show and small enough for one answer, whatever the list holds: of each recipient the
    /// first ``ProtocolLimits/sampledColumns`` columns, names and values cut at ``ProtocolLimits/sampledTextBytes``
    /// with a mark, and no more recipients than the answer's head has room for. There is always room for 15: one has
    /// 64 × (2 × (256 + 256) + 24) bytes at most, which is a fifteenth of 1 MiB.
    public var cutForAnswer: AudienceSample {
        guard case .recipients(let all) = self else { return self }
        var kept: [Recipient] = []
        var room = ProtocolLimits.headBytes - Self.frameBytes
        for recipient in all.prefix(Self.allowedLimits.upperBound) {
            let recipient = recipient.cutForAnswer
            room -= recipient.largestJSON
            guard room >= 0 else { break }
            kept.append(recipient)
        }
        return .recipients(kept)
    }

    /// More than the answer has around its recipients.
    private static let frameBytes = 1_024
}

extension Recipient {
    /// The recipient as one of an answer: its first columns, their names and values safe to show and cut.
    public var cutForAnswer: Recipient {
        Recipient(
            columns: columns.prefix(ProtocolLimits.sampledColumns).map { column in
                Column(name: Self.cut(column.name), value: Self.cut(column.value))
            })
    }

    private static func cut(_ text: String) -> String {
        text.cutForDisplay(ofBytes: text.utf8.count, limit: ProtocolLimits.sampledTextBytes)
    }

    /// An upper bound of its bytes in the answer. A text that is safe to show doubles at most in JSON, where `"` and
    /// `\` are escaped; `{"name":"","value":""},` stands around two, `[],` around all.
    fileprivate var largestJSON: Int {
        columns.reduce(3) { $0 + 2 * ($1.name.utf8.count + $1.value.utf8.count) + 24 }
    }
}
