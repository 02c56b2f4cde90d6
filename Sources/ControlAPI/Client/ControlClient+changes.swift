public import CampaignModel
internal import Recurrence
internal import VarlinkKit

extension ControlClient {
    public func create(
        _ definition: CampaignDefinition, sourceText: String?, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<CampaignView> {
        var parameters = options.json
        // A new campaign has no revision to compare with.
        parameters["revision"] = nil
        parameters["campaign"] = .object(definition.json.withoutNulls)
        parameters["source_text"] = JSONValue(sourceText)
        return try campaign(in: try await call(.create, parameters))
    }

    public func apply(
        _ definition: CampaignDefinition, sourceText: String?, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> (campaign: Received<CampaignView>, outcome: AppliedCampaign.Outcome) {
        var parameters = options.json
        parameters["campaign"] = .object(definition.json.withoutNulls)
        parameters["source_text"] = JSONValue(sourceText)
        let reply = try await call(.apply, parameters)
        return (try campaign(in: reply), try JSONFields(reply).requiredWord("change", AppliedCampaign.Outcome.self))
    }

    /// Every command but apply, send and retry, which have methods of their own.
    public func perform(
        _ command: Command, on name: String, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> ReceivedChange {
        var parameters = options.json
        parameters["name"] = .string(name)
        switch command {
        case .cancel(let key): parameters["key"] = JSONValue(key?.text)
        case .tag(let adding, let removing):
            parameters["add"] = JSONValue(adding.map(\.text))
            parameters["remove"] = JSONValue(removing.map(\.text))
        case .apply, .send, .retry:
            preconditionFailure("\(command.name.rawValue) has a method of its own")
        case .activate, .unschedule, .modify, .discard, .stop, .pause, .resume, .archive, .unarchive, .delete,
            .acknowledge:
            break
        }
        let reply = try await call(ControlMethod(command), parameters)
        let fields = JSONFields(reply)
        let outlook = try fields.object("outlook") == nil ? nil : fields.view("outlook") { (json) throws(ViewError) in
            try Received(json, StopOutlookView.init(json:))
        }
        return ReceivedChange(
            command: command.name, campaign: try campaign(in: reply),
            notes: try fields.required("notes", fields.texts), outlook: outlook,
            acknowledged: try fields.texts("acknowledged"), forecast: try fields.forecast())
    }

    /// Asks for a send; with a request id that was used before, for the send that it made then.
    public func send(
        _ order: SendOrder, of name: String, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> (send: Received<SendView>, isRepeated: Bool) {
        var parameters = options.json
        parameters["name"] = .string(name)
        parameters["request_id"] = .string(order.id.text)
        switch order.kind {
        case .trigger(let at, let data):
            parameters["at"] = JSONValue(at?.text)
            parameters["data"] = JSONValue(data)
        case .sendNow(let again): parameters["again"] = again ? true : nil
        }
        let fields = JSONFields(try await call(ControlMethod(.send(order)), parameters))
        let send = try fields.view("send") { (json) throws(ViewError) in try Received(json, SendView.init(json:)) }
        return (send, try fields.required("repeated", fields.flag))
    }

    public func duplicate(
        _ name: String, as newName: String, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<CampaignView> {
        var parameters = options.json
        parameters["name"] = .string(name)
        parameters["new_name"] = .string(newName)
        return try campaign(in: try await call(.duplicate, parameters))
    }

    private func campaign(in reply: JSONObject) throws(ViewError) -> Received<CampaignView> {
        try JSONFields(reply).view("campaign") { (json) throws(ViewError) in
            try Received(json, CampaignView.init(json:))
        }
    }
}

extension ControlMethod {
    /// The method of a command.
    init(_ command: Command) {
        switch command {
        case .apply: self = .apply
        case .tag: self = .tag
        case .activate: self = .activate
        case .unschedule: self = .unschedule
        case .modify: self = .modify
        case .discard: self = .discard
        case .stop: self = .stop
        case .pause: self = .pause
        case .resume: self = .resume
        case .archive: self = .archive
        case .unarchive: self = .unarchive
        case .delete: self = .delete
        case .cancel: self = .cancel
        case .retry: self = .retry
        case .acknowledge: self = .acknowledge
        case .send(let order):
            switch order.kind {
            case .trigger: self = .trigger
            case .sendNow: self = .sendNow
            }
        }
    }
}

extension AskedTime {
    fileprivate var text: String {
        switch self {
        case .local(let local): local.description
        case .instant(let instant): instant.description
        }
    }
}

/// What a command on a campaign did, with the objects as the daemon sent them.
public struct ReceivedChange: Sendable {
    public let command: CommandName
    public let campaign: Received<CampaignView>
    /// What else came of it, a sentence each.
    public let notes: [String]
    /// Of a stop that is only for show: what it would do to the sends.
    public let outlook: Received<StopOutlookView>?
    /// Of an acknowledgement: the codes of the alerts that it took away; of another command nil.
    public let acknowledged: [String]?
    /// Of an activation: how long the next send takes, where its audience could be counted.
    public let forecast: Received<ForecastView>?
}
