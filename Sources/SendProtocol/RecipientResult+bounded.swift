public import CampaignModel

extension RecipientResult {
    /// The result as one of an answer, whatever its record holds: its texts safe to show, and cut.
    public var cutForAnswer: RecipientResult {
        RecipientResult(
            address: address.cutForDisplay(ofBytes: address.utf8.count, limit: Self.addressBytes), state: state,
            reason: reason.map { $0.cutForDisplay(ofBytes: $0.utf8.count, limit: Self.reasonBytes) }, attempt: attempt,
            at: at)
    }
}
