internal import CampaignModel
internal import VarlinkKit

extension ControlService {
    /// The methods that answer page by page.
    func read(_ method: ControlMethod, _ call: VarlinkCall, _ replies: VarlinkReplies) async throws -> JSONObject {
        let parameters = CallParameters(call)
        switch method {
        case .list:
            let query = try parameters.campaignQuery()
            return try await pages("campaigns", call, replies, \.json) { page throws(ControlError) in
                try await control.list(query, page: page)
            }
        case .sends:
            let query = SendQuery(
                campaign: try parameters.slug("campaign"), states: try parameters.words("states", SendState.self))
            return try await pages("sends", call, replies, \.json) { page throws(ControlError) in
                try await control.sends(query, page: page)
            }
        case .alerts:
            let name = try parameters.slug("campaign")
            return try await pages("alerts", call, replies, \.json) { page throws(ControlError) in
                try await control.alerts(of: name, page: page)
            }
        case .listMessages:
            return try await pages("messages", call, replies, \.json) { page throws(ControlError) in
                try await control.messages(page: page)
            }
        default:
            return try await log(parameters, call, replies)
        }
    }

    /// One page; with `more` every page, each in a reply of its own. While one is put into words and sent, the next one
    /// is looked up, and no other before the client has taken this one: a client that does not read has the daemon hold
    /// two pages.
    private func pages<View>(
        _ name: String, _ call: VarlinkCall, _ replies: VarlinkReplies, _ json: (View) -> JSONObject,
        next: @escaping @Sendable (PageRequest) async throws(ControlError) -> Page<View>
    ) async throws -> JSONObject {
        let request = try CallParameters(call).page()
        var page = try await next(request)
        while call.more, let cursor = page.nextCursor {
            async let following = next(PageRequest(limit: request.limit, cursor: cursor))
            try await replies.send(reply(name, page, json))
            page = try await following
            try Task.checkCancellation()
        }
        return reply(name, page, json)
    }

    private func reply<View>(_ name: String, _ page: Page<View>, _ json: (View) -> JSONObject) -> JSONObject {
        [name: .array(page.elements.map { .object(json($0)) }), "next_cursor": JSONValue(page.nextCursor)]
    }

    /// What became of a send's recipients. The last reply says whether anything is kept of them.
    func recipients(_ call: VarlinkCall, _ replies: VarlinkReplies) async throws -> JSONObject {
        let parameters = CallParameters(call)
        let key = try parameters.requiredOccurrenceKey("key")
        let states = try parameters.words("states", RecipientState.self)
        try call.requireMore()
        let isKept = try await control.recipients(of: key, states: states) { results in
            try await replies.send(["recipients": .array(results.map { .object($0.json) })])
        }
        return ["recipients": [], "kept": .bool(isKept)]
    }

    /// Without `more` one part; with it all up to the end, and with `follow` what comes then, until the caller leaves.
    private func log(
        _ parameters: CallParameters, _ call: VarlinkCall, _ replies: VarlinkReplies
    ) async throws -> JSONObject {
        let follows = try parameters.flag("follow") ?? false
        if follows { try call.requireMore() }
        var query = EventQuery(
            campaign: try parameters.slug("campaign"), from: try origin(parameters), limit: try parameters.page().limit)
        while true {
            let page = try await control.events(query)
            let reply: JSONObject = [
                "events": .array(page.events.map { .object($0.json) }), "after": .int(page.after),
            ]
            guard call.more, follows || !page.isLast else { return reply }
            if !page.events.isEmpty { try await replies.send(reply) }
            query.from = .after(page.after)
            if page.isLast { await control.waitForEvent(after: page.after) }
            // The server stops, or the caller has left: the stream ends as a whole one does.
            if Task.isCancelled { return ["events": [], "after": .int(page.after)] }
        }
    }

    private func origin(_ parameters: CallParameters) throws(ControlError) -> EventQuery.Origin {
        let after = try parameters.number("after", in: 0...Int.max)
        guard let last = try parameters.number("last", in: 1...EventQuery.lastLimit) else {
            return .after(Int64(after ?? 0))
        }
        if let after { throw .invalidField(FieldError("after", "\(after)", "stands beside last; use one of them")) }
        return .last(last)
    }
}
