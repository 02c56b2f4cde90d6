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
            case .status, .metrics, .count, .show, .preview, .diff, .next, .check, .complete:
                return try await look(method, CallParameters(call))
            case .recipients: return try await recipients(call, replies)
            case .suppress, .unsuppress: return try await suppress(method, CallParameters(call))
            case .suppressed: return try await suppressed(call, replies)
            case .previewMessage: return try await previewMessage(call, replies)
            case .simulate: return try await simulate(CallParameters(call), by: peer)
            case .showMessage, .listSurfaces, .listAudiences, .countAudience, .sampleAudience:
                return try await lookUp(method, CallParameters(call))
            case .beginMessage, .putMessagePart, .commitMessage, .publishMessage:
                return try await changeMessage(method, call, by: peer)
            case .create, .apply, .duplicate, .trigger, .sendNow, .retry:
                return try await change(method, CallParameters(call), by: peer)
            case .sendProof, .testSurface:
                return try await test(method, CallParameters(call), by: peer)
            case .backup, .acceptClock, .adoptLedger:
                return try await tend(method, call, replies, by: peer)
            case .activate, .unschedule, .modify, .discard, .stop, .pause, .resume, .archive, .unarchive, .delete, .tag,
                .cancel, .acknowledge:
                return try await perform(method, CallParameters(call), by: peer)
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
}
