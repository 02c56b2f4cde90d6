public import CampaignModel
internal import Recurrence
internal import VarlinkKit

extension ControlClient {
    /// - Parameters:
    ///   - limit: how many campaigns at most; nil for all.
    ///   - isStreamed: whether all of them come as a stream; not with a limit.
    public func list(
        _ query: CampaignQuery, limit: Int? = nil, isStreamed: Bool = false
    ) -> ListedObjects<CampaignView> {
        ListedObjects(
            self, .list, "campaigns", limit: limit, isStreamed: isStreamed, Self.sortedParameters(query),
            CampaignView.init(json:))
    }

    /// All of them as a stream, to be passed on as they came.
    public func listLines(_ query: CampaignQuery) -> ListedLines {
        var parameters = Self.sortedParameters(query)
        parameters["limit"] = JSONValue(PageRequest.allowedLimits.upperBound)
        return ListedLines(
            replies: connection.callMore(
                ControlError.prefix + ControlMethod.list.rawValue, parameters.withoutNulls, linesOf: "campaigns",
                timeout: Self.answerTimeout),
            name: "campaigns")
    }

    /// How many campaigns the query's list has; a status that is not there has none.
    public func count(_ query: CampaignQuery) async throws -> [Status: Int] {
        try JSONFields(try await call(.count, Self.parameters(query))).view("campaigns", StatusCounts.read)
    }

    private static func sortedParameters(_ query: CampaignQuery) -> JSONObject {
        var parameters = parameters(query)
        parameters["sort"] = .string(query.sort.rawValue)
        return parameters
    }

    private static func parameters(_ query: CampaignQuery) -> JSONObject {
        let statuses = query.statuses?.map(\.rawValue).sorted()
        return [
            "statuses": JSONValue(statuses), "all": .bool(statuses == nil),
            "type": JSONValue(query.isTriggered.map { $0 ? "triggered" : "scheduled" }),
            "channel": JSONValue(query.channel?.text), "tags": JSONValue(query.tags.map(\.text)),
            "recurring": JSONValue(query.isRecurring), "search": JSONValue(query.search),
        ]
    }

    public func show(_ name: String, version: VersionChoice = .current) async throws -> ShownCampaign {
        try ShownCampaign(try await call(.show, Self.parameters(name, version)))
    }

    /// The occurrences to come of one of a campaign's contents.
    public func preview(
        _ name: String, _ query: PreviewQuery = PreviewQuery()
    ) async throws -> (occurrences: [Received<OccurrenceView>], isExhausted: Bool) {
        var parameters = Self.parameters(name, query.version)
        parameters["after"] = JSONValue(query.after)
        parameters["limit"] = JSONValue(query.limit)
        let fields = JSONFields(try await call(.preview, parameters))
        let occurrences = try fields.views("occurrences") { (json) throws(ViewError) in
            try Received(json, OccurrenceView.init(json:))
        }
        return (occurrences, try fields.required("exhausted", fields.flag))
    }

    /// What the draft beside a campaign's live version would change.
    public func diff(_ name: String) async throws -> Received<DiffView> {
        try Received(try await call(.diff, ["name": .string(name)]), DiffView.init(json:))
    }

    /// The next occurrences of all campaigns.
    public func next(
        _ query: NextQuery = NextQuery()
    ) async throws -> (occurrences: [Received<PlannedView>], isExhausted: Bool) {
        let fields = JSONFields(
            try await call(
                .next,
                [
                    "campaigns": JSONValue(query.campaigns.map(\.text)),
                    "after": JSONValue(query.after), "until": JSONValue(query.until),
                    "drafts": .bool(query.includesDrafts), "limit": JSONValue(query.limit),
                ]))
        let occurrences = try fields.views("occurrences") { (json) throws(ViewError) in
            try Received(json, PlannedView.init(json:))
        }
        return (occurrences, try fields.required("exhausted", fields.flag))
    }

    /// What an activation would find now.
    /// What the checks find, and how long the next send takes, where its audience could be counted.
    public func check(
        _ name: String
    ) async throws -> (alerts: [Received<AlertView>], forecast: Received<ForecastView>?) {
        let fields = JSONFields(try await call(.check, ["name": .string(name)]))
        let alerts = try fields.views("alerts") { (json) throws(ViewError) in
            try Received(json, AlertView.init(json:))
        }
        return (alerts, try fields.forecast())
    }

    /// What would happen; the query's actor is whoever calls.
    public func simulate(_ query: SimulationQuery) async throws -> Received<SimulationView> {
        let parameters: JSONObject = [
            "until": JSONValue(query.until), "with": .array(query.campaigns.map { .object($0.json) }),
            "clash_within": .int(query.clashWithinSeconds),
        ]
        return try Received(try await call(.simulate, parameters), SimulationView.init(json:))
    }

    private static func parameters(_ name: String, _ version: VersionChoice) -> JSONObject {
        switch version {
        case .current: ["name": .string(name)]
        case .live: ["name": .string(name), "which": "live"]
        case .draft: ["name": .string(name), "which": "draft"]
        case .number(let number): ["name": .string(name), "version": JSONValue(number)]
        }
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

    public func metrics() async throws -> Received<[MetricFamily]> {
        try Received(try await call(.metrics, [:])) { json throws(ViewError) in
            try JSONFields(json).views("families", MetricFamily.init(json:))
        }
    }
}

extension JSONFields {
    /// A reply's forecast; nil where there is none.
    func forecast() throws(ViewError) -> Received<ForecastView>? {
        guard try object("forecast") != nil else { return nil }
        return try view("forecast") { (json) throws(ViewError) in try Received(json, ForecastView.init(json:)) }
    }
}
