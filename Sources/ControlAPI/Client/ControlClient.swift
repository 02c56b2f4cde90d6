public import CampaignModel
public import VarlinkKit

/// A connection to campaignd, with its methods by name.
///
/// Every method throws `VarlinkErrorReply` where the daemon refuses, `VarlinkClientError` where there is no answer,
/// ``ViewError`` where the answer is not understood, and `CancellationError`.
public struct ControlClient: Sendable {
    let connection: VarlinkClient

    /// Where campaignd listens unless told otherwise.
    public static let defaultSocket = "/run/campaignd/control.sock"
    /// Longer than the daemon waits for a sender (5 s) and for an audience to be counted (10 s).
    public static let answerTimeout: Duration = .seconds(30)

    public static func connect(to socket: String = defaultSocket) async throws(VarlinkClientError) -> ControlClient {
        ControlClient(connection: try await VarlinkClient.connect(to: socket, timeout: answerTimeout))
    }

    public func close() async {
        await connection.close()
    }

    /// Makes one call of `org.campaignd`.
    func call(_ method: ControlMethod, _ parameters: JSONObject) async throws -> JSONObject {
        try await connection.call(ControlError.prefix + method.rawValue, parameters.withoutNulls)
    }
}

/// An object as the daemon sent it, and what it means.
public struct Received<View: Sendable>: Sendable {
    public let view: View
    public let json: JSONObject

    init(_ json: JSONObject, _ make: (JSONObject) throws(ViewError) -> View) throws(ViewError) {
        view = try make(json)
        self.json = json
    }
}

/// What every change may say.
public struct ChangeOptions: Sendable, Equatable {
    public var revision: Int?
    public var reason: String?
    public var isDryRun: Bool

    public init(revision: Int? = nil, reason: String? = nil, isDryRun: Bool = false) {
        self.revision = revision
        self.reason = reason
        self.isDryRun = isDryRun
    }

    var json: JSONObject {
        ["revision": JSONValue(revision), "reason": JSONValue(reason), "dry_run": isDryRun ? true : nil]
    }
}

// MARK: - Changes

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

    /// Every command but apply and tag, which have methods of their own.
    public func perform(
        _ command: Command, on name: String, _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<CampaignView> {
        var parameters = options.json
        parameters["name"] = .string(name)
        if case .cancel(let key) = command { parameters["key"] = JSONValue(key?.text) }
        return try campaign(in: try await call(ControlMethod(command), parameters))
    }

    public func tag(
        _ name: String, adding: [String], removing: [String], _ options: ChangeOptions = ChangeOptions()
    ) async throws -> Received<CampaignView> {
        var parameters = options.json
        parameters["name"] = .string(name)
        parameters["add"] = JSONValue(adding)
        parameters["remove"] = JSONValue(removing)
        return try campaign(in: try await call(.tag, parameters))
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
        case .acknowledge: self = .acknowledge
        }
    }
}

extension JSONObject {
    /// Null and absent mean the same; a shorter call is read sooner.
    var withoutNulls: JSONObject { filter { !$0.value.isNull } }
}
