import CampaignModel
import Recurrence

/// What the engine asks of the sender: what it knows of a key, that an attempt never begins, that a running one ends.
/// Each stands until it is answered, however long the sender is away.
extension Engine {
    /// Takes up what the daemon before this one left open at the sender.
    func resume(_ send: Send, at steady: Duration) {
        guard send.isAtSender else { return }
        if let verdict = send.verdict, send.handedAt != nil {
            handOvers.revoke(Attempt(key: send.key, number: send.attempts), reason: verdict.reason)
        } else {
            handOvers.doubt(send.key, at: steady)
        }
    }

    /// Turns to the sender with all that waits for it, unless it does not answer and its pause is not over. It does not
    /// wait for the answers: until then sends keep their state and their places in the caps.
    func turnToSender() {
        guard handOvers.sender.mayTry(at: clock.read().steady) else { return }
        for key in handOvers.idleRevocations { _ = revoke(key) }
        for key in handOvers.idleCancellations { cancel(key) }
        ask()
    }

    // MARK: Query

    /// Asks about what is in doubt; one question is under way at a time, about a batch of keys.
    func ask() {
        let steady = clock.read().steady
        guard !handOvers.isAsking, handOvers.sender.mayTry(at: steady) else { return }
        let keys = handOvers.takeQuestions(at: steady, limit: Self.batchLimit)
        guard !keys.isEmpty else { return }
        handOvers.isAsking = true
        Task { await query(keys) }
    }

    private func query(_ keys: [OccurrenceKey]) async {
        do {
            let answers = try await launcher.query(keys)
            handOvers.isAsking = false
            senderAnswered()
            for key in keys { resolve(key, records: answers[key] ?? []) }
        } catch {
            handOvers.isAsking = false
            let steady = clock.read().steady
            for key in keys where queue.send(key) != nil { handOvers.doubt(key, at: steady) }
            senderFailed(error.reason)
        }
        goOn()
    }

    /// What follows from all that the sender knows of a key: an attempt that runs or was sent wins, then the newest.
    private func resolve(_ key: OccurrenceKey, records: [AttemptRecord]) {
        guard let send = queue.send(key), send.isAtSender, !handOvers.isTalking(about: key) else { return }
        let present = records.filter { $0.attempt.number >= send.attempts || $0.status.isRunningOrSent }
        let newest = present.max { $0.attempt.number < $1.attempt.number }
        if let record = present.first(where: \.status.isRunningOrSent) ?? newest, record.status != .none {
            return take(record)
        }
        let attempt = Attempt(key: key, number: send.attempts)
        if send.state == .running {
            let reason = "the sender has no record of it"
            record(.ended(attempt, .interrupted(reason: reason), SendProgress(), jitter: 0))
        } else if let verdict = send.verdict, send.handedAt != nil {
            handOvers.revoke(attempt, reason: verdict.reason)
        } else if send.verdict != nil {
            record(.neverBegan(key))
        } else {
            handOverAgain(send)
        }
    }

    /// It never began: the same attempt goes over once more, unless it is fenced or late by now.
    private func handOverAgain(_ send: Send) {
        do {
            let now = try observe()
            if !rules.firingIsHeld, let state = try ledger.campaign(send.campaign) { try advance(state, at: now) }
            if queue.send(send.key)?.verdict == nil, !isStopping { try mark(send.key, of: send.campaign, at: now) }
        } catch {
            // Asked again, below.
        }
        guard let now = queue.send(send.key), now.isAtSender, !handOvers.isTalking(about: send.key) else { return }
        if handOvers.revocations[send.key] == nil { doubtAfterTrouble(send.key) }
    }

    // MARK: Revoke

    /// Sees to it that the attempt never begins; the task ends with the sender's answer or its silence.
    func revoke(_ key: OccurrenceKey) -> Task<Void, Never>? {
        guard let revocation = handOvers.revocations[key] else { return nil }
        if let task = revocation.task { return task }
        let task = Task { await carryOut(revocation) }
        handOvers.setRevocationTask(task, of: key)
        return task
    }

    private func carryOut(_ revocation: HandOverBook.Revocation) async {
        let key = revocation.attempt.key
        do throws(LauncherError) {
            let answer = try await launcher.revoke(revocation.attempt, reason: revocation.reason)
            if case .none = answer.status { throw LauncherError("it revokes nothing") }
            handOvers.endRevocation(of: key)
            senderAnswered()
            if case .ended(.revoked, let progress) = answer.status, let failure = revocation.failure,
                queue.send(key)?.verdict == nil
            {
                record(.ended(answer.attempt, .failed(reason: failure), progress, jitter: 0))
            } else {
                take(answer)
            }
        } catch {
            handOvers.setRevocationTask(nil, of: key)
            senderFailed(error.reason)
        }
        goOn()
    }

    // MARK: Cancel

    /// Asks the sender to end what runs of the key.
    func cancel(_ key: OccurrenceKey) {
        guard let cancellation = handOvers.cancellations[key], !cancellation.isUnderWay else { return }
        handOvers.setCancellation(key, isUnderWay: true)
        Task {
            do throws(LauncherError) {
                try await launcher.cancel(key, reason: cancellation.reason)
                handOvers.endCancellation(of: key)
                senderAnswered()
            } catch {
                handOvers.setCancellation(key, isUnderWay: false)
                senderFailed(error.reason)
            }
            goOn()
        }
    }
}

extension AttemptStatus {
    fileprivate var isRunningOrSent: Bool {
        switch self {
        case .running, .ended(.sent, _): true
        case .none, .ended: false
        }
    }
}
