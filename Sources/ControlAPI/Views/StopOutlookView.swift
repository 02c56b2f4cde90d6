public import CampaignModel
public import Recurrence
public import VarlinkKit

/// What a stop would do to a campaign's sends, as clients see it.
public struct StopOutlookView: Hashable, Sendable {
    /// Those that would never begin, triggers to come included.
    public var cancels: [SendView]
    /// Those that go on to their end.
    public var goesOn: [SendView]
    /// When what is planned would have been due: the first ones, `StopOutlook.dropsLimit` at most.
    public var drops: [Instant]

    /// - Parameter queuePosition: of the send with that key, from 1; nil unless queued.
    public init(_ outlook: StopOutlook, campaign: Slug, queuePosition: (OccurrenceKey) -> Int?) {
        cancels = outlook.cancels.map { SendView($0, campaign: campaign, queuePosition: queuePosition($0.key)) }
        goesOn = outlook.goesOn.map { SendView($0, campaign: campaign, queuePosition: nil) }
        drops = outlook.drops
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        cancels = try fields.views("cancels", SendView.init(json:))
        goesOn = try fields.views("goes_on", SendView.init(json:))
        drops = try fields.required("drops", fields.instants)
    }

    public var json: JSONObject {
        [
            "cancels": .array(cancels.map { .object($0.json) }), "goes_on": .array(goesOn.map { .object($0.json) }),
            "drops": .array(drops.map { JSONValue($0) }),
        ]
    }
}
