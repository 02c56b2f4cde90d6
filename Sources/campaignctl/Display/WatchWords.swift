import CampaignModel
import ControlAPI
import Recurrence

/// How a send is told while it is watched.
enum WatchWords {
    /// `spring: running, 12,000/40,000 (30%), 85/s, about 6 min left, 3 failed (KEY)`
    static func line(_ send: WatchedSend, at now: Instant) -> String {
        let view = send.view
        if view.state.isFinal { return ended(view, Style(isColoured: false)) }
        let parts = [SendWords.state(view)] + [count(view)].compactMap { $0 } + details(send, at: now)
        return "\(view.campaign): \(parts.joined(separator: ", ")) (\(view.key))"
    }

    /// `spring: sent, 40,000/40,000 (100%), 3 failed, after 7 min (KEY)`; what can be tried again with how.
    static func ended(_ send: SendView, _ style: Style) -> String {
        var parts = [style.sendState(SendWords.state(send), send.state)]
        if let count = count(send) { parts.append(count) }
        if let failed = failed(send) { parts.append(failed) }
        if let started = send.startedAt, let ended = send.endedAt {
            // The pauses before its other attempts are in it.
            let from = send.attempts > 1 ? " from its first attempt on" : ""
            parts.append("after \(PaceWords.span(ended.secondsSinceEpoch - started.secondsSinceEpoch))\(from)")
        }
        if let reason = send.reason { parts.append(reason.escapedForDisplay) }
        let key = SendWords.retryHint(send).map { "; try again: \($0)" } ?? " (\(send.key))"
        return "\(send.campaign): \(parts.joined(separator: ", "))\(key)"
    }

    static func lost(_ send: SendView) -> String {
        "\(send.campaign): \(send.key) is open no more; campaignctl sends \(send.campaign) tells how it ended"
    }

    /// `12,000/40,000 (30%)`; nil where nothing is known.
    static func count(_ send: SendView) -> String? {
        let progress = send.progress
        guard progress.done != nil || progress.total != nil else { return nil }
        let done = progress.done ?? 0
        guard let total = progress.total else { return PaceWords.count(done) }
        let percent = PaceWords.percent(done, of: total).map { " (\($0)%)" } ?? ""
        return "\(PaceWords.count(done))/\(PaceWords.count(total))\(percent)"
    }

    /// What is known beside state and count: pace and forecast, or what it waits for.
    static func details(_ send: WatchedSend, at now: Instant) -> [String] {
        let view = send.view
        var parts: [String] = []
        if let rate = send.rate { parts.append(PaceWords.rate(rate)) }
        if let left = send.secondsLeft { parts.append(PaceWords.left(left)) }
        if send.endsTooLate { parts.append("ends too late") }
        if let next = view.nextAttemptAt {
            let when = TimeSpan.words(ahead: next.secondsSinceEpoch - now.secondsSinceEpoch)
            parts.append(view.isToCome ? when : "attempt \(view.attempts + 1) \(when)")
        }
        if let failed = failed(view) { parts.append(failed) }
        if let reason = view.reason { parts.append(reason.escapedForDisplay) }
        return parts
    }

    private static func failed(_ send: SendView) -> String? {
        guard let failed = send.progress.failed, failed > 0 else { return nil }
        return "\(PaceWords.count(failed)) failed"
    }
}
