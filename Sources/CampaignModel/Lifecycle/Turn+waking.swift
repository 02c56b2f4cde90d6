import Recurrence

/// When time alone changes something next.
extension Turn {
    /// When the next occurrence is due that will be decided on: nothing is planned during a stop or while the schedule
    /// is held, and what falls due during a pause is left out.
    var nextDue: Instant? {
        guard campaign.status.isInForce, campaign.stopFence == nil, !has(.scheduleStuck) else { return nil }
        let decided = campaign.decidedUntil ?? .earliest
        let planned = livePlan?.next(after: campaign.paused ? max(decided, now) : decided)?.instant
        return [planned, campaign.paused ? nil : nextTrigger].compactMap { $0 }.min()
    }

    /// When the next trigger to come is due.
    private var nextTrigger: Instant? { earliest { $0.isToCome ? $0.due : nil } }

    /// The earliest instant at which time alone changes something: later than now, unless nothing may fire.
    var wakeAt: Instant? {
        // A fence waits for the sender's word, not for a time.
        if campaign.stopFence != nil { return nil }
        return (turnsOfStatus + [firstLimit, nextSlowSend].compactMap { $0 }).min()
    }

    /// When the first of the sends that only wait for the daemon and the sender is too late.
    private var firstLimit: Instant? {
        earliest { send in
            guard send.state == .claimed, !send.wasAccepted, send.verdict == nil else { return nil }
            return send.readyAt + lateLimit(of: content(of: send)).secondsRoundedUp + 1
        }
    }

    /// When a campaign that waits for its checks becomes active without them.
    private var startsAnyhow: Instant? {
        firstUndecided.map { $0.instant + lateLimit(of: campaign.live?.content).secondsRoundedUp + 1 }
            .flatMap { $0 > now ? $0 : nil }
    }

    private var turnsOfStatus: [Instant] {
        let nextTick = now + max(1, rules.settings.tickInterval.secondsRoundedUp)
        switch campaign.status {
        case .scheduled: return [livePlan?.start ?? nextTick]
        case .activating: return [nextTick, startsAnyhow].compactMap { $0 }
        case .active:
            guard let plan = livePlan else { return [nextTick] }
            if campaign.kind == .oneShot {
                return [campaign.completesAt(after: rules.settings.completesAfter), nextDue].compactMap { $0 }
            }
            // A pause claims nothing, but its last occurrence completes the campaign.
            let isOfInterest = !campaign.paused || plan.endsByItself
            return [plan.end, isOfInterest ? nextDue : nil, nextTrigger].compactMap { $0 }
        case .draft, .stopped, .completed, .archived: return []
        }
    }
}
