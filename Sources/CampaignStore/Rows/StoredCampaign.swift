import CampaignModel
import Recurrence

/// A campaign as the ledger holds it: the value, its number in the other tables, what the clock is armed by, and the
/// number of the zone data that it is planned by.
struct StoredCampaign: Hashable {
    var number: Int64
    var campaign: Campaign
    var wakeAt: Instant?
    var nextDue: Instant?
    var zoneEdition: Int64?
}
