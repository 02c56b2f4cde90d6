import CampaignModel
import ControlAPI

/// How proofs and tests of surfaces are told in words.
enum TestWords {
    /// `the proof to ada@example.org was sent (version 2, spring-2026 revision 3, surface newsletter)`; of a surface's
    /// test `the test was sent to ada@example.org`, and `the test passed` where it goes to nobody.
    static func sentence(_ test: SendTestView) -> String {
        let reason = test.reason.map { ": \($0.escapedForDisplay)" } ?? ""
        let address = test.to?.escapedForDisplay
        let to = address.map { " to \($0)" } ?? ""
        if test.campaign != nil { return "the proof\(to) \(outcome(test))\(reason) (\(content(test)))" }
        guard test.outcome == .sent else { return "the test\(to) \(outcome(test))\(reason)" }
        return address.map { "the test was sent to \($0)" } ?? "the test passed"
    }

    private static func outcome(_ test: SendTestView) -> String {
        switch test.outcome {
        case .sent: "was sent"
        case .failed: "failed"
        case .temporary: "failed for now"
        case .interrupted:
            test.to == nil ? "was interrupted" : "was interrupted, and nobody knows whether it arrived"
        case .cancelled: "was cancelled"
        case .running: "is still under way"
        }
    }

    /// What a proof shows: a surface's test has a message of the daemon's own.
    private static func content(_ test: SendTestView) -> String {
        let version = test.version.map { "version \($0), " } ?? ""
        return "\(version)\(test.message) revision \(test.revision), surface \(test.surface)"
    }
}
