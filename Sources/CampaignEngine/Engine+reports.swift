import CampaignModel
import Recurrence

/// What the sender says, as facts for the model.
extension Engine {
    func take(_ report: SendReport, about attempt: Attempt) {
        switch report {
        case .accepted:
            faults(.accepted)
            begun(attempt)
        case .progress(let progress):
            // A ledger that could not be written may have missed that it was accepted.
            if queue.send(attempt.key)?.state == .claimed { begun(attempt) }
            take(progress, of: attempt.key)
            return
        case .ended(let outcome, let progress):
            faults(.told)
            senderAnswered()
            record(attempt, outcome, progress)
        case .already(let record):
            senderAnswered()
            take(record)
        case .notBegun(let reason):
            handOvers.noteRefusal(of: attempt.key, reason)
            // The end of the connection follows, and the question with it.
            return
        case .lost:
            return
        }
        goOn()
    }

    private func begun(_ attempt: Attempt) {
        handOvers.noteProgress(of: attempt.key)
        senderAnswered()
        if !record(.accepted(attempt)) { handOvers.noteUnrecorded(attempt) }
    }

    /// What the sender said that it had begun while the ledger could not take it: it says so once.
    func recordBegun() {
        for attempt in handOvers.takeUnrecorded() { begun(attempt) }
    }

    /// Takes in a record that the sender has of a key: what it says stands, whatever was to be done.
    func take(_ record: AttemptRecord) {
        let key = record.attempt.key
        guard let send = queue.send(key) else { return }
        // Whichever attempt runs or was sent, the occurrence does or was.
        let present = Attempt(key: key, number: max(record.attempt.number, send.attempts))
        switch record.status {
        case .none: break
        case .running(let progress):
            self.record(.accepted(present))
            take(progress, of: key)
            follow(record.attempt)
        case .ended(.sent, let progress): self.record(present, .sent, progress)
        case .ended(let outcome, let progress): self.record(record.attempt, outcome, progress)
        }
    }

    private func record(_ attempt: Attempt, _ outcome: AttemptOutcome, _ last: SendProgress) {
        let all = progress.final(last, of: attempt.key)
        if record(.ended(attempt, outcome, all, jitter: jitter())) { progress.forget(attempt.key) }
    }

    /// Gives the model a fact and commits what follows; false where the ledger could not take it.
    ///
    /// Nothing is lost then: the sender keeps its record, and is asked again.
    @discardableResult
    func record(_ fact: SendFact) -> Bool {
        guard let send = queue.send(fact.key) else { return true }
        do {
            let now = try observe()
            guard let state = try ledger.campaign(send.campaign) else { return true }
            try commitAlone(state, at: now) { Lifecycle.take(fact, into: $0, at: now, under: rules) }
            if case .ended = fact { faults(.recorded) }
            return true
        } catch {
            if !handOvers.isTalking(about: fact.key) { doubtAfterTrouble(fact.key) }
            return false
        }
    }

    /// What follows whatever the sender said: places may be free, and questions due.
    func goOn() {
        if let now = try? observe() {
            _ = try? dispatch(at: now)
            tellAlerts(at: now)
        }
        turnToSender()
        settle()
    }

    func jitter() -> Double {
        var generator = random
        defer { random = generator }
        return Double.random(in: 0..<1, using: &generator)
    }

    // MARK: Progress

    private func take(_ progress: SendProgress, of key: OccurrenceKey) {
        guard let send = queue.send(key) else { return }
        let before = self.progress.nextWrite
        let steady = clock.read().steady
        self.progress.take(progress, of: key, known: send.progress, at: steady)
        writeProgress()
        let isJudged = self.progress.takeJudgement(of: key, at: steady)
        if isJudged { judgePace(of: send.campaign) }
        if isJudged || self.progress.nextWrite != before { settle() }
    }

    /// Has the model judge whether what a campaign is sending ends in time. Where that fails the next report is judged.
    private func judgePace(of id: CampaignID) {
        guard let now = try? observe(), let state = try? ledger.campaign(id) else { return }
        var secondsLeft: [OccurrenceKey: Double] = [:]
        for send in state.openSends { secondsLeft[send.key] = progress.secondsLeft(of: send.key) }
        try? commitAlone(state, at: now) { Lifecycle.notePace(secondsLeft, of: $0, at: now, under: rules) }
        tellAlerts(at: now)
    }

    /// Writes how far sends have come, each at most once a second; what waits is written by a later turn.
    func writeProgress() {
        let steady = clock.read().steady
        for (key, latest) in progress.due(at: steady) {
            do {
                try ledger.record(latest, of: key)
                progress.noteWrite(of: key, at: steady)
            } catch {
                progress.noteFailure(of: key, at: steady)
            }
        }
    }
}
