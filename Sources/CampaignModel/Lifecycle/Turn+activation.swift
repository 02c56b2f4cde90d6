import Recurrence

/// Activation of a draft, and of a newer draft over the version in force.
extension Turn {
    mutating func activate() throws(Refusal) {
        guard var version = campaign.draft else { return }
        let replaced = campaign.live
        if let replaced, replaced.content.kind != version.content.kind {
            throw .invalidField(
                FieldError(
                    "schedule", version.content.kind.rawValue,
                    "is another kind than the live version's \(replaced.content.kind.rawValue); "
                        + "duplicate the campaign instead"))
        }
        let findings = self.findings(of: version)
        let errors = findings.alerts.filter { $0.severity == .error }
        guard errors.isEmpty, let anchor = findings.anchor, let plan = findings.plan else {
            throw .checksFailed(errors)
        }
        recordWhatWasPaused()
        let promise = firstPromise
        version.anchor = anchor
        enforce(version)
        clear { $0 == .scheduleStuck }
        setFindings(findings.alerts)
        if replaced != nil {
            replace(promise, by: plan, version.number)
        } else if plan.kind == .recurring, plan.start <= now {
            // A start in the past goes on with the first occurrence after now; one at activation counts as due.
            decide(until: anchor.isWritten ? now : now - 1)
        }
        follow(plan)
        decideDue()
    }

    /// The status follows the start; an active campaign stays active, whatever its new start.
    private mutating func follow(_ plan: Plan) {
        if campaign.status == .active { return }
        if plan.start > now, plan.kind != .triggered {
            guard campaign.status != .scheduled else { return }
            setStatus(.scheduled, text: "it starts at \(plan.words(for: plan.start))")
        } else if campaign.status != .activating {
            setStatus(.activating, text: "activated")
        }
    }

    // MARK: A newer version

    /// What the version in force was about to send: its first occurrence that is not decided, and from when on the
    /// schedule is undecided.
    private typealias Promise = (due: Instant, decided: Instant)

    private var firstPromise: Promise? {
        guard let plan = livePlan else { return nil }
        let decided: Instant
        switch campaign.status {
        case .scheduled: decided = campaign.decidedUntil ?? .earliest
        case .activating: decided = campaign.decidedUntil ?? plan.start - 1
        case .active: decided = campaign.decidedUntil ?? campaign.activatedAt ?? now
        case .draft, .stopped, .completed, .archived: return nil
        }
        return plan.next(after: decided).map { ($0.instant, decided) }
    }

    /// Nothing fires at the edit itself. Where the new version puts off what the old one had promised since its own
    /// time for it is past already, that one is told as missed and not lost in silence.
    private mutating func replace(_ promise: Promise?, by plan: Plan, _ number: Int) {
        let next = plan.kind == .triggered ? nil : plan.next(after: now)
        let passed = promise.flatMap { slotPassed($0, plan, next: next) }
        var text = "version \(number) replaces the live one"
        if let passed { text += "; \(words(forPassed: passed, plan))" }
        if let next { text += "; its next occurrence is at \(plan.words(for: next.instant))" }
        if let next, let sent = sentOnDay(of: next, instead: promise, plan) {
            text += ", on a day that has its send of \(DateWords.time(sent)) already: the audience gets both"
        }
        record(.replaced, text: text)
        guard plan.kind == .recurring, !rules.firingIsHeld else { return }
        if let promise, let passed {
            // One that was still to come is one; those that are due and undecided are all that came since.
            let floor = promise.due > now ? passed.instant - 1 : promise.decided
            recordTogether(
                campaign.paused ? .skipped : .missed, after: floor, through: passed, plan,
                reason: "version \(number) puts it before its own activation")
        }
        decide(until: now)
    }

    /// The last occurrence of the new version that comes before its activation, where it stands in place of the
    /// promise: it is nearer to that than the next one, and nothing was sent instead.
    private func slotPassed(_ promise: Promise, _ plan: Plan, next: Occurrence?) -> Occurrence? {
        guard plan.kind == .recurring, !rules.firingIsHeld, let newest = plan.last(atOrBefore: now),
            newest.instant > promise.decided
        else { return nil }
        // Moved to a later time of the day, tomorrow's promise is kept tomorrow, and today's slot was sent.
        let isKept = next.map { abs($0.instant - promise.due) <= abs(promise.due - newest.instant) } ?? false
        return isKept ? nil : newest
    }

    /// The local time of what was sent on the day of the new version's next occurrence, where the old one would have
    /// sent nothing more on it: moved to a later time, that day gets a second send.
    private func sentOnDay(of next: Occurrence, instead promise: Promise?, _ plan: Plan) -> LocalTime? {
        let day = next.local.date
        guard !plan.stepsInElapsedTime, let sent = newestScheduled, sent.reachesItsAudience,
            promise.map({ plan.zone.local(at: $0.due).date }) != day
        else { return nil }
        let local = plan.zone.local(at: sent.due)
        return local.date == day ? local.time : nil
    }

    private func words(forPassed occurrence: Occurrence, _ plan: Plan) -> String {
        guard occurrence.local.date == plan.zone.local(at: now).date else {
            return "the slot of \(plan.words(for: occurrence.instant)) has passed"
        }
        return "today's slot, \(DateWords.time(occurrence.local.time)), has passed"
    }

    // MARK: Checks

    /// What the checks find for the draft if it were activated now, with the plan that it would have.
    func findings(of draft: Version) -> (alerts: [Alert], anchor: Anchor?, plan: Plan?) {
        let content = draft.content
        var alerts = Checks.resources(content, self) + warnings(of: draft)
        let anchor = rules.anchor(of: content, at: now, keeping: campaign.live?.anchor)
        do {
            let plan = try Plan(content, anchor: anchor, in: zones)
            // A recurring start in the past goes on with the first occurrence after now; one at now counts as due.
            let floor = anchor.isWritten || campaign.live != nil ? now : now - 1
            alerts += Checks.schedule(
                plan, startIsWritten: anchor.isWritten, floor: floor, replacesActive: campaign.status == .active,
                at: now)
            return (alerts, anchor, plan)
        } catch {
            alerts.append(Checks.unplanned(error.fieldError, at: now))
            return (alerts, nil, nil)
        }
    }
}

extension Send {
    /// Whether somebody got it, or may get it yet.
    fileprivate var reachesItsAudience: Bool {
        switch state {
        case .claimed, .queued, .running, .waiting, .sent, .interrupted: true
        case .failed, .missed, .skipped, .cancelled: false
        }
    }
}
