import CampaignModel
import ControlAPI

/// What a stop would do, in words.
enum OutlookWords {
    /// A line for each send, and one for what is planned.
    static func lines(_ outlook: StopOutlookView, of campaign: CampaignView, _ times: Times) -> [String] {
        func line(_ word: String, _ send: SendView) -> String {
            let state = SendWords.state(send, times, zoneName: campaign.schedule.definition.timezone)
            return "\(word): \(times.text(send.due, of: campaign))  \(state)  \(send.key)"
        }
        var lines = outlook.cancels.map { line("would be cancelled", $0) }
        lines += outlook.goesOn.map { line("would go on", $0) }
        if !outlook.drops.isEmpty {
            let more = outlook.drops.count == StopOutlook.dropsLimit ? [", …"] : []
            let drops = outlook.drops.map { times.text($0, of: campaign) }
            lines.append("would never be sent: " + drops.joined(separator: ", ") + more.joined())
        }
        return lines.isEmpty ? ["nothing of it is being sent, and nothing is planned"] : lines
    }
}
