/// Which commands a campaign's status, kind and sends allow: DESIGN's table as one function. A command that is allowed
/// here may still be refused for what it carries.
struct Permission {
    let campaign: Campaign
    let openSends: [Send]
    let newestScheduled: Send?

    var allowed: [CommandName] { CommandName.allCases.filter { denial(of: $0) == nil } }

    /// Nil where it is allowed, else the reason and the way out.
    func denial(of command: CommandName) -> String? {
        if campaign.stopFence != nil, let why = Self.denialDuringStop(of: command) { return why }
        return switch command {
        case .duplicate, .tag, .acknowledge: nil
        case .cancel: denialOfCancel
        case .apply: denialOfApply
        case .activate: denialOfActivate
        case .unschedule: denialOfUnschedule
        case .modify: denialOfModify
        case .discard:
            campaign.live != nil && campaign.draft != nil && campaign.status.isInForce
                ? nil : "there is no draft beside a live version to discard"
        case .stop: denialOfStop
        case .pause: denialOfPause ?? (campaign.paused ? "it is paused already" : nil)
        case .resume: denialOfPause ?? (campaign.paused ? nil : "it is not paused")
        case .trigger:
            campaign.kind == .triggered ? denialOfSending : "it is not of type triggered; send-now sends it by hand"
        case .sendNow: denialOfSending
        case .retry: campaign.status == .active ? nil : denialOfSending
        case .archive:
            switch campaign.status {
            case .completed, .stopped: nil
            case .draft, .scheduled, .activating, .active, .archived:
                "only a completed or stopped campaign can be archived"
            }
        case .unarchive: campaign.status == .archived ? nil : "it is not archived"
        case .delete:
            campaign.status == .draft && campaign.activatedAt == nil
                ? nil : "only a draft that was never active can be deleted; archive it once it has ended"
        }
    }

    /// A stop that waits for the sender's word is not to be undone or overtaken by another command meanwhile.
    private static func denialDuringStop(of command: CommandName) -> String? {
        switch command {
        case .stop, .cancel, .duplicate, .tag, .acknowledge: nil
        case .apply, .activate, .unschedule, .modify, .discard, .pause, .resume, .trigger, .sendNow, .retry, .archive,
            .unarchive, .delete:
            "it is being stopped, and the sender has not answered yet"
        }
    }

    private var denialOfCancel: String? {
        switch campaign.status {
        case .active, .stopped, .completed, .archived:
            openSends.allSatisfy(\.isToCome) ? "no send of it is open; one to come is cancelled by its key" : nil
        case .draft: "nothing of a draft is ever sent"
        case .scheduled, .activating: "nothing of it is being sent yet; unschedule or stop it"
        }
    }

    private var denialOfApply: String? {
        switch campaign.status {
        case .draft: nil
        case .scheduled, .activating, .active:
            campaign.kind == .oneShot
                ? "a one-shot's content is fixed once it is activated; \(wayOut)" : nil
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private var denialOfActivate: String? {
        switch campaign.status {
        case .draft: nil
        case .scheduled, .activating, .active:
            campaign.draft == nil ? "it is activated and has no newer draft" : nil
        case .stopped: "a stopped campaign is never activated again; duplicate it instead"
        case .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private var denialOfUnschedule: String? {
        switch campaign.status {
        case .scheduled, .activating: nil
        case .draft: "it is a draft already"
        case .active: "it has become active; stop or duplicate it"
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private var denialOfModify: String? {
        switch campaign.status {
        case .scheduled, .activating, .active:
            campaign.kind == .oneShot ? "a one-shot has no second version; \(wayOut)" : nil
        case .draft: "it is a draft: apply changes it directly"
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private var denialOfPause: String? {
        guard campaign.status.isInForce else { return "only a scheduled, activating or active campaign can be paused" }
        return campaign.kind == .oneShot ? "a one-shot can't be paused; unschedule or stop it" : nil
    }

    private var wayOut: String {
        campaign.status == .active ? "duplicate it instead" : "unschedule it, or duplicate it"
    }

    /// A one-shot whose send runs, or has run, has done what it was for. One that was missed, skipped or revoked before
    /// any attempt was accepted has not.
    private var denialOfStop: String? {
        guard campaign.status.isInForce else { return "only a scheduled, activating or active campaign can be stopped" }
        guard campaign.status == .active, campaign.kind == .oneShot, campaign.stopFence == nil,
            let send = newestScheduled
        else { return nil }
        switch send.state {
        case .claimed, .queued, .waiting: return nil
        case .missed, .skipped, .cancelled: if !send.wasAccepted { return nil }
        case .running: return "its send is running; cancel ends it"
        case .sent, .failed, .interrupted: break
        }
        return "its send has ended as \(send.state.rawValue); nothing is left to stop"
    }

    private var denialOfSending: String? {
        switch campaign.status {
        case .active: campaign.paused ? "it is paused; resume it first" : nil
        case .draft: "it is a draft; activate it first"
        case .scheduled, .activating: "it is not active yet"
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }
}
