import Recurrence

/// Stop, as a fence, and cancel.
extension Turn {
    /// Commits the fence first: from this commit nothing is claimed or handed over. What is marked as handed over and
    /// not accepted has to be revoked before the stop is complete.
    mutating func stop() throws(Refusal) {
        followZoneData()
        if campaign.stopFence != nil { return stopAgain() }
        recordWhatWasPaused()
        if !cancelWhatIsDue() { completeIfOver() }
        guard campaign.status.isInForce else { throw refusal(of: .stop, why: "it is completed at this instant") }
        campaign.stopFence = StopFence(actor: issuer.actor, reason: issuer.reason)
        for send in openSends where send.state != .running {
            if isMarked(send) {
                update(send.key) { $0.verdict = Verdict(state: .cancelled, reason: Self.stopReason) }
            } else {
                end(send.key, .cancelled, reason: Self.stopReason)
            }
        }
        if openSends.contains(where: isMarked) {
            record(.fenced, text: "stopping: nothing is handed over any more; the sender is asked about what was")
            revokeWhatIsMarked()
        } else {
            finishStop()
        }
    }

    private static let stopReason = "the campaign was stopped"

    /// The fence stands already: the sender is asked once more.
    private mutating func stopAgain() {
        revokeWhatIsMarked()
        settleFence()
    }

    /// What a stop finds due is recorded as cancelled, in whatever status it was due; true where there was something.
    private mutating func cancelWhatIsDue() -> Bool {
        guard !rules.firingIsHeld, let plan = livePlan else { return false }
        let floor = campaign.decidedUntil ?? .earliest
        guard let newest = plan.last(atOrBefore: now), newest.instant > floor else { return false }
        recordTogether(.cancelled, after: floor, through: newest, plan, reason: Self.stopReason)
        decide(until: newest.instant)
        return true
    }

    /// Marked as handed over and not answered: it may begin at any moment.
    private func isMarked(_ send: Send) -> Bool {
        send.state == .claimed && send.handedAt != nil
    }

    private mutating func revokeWhatIsMarked() {
        for send in openSends where isMarked(send) {
            act(.revoke(Attempt(key: send.key, number: send.attempts), reason: Self.stopReason))
        }
    }

    /// A refusal for what a command found; the status alone would allow it.
    func refusal(of command: CommandName, why: String) -> Refusal {
        let allowed = permission.allowed.filter { $0 != command }
        return .invalidState(campaign.status, command: command, allowed: allowed, why: why)
    }

    /// Completes or lifts the fence, once the sender has said what became of all that was marked.
    mutating func settleFence() {
        guard let fence = campaign.stopFence, !openSends.contains(where: isMarked) else { return }
        if campaign.kind == .oneShot, let send = newestScheduled, send.wasAccepted, send.state != .cancelled {
            campaign.stopFence = nil
            record(.fenceLifted, send: send, text: "not stopped: its send was accepted before the stop")
            return
        }
        finishStop(by: fence)
    }

    private mutating func finishStop(by fence: StopFence? = nil) {
        let stopper = fence.map { Issuer(actor: $0.actor, reason: $0.reason) } ?? issuer
        let from = campaign.status
        campaign.stopFence = nil
        campaign.paused = false
        campaign.endedAt = now
        campaign.status = .stopped
        clearWhatEnded()
        record(.status, from: from, to: .stopped, by: stopper, text: "stopped by \(stopper.actor.name)")
    }

    /// Ends a running send through the sender; what has not begun never will. Triggers to come are not being sent: each
    /// is called off by its key alone.
    mutating func cancel(_ key: OccurrenceKey?) throws(Refusal) {
        let wanted = openSends.filter { key == nil ? !$0.isToCome : $0.key == key }
        if let key, wanted.isEmpty { throw .notFound("no send \(key) of \(campaign.name) is open") }
        for send in wanted {
            let reason = issuer.reason ?? "cancelled by \(issuer.actor.name)"
            let verdict = Verdict(state: .cancelled, reason: reason, actor: issuer.actor)
            if send.state == .running {
                // Kept with the send, so that it is asked for again after a restart, and not retried meanwhile.
                update(send.key) { $0.verdict = verdict }
                act(.cancel(send.key, reason: verdict.reason))
            } else {
                giveUp(send, verdict)
            }
        }
        decideDue()
    }

    /// Sees to it that a send that has not begun never will. One that was marked as handed over gets its final state
    /// only once it is revoked; one that never was needs no asking, unless the ledger itself may have forgotten.
    mutating func giveUp(_ send: Send, _ verdict: Verdict, asks: Bool = false) {
        if isMarked(send) {
            update(send.key) { $0.verdict = verdict }
            act(.revoke(Attempt(key: send.key, number: send.attempts), reason: verdict.reason))
        } else if asks {
            update(send.key) { $0.verdict = verdict }
            act(.query(send.key))
        } else {
            end(send.key, verdict)
        }
    }

    // MARK: Before it is done

    /// What a stop now would do; what time has made due is what it finds.
    var stopOutlook: StopOutlook {
        let cancels = openSends.filter { $0.state != .running }
        let planned = livePlan?.occurrences(
            after: campaign.decidedUntil ?? .earliest, limit: StopOutlook.dropsLimit).map(\.instant)
        return StopOutlook(
            cancels: cancels, goesOn: openSends.filter { $0.state == .running }, drops: planned ?? [])
    }
}
