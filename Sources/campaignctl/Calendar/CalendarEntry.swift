import CampaignModel
import ControlAPI
import Recurrence

/// An occurrence on the calendar: the day and time where it stands, and with which campaigns it clashes.
struct CalendarEntry {
    let planned: PlannedView
    let local: LocalDateTime
    let zoneName: String
    let clashes: [String]

    var isDraft: Bool { planned.status == .draft }

    /// - Parameters:
    ///   - planned: by their instants.
    ///   - isUTC: whether they stand at their time in UTC, in place of that of their campaign.
    static func all(of planned: [PlannedView], clashWithin seconds: Int64, isUTC: Bool) -> [CalendarEntry] {
        let entries = planned.map {
            Clashes.Entry(campaign: $0.campaign, audience: $0.audience, instant: $0.occurrence.instant)
        }
        return zip(planned, Clashes.names(of: entries, within: seconds)).map { planned, clashes in
            let occurrence = planned.occurrence
            return CalendarEntry(
                planned: planned, local: isUTC ? Zone.utc.local(at: occurrence.instant) : occurrence.local,
                zoneName: isUTC ? Zone.utc.name : occurrence.timezone, clashes: clashes)
        }
    }
}
