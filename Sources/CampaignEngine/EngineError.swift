public import CampaignModel

/// Why the engine did not do what it was asked.
public enum EngineError: Error, Hashable, Sendable {
    case noCampaign(Slug)
    case noMessage(Slug)
    case noSurface(Slug)
    case nameTaken(Slug)
    /// The campaign was changed since its reader saw it; its revision now.
    case conflict(current: Int)
    case refused(Refusal)
    case ledger(LedgerError)
}
