/// How a campaign comes to its sends.
public enum CampaignKind: String, Hashable, Sendable, Codable {
    /// Scheduled, with one occurrence.
    case oneShot = "one-shot"
    /// Scheduled, with a rule.
    case recurring
    /// Sent when asked.
    case triggered
}
