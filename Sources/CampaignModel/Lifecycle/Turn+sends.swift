import Recurrence

/// A send from its hand-over to its end.
extension Turn {
    /// Marks the next attempt as handed over, or gives the same one again for lack of an answer.
    mutating func handOver(_ key: OccurrenceKey) {
        guard let send = send(key), mayBegin(send) else { return }
        update(key) { [now] send in
            if send.state == .queued { send.readyAt = now }
            if send.handedAt == nil || send.state == .waiting {
                send.attempts += 1
                send.handedAt = now
            }
            send.state = .claimed
            send.nextAttemptAt = nil
        }
        guard let number = self.send(key)?.attempts else { return }
        act(.handOver(Attempt(key: key, number: number)))
    }

    private func mayBegin(_ send: Send) -> Bool {
        guard send.verdict == nil, campaign.stopFence == nil, !rules.firingIsHeld else { return false }
        switch send.state {
        case .claimed: return true
        case .queued: return !send.isBetweenAttempts || campaign.status == .active
        case .waiting: return campaign.status == .active && (send.nextAttemptAt ?? now) <= now
        case .running, .sent, .failed, .missed, .skipped, .cancelled, .interrupted: return false
        }
    }

    mutating func enqueue(_ key: OccurrenceKey) {
        guard let send = send(key), send.verdict == nil, isToBegin(send) else { return }
        update(key) {
            $0.state = .queued
            $0.nextAttemptAt = nil
            // Of its last attempt; of the next one nothing is at the sender.
            $0.handedAt = nil
        }
    }

    /// Claimed and not handed over, or a retry whose time has come.
    private func isToBegin(_ send: Send) -> Bool {
        switch send.state {
        case .claimed: send.handedAt == nil
        case .waiting: send.isBetweenAttempts && (send.nextAttemptAt ?? now) <= now
        case .queued, .running, .sent, .failed, .missed, .skipped, .cancelled, .interrupted: false
        }
    }

    // MARK: What the sender says

    /// Takes in what the sender said. Facts about another attempt than the present one, or about a send that has
    /// ended, are late echoes and change nothing; only that an earlier attempt was sent is never an echo.
    mutating func take(_ fact: SendFact) {
        guard let send = send(fact.key), !send.state.isFinal else { return }
        switch fact {
        case .accepted(let attempt):
            guard isPresent(attempt, of: send) else { return }
            begin(send, attempt)
        case .ended(let attempt, let outcome, let progress, let jitter):
            guard isPresent(attempt, of: send) || (outcome == .sent && send.state != .running) else { return }
            let isRecordOfBegin = if case .revoked = outcome { false } else { true }
            update(send.key) { send in
                // The ledger may be older than the sender's record: the attempt that it names is the one.
                send.attempts = max(send.attempts, attempt.number)
                send.progress = send.progress.updated(by: progress)
                if isRecordOfBegin { send.wasAccepted = true }
            }
            finish(send.key, outcome, jitter: jitter)
        case .neverBegan:
            if let verdict = send.verdict { end(send.key, verdict) }
        }
        settleFence()
    }

    /// Whether a fact about this attempt is news: before a retry, the last attempt has ended.
    private func isPresent(_ attempt: Attempt, of send: Send) -> Bool {
        send.isBetweenAttempts ? attempt.number > send.attempts : attempt.number >= send.attempts
    }

    private mutating func begin(_ send: Send, _ attempt: Attempt) {
        // A record that exists wins over what was about to be decided. A person's cancel goes on to end it; a stop
        // ends no send that was accepted.
        let cancel = campaign.stopFence == nil && send.verdict?.state == .cancelled ? send.verdict : nil
        if send.state != .running {
            update(send.key) { [now] send in
                send.state = .running
                send.attempts = attempt.number
                send.wasAccepted = true
                send.handedAt = send.handedAt ?? now
                send.startedAt = send.startedAt ?? now
                send.nextAttemptAt = nil
                send.verdict = cancel
            }
            record(.started, send: self.send(send.key), text: "attempt \(attempt.number) started")
        }
        if let cancel { act(.cancel(send.key, reason: cancel.reason)) }
    }

