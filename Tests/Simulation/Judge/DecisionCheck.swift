import CampaignModel
import Recurrence

/// One committed decision against what was known before it.
struct DecisionCheck {
    let judge: Judge
    let decision: Decision
    let now: Int64

    private var after: Campaign { decision.campaign }
    private var before: KnownCampaign? { judge.campaigns[after.id] }
    private func has(_ kind: EventKind) -> Bool { decision.events.contains { $0.kind == kind } }

    private func require(_ holds: Bool, _ text: @autoclosure () -> String) {
        judge.require(holds, "\(after.name): \(text()) at \(Instant(secondsSinceEpoch: now))")
    }

    func run() {
        if decision.isDeleted {
            require(before?.campaign.status == .draft, "deleted and no draft")
            judge.campaigns[after.id] = nil
            return
        }
        if before == nil { require(has(.created), "it came from nowhere") }
        for send in decision.claims + decision.updates { check(send) }
        checkSchedule()
        if after.status == .completed, before?.campaign.status != .completed, !isUnarchived {
            checkCompletion()
        }
        checkNext()
        var known = before ?? KnownCampaign(campaign: after)
        known.campaign = after
        known.edition = decision.plannedBy
        noteDays(&known)
        judge.campaigns[after.id] = known
        judge.noteChange(of: after.id, decision.claims + decision.updates)
    }

    private func noteDays(_ known: inout KnownCampaign) {
        guard let steady = judge.machine?.time.steady, after.status.isInForce != (known.inForceSince != nil) else {
            return
        }
        if let since = known.inForceSince { judge.figures.campaignDays += Double(steady - since) / 86_400_000 }
        known.inForceSince = after.status.isInForce ? steady : nil
    }

    private var isUnarchived: Bool { decision.events.contains { $0.kind == .status && $0.from == .archived } }

    // MARK: Sends

    private func content(of send: Send) -> CampaignContent? {
        judge.contents[after.id]?[send.version] ?? after.live?.content
    }

    private func limit(of send: Send) -> Int64 {
        content(of: send)?.lateLimit?.secondsRoundedUp ?? judge.plot.settings.lateLimitSeconds
    }

    private func check(_ send: Send) {
        let known = judge.sends[send.key]
        let isClaim = decision.claims.contains { $0.key == send.key }
        require(isClaim == (known == nil), isClaim ? "\(send.key) was claimed twice" : "\(send.key) came from nowhere")
        var next = known ?? KnownSend(send: send)
        let old = known?.send
        if let old, old.state.isFinal, send != old {
            require(
                has(.retried) && [.failed, .interrupted, .cancelled].contains(old.state),
                "\(send.key) was \(old.state) and is \(send.state)")
            next.furtherAttempts += 1
            next.waitedInLine = true
        }
        if send.state == .queued { next.waitedInLine = true }
        if send.state == .waiting, !send.isToCome, old?.state != .waiting, old?.state.isFinal == false {
            checkWait(send)
            next.furtherAttempts += 1
        }
        if send.attempts > old?.attempts ?? 0 || (send.handedAt != nil && old?.handedAt == nil) {
            checkHandOver(send, old, next)
        }
        if send.state.isFinal, old?.state.isFinal != true { checkEnd(send) }
        if send.isToCome || old?.isToCome == true { require(send.origin == .trigger, "\(send.key) waits for its time") }
        next.send = send
        if send.state.isFinal {
            judge.openKeys[after.id]?.remove(send.key)
        } else {
            judge.openKeys[after.id, default: []].insert(send.key)
        }
        judge.sends[send.key] = next
        judge.figures.count(send, isNew: isClaim)
    }

    /// A further attempt by itself: only of one whose last one failed for now, or whose outcome is not known and may be
    /// repeated.
    private func checkWait(_ send: Send) {
        let record = judge.machine?.senders.outcome(of: Attempt(key: send.key, number: send.attempts))
        let retries = content(of: send)?.retries
            ?? send.surface.flatMap { judge.machine?.rules.catalogue.surfaces[$0]?.retries }
            ?? judge.plot.settings.retries
        switch record {
        case .temporary?: break
        case .interrupted?:
            let mayRepeat = content(of: send)?.onInterrupt == .retry
            require(mayRepeat, "\(send.key) is repeated, and nobody knows how far it came")
            require(now <= send.due.secondsSinceEpoch + limit(of: send), "\(send.key) is repeated after its limit")
        default:
            let what = record.map { "\($0)" } ?? "not known"
            require(false, "\(send.key) waits for a retry, and its attempt \(send.attempts) is \(what)")
        }
        let isOver = after.status != .active || after.stopFence != nil
        require(!isOver, "\(send.key) waits for a retry, and its campaign is over")
        require(send.attempts <= retries, "\(send.key) has had \(send.attempts) attempts and waits for another")
    }

