internal import CampaignModel
public import VarlinkKit

/// `org.campaignd` on the wire: decodes calls, checks who may make them, asks a ``Control``, and encodes its answers.
public struct ControlService: VarlinkService {
    let control: any Control
    private let access: @Sendable () -> AccessPolicy
    private let userName: @Sendable (UInt32) -> String?
    let uploads: MessageUploads

    /// - Parameters:
    ///   - access: asked at each call, so that a reload changes it without a restart.
    ///   - userName: the name of a user by uid, for the history; nil where there is none.
    ///   - elapsed: the time since any moment, on a clock that never goes back: an unfinished upload does not wait for
    ///     ever.
    public init(
        control: any Control, access: @escaping @Sendable () -> AccessPolicy,
        userName: @escaping @Sendable (UInt32) -> String?,
        elapsed: @escaping @Sendable () -> Duration = Self.stopwatch()
    ) {
        self.control = control
        self.access = access
        self.userName = userName
        uploads = MessageUploads(elapsed: elapsed)
    }

    /// The time since this call, on the monotonic clock.
    public static func stopwatch() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// The interface's `.varlink` file.
    public static let interfaceDescription = String(
        decoding: PackageResources.org_campaignd_varlink, as: UTF8.self)

    public var interfaceDescription: String { Self.interfaceDescription }

    public func handle(
        _ call: VarlinkCall, from peer: VarlinkPeer, replies: VarlinkReplies
    ) async throws(VarlinkErrorReply) -> JSONObject {
        guard let method = ControlMethod(rawValue: call.memberName) else { throw .methodNotImplemented(call.method) }
        if let needs = Self.denial(of: method, to: access().role(of: peer)) {
            throw ControlError.accessDenied(needs: needs).reply
        }
        do {
            switch method {
            case .list, .sends, .log, .alerts, .listMessages:
                return try await read(method, call, replies)
            case .beginMessage, .putMessagePart, .commitMessage, .publishMessage:
                return try await changeMessage(method, call, by: peer)
            default:
                return try await answer(method, CallParameters(call), by: peer)
            }
        } catch let error as ControlError {
            throw error.reply
        } catch let error as VarlinkErrorReply {
            throw error
        } catch {
            // Only a cancelled stream is left: the server stops, or nobody reads the reply any more.
            throw ControlError.held(name: "stopping", why: "campaignd is stopping; try again").reply
        }
    }

    /// What the caller would have to be; nil where the role is enough.
    static func denial(of method: ControlMethod, to role: Role?) -> Role? {
        guard let role else { return method.needs }
        return role >= method.needs ? nil : method.needs
    }

    func actor(_ peer: VarlinkPeer) -> EventActor {
        EventActor(uid: peer.uid, name: userName(peer.uid) ?? "\(peer.uid)")
    }

    private func answer(
        _ method: ControlMethod, _ parameters: CallParameters, by peer: VarlinkPeer
    ) async throws(ControlError) -> JSONObject {
        switch method {
        case .status: return try await control.status().json
        case .show: return try await show(parameters)
        case .preview: return try await preview(parameters)
        case .diff: return try await control.diff(parameters.requiredSlug("name")).json
        case .next:
            let limit = try parameters.number("limit", in: PlannedView.allowedLimits) ?? PlannedView.defaultLimit
            return ["occurrences": .array(try await control.next(limit: limit).map { .object($0.json) })]
        case .check:
            let alerts = try await control.checks(of: parameters.requiredSlug("name"))
            return ["alerts": .array(alerts.map { .object($0.json) })]
        case .create:
            let view = try await control.create(
                parameters.definition(), sourceText: parameters.text("source_text"),
                change: parameters.change(by: actor(peer)))
            return ["campaign": .object(view.json)]
        case .apply:
            let applied = try await control.apply(
                parameters.definition(), sourceText: parameters.text("source_text"),
                change: parameters.change(by: actor(peer)))
            return ["campaign": .object(applied.campaign.json), "change": .string(applied.outcome.rawValue)]
        case .duplicate:
            let view = try await control.duplicate(
                parameters.requiredSlug("name"), as: parameters.requiredSlug("new_name"),
                change: parameters.change(by: actor(peer)))
            return ["campaign": .object(view.json)]
        case .tag:
            let view = try await control.tag(
                parameters.requiredSlug("name"), adding: parameters.tags("add"), removing: parameters.tags("remove"),
                change: parameters.change(by: actor(peer)))
            return ["campaign": .object(view.json)]
        default:
            let view = try await control.perform(
                command(method, parameters), on: parameters.requiredSlug("name"),
                change: parameters.change(by: actor(peer)))
            return ["campaign": .object(view.json)]
        }
    }

    private func show(_ parameters: CallParameters) async throws(ControlError) -> JSONObject {
        let details = try await control.show(parameters.requiredSlug("name"), version: parameters.versionChoice())
        return ["campaign": .object(details.campaign.json), "source_text": JSONValue(details.sourceText)]
    }

    private func preview(_ parameters: CallParameters) async throws(ControlError) -> JSONObject {
        let query = PreviewQuery(
            version: try parameters.versionChoice(), after: try parameters.instant("after"),
            limit: try parameters.number("limit", in: OccurrencePage.allowedLimits) ?? OccurrencePage.defaultLimit)
        return try await control.preview(parameters.requiredSlug("name"), query).json
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
        case .cancel:
            guard let text = try parameters.text("key") else { return .cancel(nil) }
            guard let key = OccurrenceKey(text) else {
                throw .invalidField(
                    FieldError(
                        "key", text,
                        "is not a key; keys are 1 to \(OccurrenceKey.maximumLength) ASCII characters without spaces"))
            }
            return .cancel(key)
        case .list, .show, .diff, .preview, .next, .check, .create, .apply, .duplicate, .tag, .sends, .log, .alerts,
            .beginMessage, .putMessagePart, .commitMessage, .publishMessage, .listMessages, .status:
            preconditionFailure("\(method.rawValue) is no command on one campaign")
        }
    }
}