    private mutating func finish(_ key: OccurrenceKey, _ outcome: AttemptOutcome, jitter: Double) {
        guard let send = send(key) else { return }
        switch outcome {
        case .sent: end(key, .sent, reason: nil)
        case .failed(let reason): end(key, .failed, reason: reason)
        case .cancelled(let reason): end(key, Verdict(state: .cancelled, reason: reason, actor: send.verdict?.actor))
        case .revoked(let reason): end(key, send.verdict ?? Verdict(state: .cancelled, reason: reason))
        case .temporary(let reason, let asked):
            let seconds = Backoff.seconds(beforeAttempt: send.attempts + 1, asked: asked, jitter: jitter)
            if let verdict = send.verdict, verdict.state == .cancelled {
                // It would wait for a retry now, and that is what was cancelled.
                end(key, verdict)
            } else if mayRetry(send) {
                wait(key, seconds: seconds, reason: reason)
            } else {
                end(key, .failed, reason: reason)
            }
        case .interrupted(let reason):
            let seconds = Backoff.seconds(beforeAttempt: send.attempts + 1, asked: nil, jitter: jitter)
            if mayRepeat(send, at: now + seconds) {
                wait(key, seconds: seconds, reason: reason)
            } else {
                end(key, .interrupted, reason: reason)
            }
        }
    }

    private func mayRetry(_ send: Send) -> Bool {
        guard campaign.status == .active, campaign.stopFence == nil else { return false }
        if send.verdict?.state == .cancelled { return false }
        let surfaceRetries = send.surface.flatMap { rules.catalogue.surfaces[$0]?.retries }
        let retries = content(of: send)?.retries ?? surfaceRetries ?? rules.settings.retries
        return send.attempts <= min(retries, Send.attemptLimit - 1)
    }

    /// An unknown outcome is repeated only where its author asked for it, and only in time.
    private func mayRepeat(_ send: Send, at instant: Instant) -> Bool {
        guard let content = content(of: send), content.onInterrupt == .retry, mayRetry(send) else { return false }
        return instant <= send.due + lateLimit(of: content).secondsRoundedUp
    }

    private mutating func wait(_ key: OccurrenceKey, seconds: Int64, reason: String) {
        update(key) { [now] send in
            send.state = .waiting
            send.reason = reason
            send.nextAttemptAt = now + seconds
            send.verdict = nil
        }
        guard let send = send(key) else { return }
        record(
            .waiting, send: send, reason: reason,
            text: "attempt \(send.attempts) failed for now; the next one in \(seconds) s")
    }

    /// Ends a send as was said before, in the name of who said it.
    mutating func end(_ key: OccurrenceKey, _ verdict: Verdict) {
        end(key, verdict.state, reason: verdict.reason, by: verdict.actor)
    }

    /// Gives a send its final state, tells it, and raises the alert that belongs to it.
    mutating func end(_ key: OccurrenceKey, _ state: SendState, reason: String?, by actor: EventActor? = nil) {
        update(key) { [now] send in
            send.state = state
            send.reason = reason
            send.endedAt = now
            send.nextAttemptAt = nil
            send.verdict = nil
        }
        guard let send = send(key) else { return }
        clearPace(of: send)
        record(
            .ended, send: send, by: actor.map { Issuer(actor: $0) }, reason: reason,
            text: reason.map { "\(state.rawValue): \($0)" } ?? state.rawValue)
        let why = reason ?? "no reason given"
        switch state {
        case .failed: report(.sendFailed, "a send failed: \(why)\(wayOut(of: send))")
        case .interrupted:
            report(.sendInterrupted, "nobody knows how far a send came: \(why)\(wayOut(of: send))")
        case .missed: report(.occurrenceMissed, "an occurrence was missed: \(why); send-now sends it by hand")
        case .sent, .skipped, .cancelled, .claimed, .queued, .running, .waiting: break
        }
    }

    /// What a person can do about a send that ended badly.
    private func wayOut(of send: Send) -> String {
        campaign.status == .active ? "; campaignctl retry \(send.key.quoted) tries it again" : ""
    }
}