    private func checkHandOver(_ send: Send, _ old: Send?, _ known: KnownSend) {
        guard let old, send.handedAt != nil, send.state == .claimed || old.state == .waiting || old.state == .queued,
            !send.state.isFinal
        else { return }
        // What the sender said may tell of attempts that this ledger does not know; those are not handed over by it.
        guard decision.effects.contains(where: { if case .handOver(let it) = $0 { it.key == send.key } else { false } })
        else { return }
        require(before?.campaign.stopFence == nil, "\(send.key) is handed over during a stop")
        require(send.attempts <= 1 + known.furtherAttempts, "\(send.key) is handed over as attempt \(send.attempts)")
        if send.attempts > 1 {
            require(after.status == .active, "\(send.key) is tried again, and its campaign is over")
        }
        require(judge.newestNow >= send.due.secondsSinceEpoch, "\(send.key) is handed over before its time")
        if send.attempts == 1, !known.waitedInLine {
            let late = now - max(send.due.secondsSinceEpoch, send.claimedAt.secondsSinceEpoch)
            require(
                now - send.due.secondsSinceEpoch <= limit(of: send) || send.origin != .schedule,
                "\(send.key) is handed over \(late) s late")
        }
    }

    private func checkEnd(_ send: Send) {
        guard let senders = judge.machine?.senders else { return }
        let sentAttempts = senders.sentAttempts(of: send.key)
        switch send.state {
        case .sent:
            require(senders.wasDelivered(send.key), "\(send.key) is called sent, and was not")
            require(!sentAttempts.isEmpty, "\(send.key) is called sent, and a power cut can make the sender forget it")
        case .missed, .skipped:
            require(!senders.wasStarted(send.key), "\(send.key) is called \(send.state), and began")
        default: break
        }
        if send.state != .sent { require(sentAttempts.isEmpty, "\(send.key) was sent, and is called \(send.state)") }
    }

    // MARK: The schedule

    private func timetable(_ edition: ZoneEdition?) -> Timetable? { judge.zone(of: edition).flatMap(timetable) }

    private func timetable(_ zone: ZonePlan) -> Timetable? {
        guard let live = after.live, let anchor = live.anchor else { return nil }
        return Timetable(live.content.definition, anchor: anchor, zone: zone)
    }

    private func checkSchedule() {
        let floor = before?.campaign.decidedUntil?.secondsSinceEpoch ?? .min
        let newFloor = after.decidedUntil?.secondsSinceEpoch ?? .min
        require(newFloor >= floor, "what was decided is undecided again")
        let records = decision.claims.filter { $0.origin == .schedule }
        let alive = records.filter { $0.isToBeSent && $0.verdict == nil }
        require(alive.count <= 1, "\(alive.count) occurrences are claimed at once")
        for send in records { checkRecord(send, floor: floor) }
        guard newFloor != .min, let table = timetable(decision.plannedBy ?? before?.edition) else { return }
        defer { cover(table, floor, newFloor) }
        if isLenient { return }
        let first = firstFloor(table) ?? floor
        let expected = table.times(after: max(first, newFloor - Self.horizon), through: newFloor)
        if expected.contains(where: { before?.covered.contains(table.mark($0)) ?? false }) { return }
        guard newFloor - max(first, table.anchor.second) <= Self.horizon else { return }
        let counted = records.reduce(0) { $0 + ($1.count ?? 1) }
        require(
            counted == expected.count,
            "\(counted) occurrences are decided, and \(expected.count) were due after \(first) up to \(newFloor)")
        for send in records where send.nominalLast == nil {
            require(expected.contains { $0.second == send.due.secondsSinceEpoch }, "nothing is due at \(send.due)")
        }
        if let newest = expected.last, let send = alive.first {
            require(send.due.secondsSinceEpoch == newest.second, "an occurrence that is not the newest is caught up")
        }
    }

