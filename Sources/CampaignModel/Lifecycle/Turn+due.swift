import Recurrence

/// What time alone does: each step of the status, the claims, and completion.
extension Turn {
    /// Decides all that is due at or before `now`. Each status is passed at most once, in order, so that a daemon that
    /// comes back late records every change.
    mutating func decideDue() {
        followZoneData()
        guard !rules.firingIsHeld, campaign.stopFence == nil else { return }
        tellWhetherPlanned()
        if campaign.status == .scheduled, let start = livePlan?.start, start <= now {
            setStatus(.activating, text: "its start is reached")
        }
        if campaign.status == .activating { tryToBecomeActive() }
        if campaign.status == .active {
            decideOccurrences()
            decideTriggers()
        }
        completeIfOver()
        giveUpLateSends()
        lookAtAlerts()
    }

    /// Zone data may be gone for a while: the campaign waits, tells it, and goes on when they are back.
    private mutating func tellWhetherPlanned() {
        guard campaign.status.isInForce else { return }
        if let fault = planFault {
            let alert = Checks.unplanned(fault, at: now)
            raise(alert.code, alert.text, field: alert.field)
        } else {
            clear { $0 == .neverOccurs }
        }
    }

    private mutating func tryToBecomeActive() {
        guard let live = campaign.live else { return }
        let blocking = liveFaults
        setFindings(blocking + warnings(of: live))
        if !blocking.isEmpty {
            guard let first = firstUndecided, isLate(first.instant, live.content) else { return }
        }
        campaign.activatedAt = now
        setStatus(.active, text: blocking.isEmpty ? "its checks pass" : "its first occurrence is later than its limit")
    }

    var firstUndecided: Occurrence? {
        livePlan?.next(after: campaign.decidedUntil ?? .earliest)
    }

    func isLate(_ due: Instant, _ content: CampaignContent) -> Bool {
        now > due + lateLimit(of: content).secondsRoundedUp
    }

    // MARK: Occurrences

    /// Claims the newest due occurrence where it is inside its limit; all others that are undecided were missed.
    private mutating func decideOccurrences() {
        guard !campaign.paused, !has(.scheduleStuck), let live = campaign.live, let plan = livePlan else { return }
        let floor = campaign.decidedUntil ?? .earliest
        guard let newest = plan.last(atOrBefore: now), newest.instant > floor else {
            holdIfStuck(plan.next(after: floor))
            return
        }
        if isLate(newest.instant, live.content) {
            decideLate(newest, after: floor, plan)
        } else {
            if let before = plan.last(atOrBefore: newest.instant - 1), before.instant > floor {
                recordTogether(.missed, after: floor, through: before, plan, reason: "only the newest is caught up")
            }
            claim(newest, plan, live)
        }
        decide(until: newest.instant)
        holdIfStuck(plan.next(after: newest.instant))
    }

    /// A single late occurrence is asked for at the sender first: a ledger put back from a backup may have forgotten
    /// that it was sent.
    private mutating func decideLate(_ newest: Occurrence, after floor: Instant, _ plan: Plan) {
        let reason = "later than its limit of \(lateLimit(of: campaign.live?.content).text)"
        guard plan.next(after: floor)?.instant == newest.instant, let live = campaign.live else {
            recordTogether(.missed, after: floor, through: newest, plan, reason: reason)
            return
        }
        var send = newSend(newest, plan, live, state: .claimed)
        send.verdict = Verdict(state: .missed, reason: reason)
        guard add(send) else { return }
        act(.query(send.key))
    }

    /// The fuse: a next occurrence that is not later than now would be decided for ever.
    mutating func holdIfStuck(_ next: Occurrence?) {
        guard let next, next.instant <= now else { return }
        raise(.scheduleStuck, "its next occurrence \(next.instant) is not later than now; activate a new version")
    }

    private mutating func claim(_ occurrence: Occurrence, _ plan: Plan, _ live: Version) {
        let send = newSend(occurrence, plan, live, state: .claimed)
        guard add(send) else { return }
        admit(send.key, live.content, "claimed for \(occurrence.nominal.words)")
    }

    /// The sends that one to come would overlap. One that is only asked about is not being sent.
    var sendsUnderWay: [Send] {
        openSends.filter { !$0.isToCome && ($0.verdict == nil || $0.handedAt != nil) }
    }

    /// Lets a claimed send begin, wait for those before it, or be skipped, by its campaign's overlap.
    mutating func admit(_ key: OccurrenceKey, _ content: CampaignContent, _ text: String) {
        let earlier = sendsUnderWay.filter { $0.key != key }
        switch content.overlap {
        case .skip where !earlier.isEmpty, .queue where earlier.count > 1:
            end(key, .skipped, reason: "the one before it has not ended")
            report(.overlapSkipped, "a send was skipped since the one before it had not ended")
            return
        case .skip, .queue, .allow: break
        }
        update(key) { send in
            send.followsEarlier = content.overlap == .queue
            if content.overlap == .queue, !earlier.isEmpty { send.state = .queued }
        }
        record(.claimed, send: send(key), text: text)
        if let missing = Checks.resources(content, self).first {
            end(key, .failed, reason: "\(missing.code.rawValue): \(missing.text)")
        }
    }

