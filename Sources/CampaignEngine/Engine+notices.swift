import CampaignModel
import Recurrence

/// `on_alert`: each new alert goes to a surface as well, repeats folded.
extension Engine {
    /// What is known of the notices besides what the ledger keeps.
    struct Notices {
        /// Nil before the ledger is asked.
        var telling: AlertTelling?
        /// A notice is with the sender.
        var isUnderWay = false
        /// When each alert was told last, by the steady clock; forgotten after ``foldingTime``.
        var lastTold: [AlertNotice.Subject: Duration] = [:]
        var lastNotice: Duration?
        /// How often a sender that does not answer is tried again.
        var pace = RetryPace()
        /// When a notice may be due next, by the steady clock.
        var nextLook: Duration?
    }

    /// Notices are no closer than this: what a fault raises everywhere at once is one of them.
    static let noticePause = Duration.seconds(60)
    /// An alert that comes and goes is told once in this time, with its count.
    static let foldingTime = Duration.seconds(3_600)
    /// Events that one notice tells.
    static let noticeLimit = 1_000
    /// An audience of this name gets the notices, where the administrator has set one up.
    private static let noticeAudience = "alerts"

    /// Hands over what is new, or what was on its way when the daemon ended.
    func tellAlerts(at now: Instant) {
        notices.nextLook = nil
        guard !isStopping, !notices.isUnderWay else { return }
        do {
            var telling = try notices.telling ?? ledger.alertTelling()
            notices.telling = telling
            guard let surface = rules.settings.onAlert else { return try forgetTelling(telling, at: now) }
            guard let told = telling.told else {
                // What was raised before anybody was to be told is no news.
                return try keep(AlertTelling(told: ledger.newestRaisedAlert()), at: now)
            }
            let events = try ledger.raisedAlerts(after: told, limit: Self.noticeLimit)
            if telling.notice == nil {
                guard let last = events.last, isNews(events) else { return }
                telling.notice = AlertTelling.Notice(
                    through: last.sequence, madeAt: now, attempt: 1, notBefore: now)
                try keep(telling, at: now)
            }
            guard let notice = telling.notice, mayHandOver(notice, at: now) else { return }
            handOver(notice, AlertNotice(events.filter { $0.sequence <= notice.through }.map(\.event)), surface)
        } catch {
            // A ledger that can't be read or written tells them later.
            notices.nextLook = clock.read().steady + Self.noticePause
        }
    }

    private func forgetTelling(_ telling: AlertTelling, at now: Instant) throws(LedgerError) {
        if telling != AlertTelling() { try keep(AlertTelling(), at: now) }
    }

    private func keep(_ telling: AlertTelling, _ events: [Event] = [], at now: Instant) throws(LedgerError) {
        try ledger.setAlertTelling(telling, events: events, at: now)
        notices.telling = telling
    }

    /// Whether a notice is due: at once for an alert that was not told lately, else when its folding time is over.
    private func isNews(_ events: [RecordedEvent]) -> Bool {
        let steady = clock.read().steady
        notices.lastTold = notices.lastTold.filter { steady - $0.value < Self.foldingTime }
        let ready = events.compactMap { AlertNotice.Subject($0.event) }.map { subject in
            notices.lastTold[subject].map { $0 + Self.foldingTime } ?? steady
        }.min() ?? steady
        let earliest = max(ready, notices.lastNotice.map { $0 + Self.noticePause } ?? ready)
        if earliest > steady { notices.nextLook = earliest }
        return earliest <= steady
    }

    private func mayHandOver(_ notice: AlertTelling.Notice, at now: Instant) -> Bool {
        let steady = clock.read().steady
        if notice.notBefore > now { notices.nextLook = steady + .seconds(notice.notBefore - now) }
        if let retryAt = notices.pace.retryAt, retryAt > steady { notices.nextLook = retryAt }
        return notices.nextLook == nil
    }

    // MARK: The hand-over

    private func handOver(_ notice: AlertTelling.Notice, _ content: AlertNotice, _ surface: Slug) {
        let attempt = Attempt(key: notice.key, number: notice.attempt)
        guard let known = rules.catalogue.surfaces[surface], let name = Slug("campaignd") else {
            return noticeEnded(attempt, content, .failed(reason: "there is no surface \(surface)"))
        }
        let audience = Slug(Self.noticeAudience).flatMap { rules.catalogue.audiences.contains($0) ? $0 : nil }
        let request = HandOver(
            attempt: attempt, campaign: name, title: nil, version: 1, channel: known.channel, surface: surface,
            audience: audience,
            message: Message(name: name, revision: 1, isPublished: true, content: content.content), origin: .alerts,
            due: notice.madeAt)
        notices.isUnderWay = true
        Task {
            var outcome: AttemptOutcome?
            let reports = AsyncStream.makeStream(of: SendReport.self)
            await launcher.handOver(request) { reports.continuation.yield($0) }
            reports.continuation.finish()
            for await report in reports.stream { outcome = report.outcome(of: attempt) ?? outcome }
            notices.isUnderWay = false
            if let outcome {
                noticeEnded(attempt, content, outcome)
            } else {
                // The same attempt again: the sender says what became of it.
                notices.pace.failed(at: clock.read().steady)
            }
            goOn()
        }
    }

    private func noticeEnded(_ attempt: Attempt, _ content: AlertNotice, _ outcome: AttemptOutcome) {
        let (now, steady) = (clock.read().now, clock.read().steady)
        guard var telling = notices.telling, var notice = telling.notice else { return }
        notices.pace.worked()
        if case .temporary(_, let asked) = outcome, notice.attempt <= rules.settings.retries {
            notice.attempt += 1
            notice.notBefore = now + Backoff.seconds(beforeAttempt: notice.attempt, asked: asked, jitter: jitter())
            telling.notice = notice
            try? keep(telling, at: now)
            return
        }
        let (state, reason) = outcome.end
        notices.lastNotice = steady
        for subject in content.subjects { notices.lastTold[subject] = steady }
        let event = Event(
            .alertsTold, at: now, campaign: nil, key: attempt.key, due: notice.madeAt, outcome: state, actor: .daemon,
            reason: reason,
            text: "notice of \(content.subjects.count == 1 ? "1 alert" : "\(content.subjects.count) alerts"): "
                + "\(state.rawValue)\(reason.map { ": \($0)" } ?? "")")
        // Where it can't be written, the same attempt is handed over again, and the sender knows that it has ended.
        try? keep(AlertTelling(told: notice.through), [event], at: now)
    }
}

extension SendReport {
    /// How the attempt ended, where this tells it.
    fileprivate func outcome(of attempt: Attempt) -> AttemptOutcome? {
        switch self {
        case .ended(let outcome, _): outcome
        case .already(let record):
            if record.attempt == attempt, case .ended(let outcome, _) = record.status { outcome } else { nil }
        case .accepted, .progress, .notBegun, .lost: nil
        }
    }
}