    /// Longer than any story; beyond it nothing is counted.
    private static let horizon: Int64 = 60 * 86_400

    /// New data of its zone or a newer version move what is decided; those have rules of their own, and what they
    /// record is judged by key and time alone.
    private var isLenient: Bool {
        has(.replaced) || has(.zonesChanged) || judge.zone(of: decision.plannedBy) != judge.zone(of: before?.edition)
    }

    private func firstFloor(_ table: Timetable) -> Int64? {
        guard before?.campaign.live == nil, after.kind == .recurring, let anchor = after.live?.anchor,
            table.start <= now, before?.campaign.decidedUntil == nil
        else { return nil }
        return anchor.isWritten ? now : now - 1
    }

    private func checkRecord(_ send: Send, floor: Int64) {
        let due = send.due.secondsSinceEpoch
        require(due > floor || isLenient, "\(send.key) was decided before")
        require(due <= now, "\(send.key) is decided before its time")
        let isAlive = send.isToBeSent
        if isAlive, let table = timetable(decision.plannedBy ?? before?.edition) {
            let time = Timetable.Time(nominal: send.nominal.map(Timetable.seconds) ?? due, second: due)
            require(!(before?.covered.contains(table.mark(time)) ?? false), "\(send.key) was decided already")
        }
        let isLate = now - due > limit(of: send)
        if isAlive, send.verdict == nil { require(!isLate, "\(send.key) is claimed \(now - due) s late") }
        guard let before, before.campaign.status == .active, !before.campaign.paused, !isLenient,
            before.campaign.live?.number == after.live?.number
        else { return }
        if send.state == .missed || now - due > 2 {
            require(
                judge.excuses.excuse(due),
                "\(send.key) is \(send.state) at \(now), due at \(due), and nothing kept the daemon from it")
        }
    }

    private func cover(_ table: Timetable, _ floor: Int64, _ newFloor: Int64) {
        var known = before ?? KnownCampaign(campaign: after)
        for time in table.times(after: max(floor, newFloor - Self.horizon), through: newFloor) {
            known.covered.insert(table.mark(time))
        }
        judge.campaigns[after.id] = known
    }

    // MARK: The end, and what is next

    private func checkCompletion() {
        guard let live = after.live else { return }
        switch after.kind {
        case .oneShot:
            let at = (after.activatedAt?.secondsSinceEpoch ?? .max) + judge.plot.settings.completesAfterHours * 3_600
            require(at <= now, "completed before its time")
        case .triggered, .recurring:
            // By the data that it was planned by, or by those that came in the same turn.
            let present = live.content.definition.schedule?.timezone.flatMap { judge.machine?.zonePlan(named: $0) }
            let tables = [judge.zone(of: before?.edition), present].compactMap { $0.flatMap(timetable) }
            let floor = max(after.decidedUntil?.secondsSinceEpoch ?? .min, before?.campaign.paused == true ? now : .min)
            require(
                tables.contains { table in
                    table.end.map { $0 <= now } ?? false || (after.kind == .recurring && table.isOver(after: floor))
                },
                "completed, and it is not over")
        }
    }

    private func checkNext() {
        let next = decision.nextDue?.secondsSinceEpoch
        let isStuck = after.alerts.contains { $0.code == .scheduleStuck }
        guard after.status.isInForce, after.stopFence == nil, !isStuck
        else { return require(next == nil, "something is next, and it is \(after.status)") }
        guard let table = timetable(decision.plannedBy) else { return }
        // The first occurrence of a campaign that is activating is due, and waits for its checks.
        let waits = judge.isHeld || after.status == .activating
        if let next, !waits { require(next > now, "what is next, \(next), is not later than now") }
        let decided = after.decidedUntil?.secondsSinceEpoch ?? .min
        let planned = table.next(after: after.paused ? max(decided, now) : decided)?.second
        let triggers = after.paused ? [] : judge.triggersToCome(of: after.id)
        let expected = ([planned].compactMap { $0 } + triggers).min()
        require(next == expected, "what is next is \(next ?? 0), and should be \(expected ?? 0)")
    }
}

extension Send {
    /// One occurrence that is claimed for its surface, or was: no summary, and not given up at once.
    fileprivate var isToBeSent: Bool { count == nil && ![.missed, .skipped, .cancelled].contains(state) }
}
