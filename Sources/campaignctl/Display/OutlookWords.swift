import CampaignModel
import ControlAPI

/// What a stop would do, in words.
enum OutlookWords {
    /// A line for each send, and one for each occurrence that is planned, of the first ones.
    static func lines(
        _ outlook: StopOutlookView, of campaign: CampaignView, _ times: Times, _ style: Style
    ) -> [String] {
        func line(_ word: String, _ send: SendView) -> String {
            let state = SendWords.state(send, times, zoneName: campaign.schedule.definition.timezone)
            let due = times.text(send.due, of: campaign)
            return "\(word): \(due)  \(style.sendState(state, send.state))  \(send.key)"
        }
        var lines = outlook.cancels.map { line("would be cancelled", $0) }
        lines += outlook.goesOn.map { line("would go on", $0) }
        let more = outlook.drops.count == StopOutlook.dropsLimit ? ["and so on"] : []
        for (index, drop) in (times.texts(outlook.drops, of: campaign) + more).enumerated() {
            let label = "would never be sent: "
            lines.append((index == 0 ? label : String(repeating: " ", count: label.count)) + drop)
        }
        return lines.isEmpty ? ["nothing of it is being sent, and nothing is planned"] : lines
    }
}
