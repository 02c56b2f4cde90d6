public import CampaignModel
public import Recurrence
internal import VarlinkKit

/// A campaign as `Show` gives it.
public struct ShownCampaign: Sendable {
    public let campaign: Received<CampaignView>
    /// The content that is shown, with the campaign's name and its present tags.
    public let definition: CampaignDefinition
    /// The file as its author wrote it.
    public let sourceText: String?
    /// The daemon's clock.
    public let now: Instant

    init(_ reply: JSONObject) throws(ViewError) {
        let fields = JSONFields(reply)
        campaign = try fields.view("campaign") { (json) throws(ViewError) in
            try Received(json, CampaignView.init(json:))
        }
        definition = try fields.view("definition", CampaignDefinition.init(json:))
        sourceText = try fields.text("source_text")
        now = try fields.required("now", fields.instant)
    }
}
