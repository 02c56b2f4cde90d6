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

        var outcome: AttemptOutcome {
            switch self {
            case .asked(.timeout(let limit)):
                return .failed(
                    reason: "it was not done within the timeout of \(limit.text); a retry goes on where it is")
            case .asked(let reason): return reason.outcome
            case .relay(let fault): return fault.outcome
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
