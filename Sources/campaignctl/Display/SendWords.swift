import CampaignModel
import ControlAPI

/// How sends are told in words.
enum SendWords {
    /// `running`, `queued (2)`, `missed (12)`, `to come`
    static func state(_ send: SendView) -> String {
        if send.isToCome { return "to come" }
        if let position = send.queuePosition { return "\(send.state.rawValue) (\(PaceWords.count(Int64(position))))" }
        if let count = send.count { return "\(send.state.rawValue) (\(PaceWords.count(Int64(count))))" }
        return send.state.rawValue
    }

    /// `waiting, attempt 2 at 09:00:30`, beside the time at which the send is due; else as ``state(_:)``.
    static func state(_ send: SendView, _ times: Times, zoneName: String?) -> String {
        guard send.state == .waiting, !send.isToCome, let next = send.nextAttemptAt else { return state(send) }
        return "\(state(send)), attempt \(send.attempts + 1) at "
            + times.text(next, beside: send.due, zoneName: zoneName)
    }

    /// Tells how the send is tried again; nil where it did not fail.
    static func retryHint(_ send: SendView) -> String? {
        send.isRetryable ? "campaignctl retry \(send.key)" : nil
    }

    /// `20,300/48,000, 3 failed`; nil where nothing is known.
    static func progress(_ send: SendView) -> String? {
        let progress = send.progress
        guard progress.done != nil || progress.total != nil || progress.failed != nil else { return nil }
        var text = PaceWords.count(progress.done ?? 0)
        if let total = progress.total { text += "/\(PaceWords.count(total))" }
        if let failed = progress.failed, failed > 0 { text += ", \(PaceWords.count(failed)) failed" }
        return text
    }
}

extension SendView {
    /// Whether a person is likely to want it tried again; a cancelled one can be, too.
    fileprivate var isRetryable: Bool { state == .failed || state == .interrupted }
}
