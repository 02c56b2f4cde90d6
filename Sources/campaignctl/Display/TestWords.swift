import CampaignModel
import ControlAPI

/// How proofs and tests of surfaces are told in words.
enum TestWords {
    /// `the proof to ada@example.org was sent (version 2, spring-2026 revision 3, surface newsletter)`
    ///
    /// - Parameter what: proof or test.
    static func sentence(_ test: SendTestView, _ what: String) -> String {
        let to = test.to.map { " to \($0.escapedForDisplay)" } ?? ""
        let reason = test.reason.map { ": \($0.escapedForDisplay)" } ?? ""
        return "the \(what)\(to) \(outcome(test))\(reason) (\(content(test)))"
    }

    private static func outcome(_ test: SendTestView) -> String {
        switch test.outcome {
        case .sent: "was sent"
        case .failed: "failed"
        case .temporary: "failed for now"
        case .interrupted: "was interrupted, and nobody knows whether it arrived"
        case .cancelled: "was cancelled"
        case .running: "is still under way"
        }
    }

    private static func content(_ test: SendTestView) -> String {
        let version = test.version.map { "version \($0), " } ?? ""
        return "\(version)\(test.message) revision \(test.revision), surface \(test.surface)"
    }
}
