import CampaignModel

/// Campaigns as the file holds them, those that were read or written last: a commit compares with them and writes
/// only what differs. Without it every claim would encode and rewrite the campaign's versions.
struct CampaignMemo {
    /// A few batches of due campaigns, at some kilobytes each.
    static let limit = 2_000

    private var campaigns: [CampaignID: StoredCampaign] = [:]

    subscript(id: CampaignID) -> StoredCampaign? { campaigns[id] }

    mutating func remember(_ found: [StoredCampaign]) {
        for stored in found { set(stored, for: stored.campaign.id) }
    }

    /// Takes over what was committed; nil for a campaign that is gone.
    mutating func replace(_ changed: [CampaignID: StoredCampaign?]) {
        for (id, stored) in changed { set(stored, for: id) }
    }

    mutating func forgetAll() {
        campaigns.removeAll()
    }

    /// A full memo begins anew: what is due now is read again in one batch, and was mostly not in it.
    private mutating func set(_ stored: StoredCampaign?, for id: CampaignID) {
        if campaigns.count >= Self.limit, campaigns[id] == nil { campaigns.removeAll(keepingCapacity: true) }
        campaigns[id] = stored
    }
}
