import CampaignModel
import Recurrence

extension Judge {
    func noteChange(of campaign: CampaignID, _ sends: [Send]) {
        touchedCampaigns.insert(campaign)
        for send in sends { touchedSends.insert(send.key) }
        guard let live = campaigns[campaign]?.campaign.live else { return }
        contents[campaign, default: [:]][live.number] = live.content
    }

    func triggersToCome(of campaign: CampaignID) -> [Int64] {
        openKeys[campaign, default: []].compactMap { sends[$0]?.send }.filter(\.isToCome).map(\.due.secondsSinceEpoch)
    }
}
