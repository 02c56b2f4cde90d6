/// Which commands a campaign's status and kind allow: DESIGN's table as one function. A command that is allowed here
/// may still be refused for what it finds.
enum Permission {
    static func allowed(for campaign: Campaign) -> [CommandName] {
        CommandName.allCases.filter { denial(of: $0, for: campaign) == nil }
    }

    /// Nil where it is allowed, else the reason and the way out.
    static func denial(of command: CommandName, for campaign: Campaign) -> String? {
        if campaign.stopFence != nil, let why = denialDuringStop(of: command) { return why }
        return switch command {
        case .duplicate, .tag, .acknowledge: nil
        case .cancel: denialOfCancel(campaign)
        case .apply: denialOfApply(campaign)
        case .activate: denialOfActivate(campaign)
        case .unschedule: denialOfUnschedule(campaign)
        case .modify: denialOfModify(campaign)
        case .discard:
            campaign.live != nil && campaign.draft != nil && campaign.status.isInForce
                ? nil : "there is no draft beside a live version to discard"
        case .stop:
            campaign.status.isInForce ? nil : "only a scheduled, activating or active campaign can be stopped"
        case .pause: denialOfPause(campaign) ?? (campaign.paused ? "it is paused already" : nil)
        case .resume: denialOfPause(campaign) ?? (campaign.paused ? nil : "it is not paused")
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
        case .apply, .activate, .unschedule, .modify, .discard, .pause, .resume, .archive, .unarchive, .delete:
            "it is being stopped, and the sender has not answered yet"
        }
    }

    private static func denialOfCancel(_ campaign: Campaign) -> String? {
        switch campaign.status {
        case .active, .stopped, .completed, .archived: nil
        case .draft: "nothing of a draft is ever sent"
        case .scheduled, .activating: "nothing of it is being sent yet; unschedule or stop it"
        }
    }

    private static func denialOfApply(_ campaign: Campaign) -> String? {
        switch campaign.status {
        case .draft: nil
        case .scheduled, .activating, .active:
            campaign.kind == .oneShot
                ? "a one-shot's content is fixed once it is activated; \(wayOut(campaign))" : nil
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private static func denialOfActivate(_ campaign: Campaign) -> String? {
        switch campaign.status {
        case .draft: nil
        case .scheduled, .activating, .active:
            campaign.draft == nil ? "it is activated and has no newer draft" : nil
        case .stopped: "a stopped campaign is never activated again; duplicate it instead"
        case .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private static func denialOfUnschedule(_ campaign: Campaign) -> String? {
        switch campaign.status {
        case .scheduled, .activating: nil
        case .draft: "it is a draft already"
        case .active: "it has become active; stop or duplicate it"
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private static func denialOfModify(_ campaign: Campaign) -> String? {
        switch campaign.status {
        case .scheduled, .activating, .active:
            campaign.kind == .oneShot ? "a one-shot has no second version; \(wayOut(campaign))" : nil
        case .draft: "it is a draft: apply changes it directly"
        case .stopped, .completed, .archived: "it has ended; duplicate it instead"
        }
    }

    private static func denialOfPause(_ campaign: Campaign) -> String? {
        guard campaign.status.isInForce else { return "only a scheduled, activating or active campaign can be paused" }
        return campaign.kind == .oneShot ? "a one-shot can't be paused; unschedule or stop it" : nil
    }

    private static func wayOut(_ campaign: Campaign) -> String {
        campaign.status == .active ? "duplicate it instead" : "unschedule it, or duplicate it"
    }
}
