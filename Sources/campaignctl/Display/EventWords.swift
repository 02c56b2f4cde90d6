import CampaignModel
import ControlAPI

/// How the history is told in words.
enum EventWords {
    /// `scheduled → activating: it begins (root: as agreed)`, for a place behind its time and its campaign.
    static func line(_ event: EventView) -> String {
        // Why a send ended as it did stands in the line itself.
        let reason = event.reason.map { event.text.contains($0) ? "" : ": \($0.escapedForDisplay)" } ?? ""
        return what(event) + " (\(event.actor.escapedForDisplay)\(reason))"
    }

    /// The same without who did it and why.
    static func what(_ event: EventView) -> String {
        let change = event.to.map { to in event.from.map { "\($0) → \(to): " } ?? "\(to): " } ?? ""
        return change + event.text.escapedForDisplay
    }
}
