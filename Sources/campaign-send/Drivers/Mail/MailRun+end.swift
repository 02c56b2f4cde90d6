import CampaignModel
import SendProtocol
import SendRecords
import SystemdKit

extension MailRun {
    /// Why nothing more is begun.
    enum End {
        case asked(StopReason)
        case relay(MailFault)
        case list(String)
        case disk(SystemError)
        /// Nobody knows who wants no mail.
        case suppressions(SuppressionFault)

        /// What a relay says may name the recipient, and the reason of a send is told in the journal.
        private static func withoutAddresses(_ text: String) -> String {
            text.split(separator: " ", omittingEmptySubsequences: false).map { $0.contains("@") ? "…" : $0 }
                .joined(separator: " ")
        }

        var outcome: AttemptOutcome {
            switch self {
            case .asked(.timeout(let limit)):
                return .failed(
                    reason: "it was not done within the timeout of \(limit.text); a retry goes on where it is")
            case .asked(let reason): return reason.outcome
            case .relay(let fault):
                let reason = Self.withoutAddresses(fault.reason).cutForDisplay
                return fault.isLasting ? .failed(reason: reason) : .temporary(reason: reason, retryAfterSeconds: nil)
            case .list(let reason): return .failed(reason: reason.cutForDisplay)
            case .suppressions(let fault):
                let reason = "who wants no mail is not known: \(fault)".cutForDisplay
                if case .disk = fault { return .temporary(reason: reason, retryAfterSeconds: nil) }
                return .failed(reason: reason)
            case .disk(let error):
                return .temporary(
                    reason: "what becomes of recipients can't be kept: \(error)".cutForDisplay, retryAfterSeconds: nil)
            }
        }
    }
}
