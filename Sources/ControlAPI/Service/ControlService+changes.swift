internal import CampaignModel
internal import VarlinkKit

extension ControlService {
    /// Makes a campaign or a send, or tries one again.
    func change(
        _ method: ControlMethod, _ parameters: CallParameters, by peer: VarlinkPeer
    ) async throws(ControlError) -> JSONObject {
        let change = try parameters.change(by: actor(peer))
        switch method {
        case .create:
            let view = try await control.create(
                parameters.definition(), sourceText: parameters.text("source_text"), change: change)
            return ["campaign": .object(view.json)]
        case .apply:
            let applied = try await control.apply(
                parameters.definition(), sourceText: parameters.text("source_text"), change: change)
            return ["campaign": .object(applied.campaign.json), "change": .string(applied.outcome.rawValue)]
        case .duplicate:
            let view = try await control.duplicate(
                parameters.requiredSlug("name"), as: parameters.requiredSlug("new_name"), change: change)
            return ["campaign": .object(view.json)]
        case .retry:
            let view = try await control.retry(
                parameters.requiredOccurrenceKey("key"),
                attempt: parameters.number("attempt", in: 1...Send.attemptLimit), change: change)
            return ["send": .object(view.json)]
        default:
            let name = try parameters.requiredSlug("name")
            let ordered = try await control.send(order(method, parameters), of: name, change: change)
            return ["send": .object(ordered.send.json), "repeated": .bool(ordered.isRepeated)]
        }
    }

    /// Carries out a command on one campaign.
    func perform(
        _ method: ControlMethod, _ parameters: CallParameters, by peer: VarlinkPeer
    ) async throws(ControlError) -> JSONObject {
        let changed = try await control.perform(
            command(method, parameters), on: parameters.requiredSlug("name"),
            change: parameters.change(by: actor(peer)))
        var reply: JSONObject = ["campaign": .object(changed.campaign.json), "notes": JSONValue(changed.notes)]
        if method == .stop { reply["outlook"] = changed.outlook.map { .object($0.json) } ?? .null }
        if method == .activate { reply["forecast"] = changed.forecast.map { .object($0.json) } ?? .null }
        if method == .acknowledge { reply["acknowledged"] = JSONValue(changed.acknowledged.map(\.rawValue)) }
        return reply
    }

    private func command(_ method: ControlMethod, _ parameters: CallParameters) throws(ControlError) -> Command {
        switch method {
        case .activate: return .activate
        case .unschedule: return .unschedule
        case .modify: return .modify
        case .discard: return .discard
        case .stop: return .stop
        case .pause: return .pause
        case .resume: return .resume
        case .archive: return .archive
        case .unarchive: return .unarchive
        case .delete: return .delete
        case .acknowledge: return .acknowledge
        case .tag: return .tag(adding: try parameters.tags("add"), removing: try parameters.tags("remove"))
        case .cancel: return .cancel(try parameters.occurrenceKey("key"))
        default: preconditionFailure("\(method.rawValue) is no command on one campaign")
        }
    }

    private func order(_ method: ControlMethod, _ parameters: CallParameters) throws(ControlError) -> SendOrder {
        let id = try parameters.requestID("request_id")
        switch method {
        case .trigger:
            return SendOrder(
                id: id, .trigger(at: try parameters.askedTime("at"), data: try parameters.jsonText("data")))
        case .sendNow: return SendOrder(id: id, .sendNow(again: try parameters.flag("again") ?? false))
        default: preconditionFailure("\(method.rawValue) asks for no send")
        }
    }
}
