import CampaignModel
import Recurrence

/// A campaign as the ledger holds it: the value, its number in the other tables, and what the clock is armed by.
struct StoredCampaign: Hashable {
    let number: Int64
    var campaign: Campaign
    var wakeAt: Instant?
    var nextDue: Instant?
}