    private func newSend(_ occurrence: Occurrence, _ plan: Plan, _ live: Version, state: SendState) -> Send {
        Send(
            key: plan.key(of: occurrence, in: campaign.id), campaign: campaign.id, version: live.number,
            origin: .schedule, nominal: occurrence.nominal, due: occurrence.instant, claimedAt: now,
            message: publishedMessage(of: live.content), surface: live.content.surface, state: state)
    }

    /// The revision of a content's message that is published now.
    func publishedMessage(of content: CampaignContent) -> MessageReference? {
        guard let name = content.message, case .published(let revision)? = messages[name] else { return nil }
        return MessageReference(name: name, revision: revision)
    }

    /// One record for all undecided occurrences after `floor` up to and with `last`.
    mutating func recordTogether(
        _ state: SendState, after floor: Instant, through last: Occurrence, _ plan: Plan, reason: String
    ) {
        guard let live = campaign.live else { return }
        var floor = floor
        while let first = plan.next(after: floor), first.instant <= last.instant {
            let count = plan.count(after: floor, through: last.instant, limit: Send.countLimit)
            var send = newSend(first, plan, live, state: state)
            send.reason = reason
            send.endedAt = now
            if first.instant < last.instant {
                send.count = count
                send.nominalLast = last.nominal
            }
            if add(send) { return tell(send, upTo: last) }
            // The ledger holds this one: it was decided already. There are as many turns as such keys.
            floor = first.instant
        }
    }

    private mutating func tell(_ summary: Send, upTo last: Occurrence) {
        let number = summary.count.map { "\($0)" } ?? "more than \(Send.countLimit)"
        let what = summary.nominalLast == nil
            ? "the occurrence of \(last.nominal.words)" : "\(number) occurrences up to \(last.nominal.words)"
        let text = "\(summary.state.rawValue): \(what): \(summary.reason ?? "no reason given")"
        record(.ended, send: summary, reason: summary.reason, text: text)
        if summary.state == .missed {
            report(.occurrenceMissed, "\(text); send-now sends one by hand")
        }
    }

    // MARK: Completion

    mutating func completeIfOver() {
        guard campaign.status == .active, !rules.firingIsHeld, let live = campaign.live, let why = whyOver(live) else {
            return
        }
        recordWhatWasPaused()
        campaign.paused = false
        campaign.endedAt = now
        setStatus(.completed, text: why)
        clearWhatEnded()
        settleAtCompletion()
    }

    /// Alerts about a schedule and its checks end with the schedule; what is being sent goes on.
    mutating func clearWhatEnded() {
        let isSending = isSending
        clear { ($0.isFoundByChecks && !($0 == .endsTooLate && isSending)) || $0 == .scheduleStuck }
    }

    private func whyOver(_ live: Version) -> String? {
        switch live.content.kind {
        case .oneShot:
            let completesAfter = rules.settings.completesAfter
            guard let completesAt = campaign.completesAt(after: completesAfter), completesAt <= now else { return nil }
            return "\(completesAfter.text) after its activation"
        case .triggered:
            guard let end = livePlan?.end, end <= now else { return nil }
            return "its end is reached"
        case .recurring:
            guard let plan = livePlan else { return nil }
            if let end = plan.end, end <= now { return "its end is reached" }
            let decided = campaign.paused ? now : campaign.decidedUntil ?? .earliest
            guard plan.isExhausted(after: decided), !openSends.contains(where: { $0.origin == .schedule }) else {
                return nil
            }
            return "its schedule has no more occurrence"
        }
    }

    /// Completion ends no running send. What only waited is given up; a recurring one's claims are still handed over,
    /// as its end is no reason to lose the last one.
    private mutating func settleAtCompletion() {
        for send in openSends {
            if send.isToCome {
                end(send.key, .missed, reason: "the campaign was completed before its trigger's time")
                continue
            }
            report(.outlivedCompletion, "a send had not ended when the campaign was completed")
            switch send.state {
            case _ where send.isBetweenAttempts:
                end(send.key, .failed, reason: "the campaign was completed before its retry")
            case .claimed where campaign.kind == .oneShot, .queued where campaign.kind == .oneShot:
                // Missed is only what no attempt was ever accepted of.
                let state: SendState = send.wasAccepted ? .failed : .missed
                giveUp(send, Verdict(state: state, reason: "the campaign was completed before it began"))
            default: break
            }
        }
    }

    /// Sends of which no attempt was accepted and that only wait for the daemon or the sender have a limit.
    private mutating func giveUpLateSends() {
        for send in openSends where send.state == .claimed && !send.wasAccepted && send.verdict == nil {
            let limit = lateLimit(of: content(of: send))
            guard now > send.readyAt + limit.secondsRoundedUp else { continue }
            giveUp(send, Verdict(state: .missed, reason: "not begun within its limit of \(limit.text)"), asks: true)
        }
    }
}
