public import CampaignModel
internal import VarlinkKit

extension ControlClient {
    /// - Parameter limit: how many campaigns at most; nil for all.
    public func list(_ query: CampaignQuery, limit: Int? = nil) -> ListedObjects<CampaignView> {
        let statuses = query.statuses?.map(\.rawValue).sorted()
        return ListedObjects(
            self, .list, "campaigns", limit: limit,
            [
                "statuses": JSONValue(statuses), "all": .bool(statuses == nil),
                "type": JSONValue(query.isTriggered.map { $0 ? "triggered" : "scheduled" }),
                "channel": JSONValue(query.channel?.text), "tags": JSONValue(query.tags.map(\.text)),
                "recurring": JSONValue(query.isRecurring), "search": JSONValue(query.search),
                "sort": .string(query.sort.rawValue),
            ], CampaignView.init(json:))
    }

    public func show(
        _ name: String, version: VersionChoice = .current
    ) async throws -> (campaign: Received<CampaignView>, sourceText: String?) {
        var parameters: JSONObject = ["name": .string(name)]
        switch version {
        case .current: break
        case .live: parameters["which"] = "live"
        case .draft: parameters["which"] = "draft"
        case .number(let number): parameters["version"] = JSONValue(number)
        }
        let fields = JSONFields(try await call(.show, parameters))
        let campaign = try fields.view("campaign") { (json) throws(ViewError) in
            try Received(json, CampaignView.init(json:))
        }
        return (campaign, try fields.text("source_text"))
    }

    public func sends(
        of campaign: String? = nil, states: [SendState] = [], limit: Int? = nil
    ) -> ListedObjects<SendView> {
        ListedObjects(
            self, .sends, "sends", limit: limit,
            ["campaign": JSONValue(campaign), "states": JSONValue(states.map(\.rawValue))], SendView.init(json:))
    }

    public func alerts(
        of campaign: String? = nil, limit: Int? = nil
    ) -> ListedObjects<AlertView> {
        ListedObjects(self, .alerts, "alerts", limit: limit, ["campaign": JSONValue(campaign)], AlertView.init(json:))
    }

    public func messages(limit: Int? = nil) -> ListedObjects<MessageView> {
        ListedObjects(self, .listMessages, "messages", limit: limit, [:], MessageView.init(json:))
    }

    /// The history, oldest first.
    ///
    /// - Parameters:
    ///   - last: no more than this many of the newest; nil for all.
    ///   - follows: to go on with what happens, until the daemon stops.
    public func log(
        of campaign: String? = nil, after: Int64? = nil, last: Int? = nil, follows: Bool = false
    ) -> FollowedEvents {
        let parameters: JSONObject = [
            "campaign": JSONValue(campaign), "after": JSONValue(after), "last": JSONValue(last),
            "follow": .bool(follows),
        ]
        return FollowedEvents(
            replies: connection.callMore(
                ControlError.prefix + ControlMethod.log.rawValue, parameters.withoutNulls,
                timeout: follows ? nil : Self.answerTimeout))
    }

    public func status() async throws -> Received<StatusView> {
        try Received(try await call(.status, [:]), StatusView.init(json:))
    }
}
