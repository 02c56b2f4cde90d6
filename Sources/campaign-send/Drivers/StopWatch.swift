import CampaignModel
import Glibc
import SendRecords
import SystemdKit

/// Why a send is to end before it is done.
enum StopReason: Hashable {
    case cancelled(String)
    case signal(CInt)
    case timeout(Duration)

    var outcome: AttemptOutcome {
        switch self {
        case .cancelled(let reason): .cancelled(reason: reason)
        case .signal(let number): .interrupted(reason: "the sender was stopped by \(SignalName.of(number))")
        case .timeout(let limit): .interrupted(reason: "the surface was ended after its timeout of \(limit.text)")
        }
    }
}

/// Watches for a wish to end the send: a signal to this process, or a `cancel` that another process leaves in the
/// folder. Also tells when children end. Signals are held back from its making on.
final class StopWatch: StopWatching {
    let signals: SignalWatch
    let wishes: FolderWatch
    private let folder: KeyFolder
    private let number: Int
    private var found: StopReason?

    init(folder: KeyFolder, number: Int) throws(SystemError) {
        self.folder = folder
        self.number = number
        signals = try SignalWatch()
        wishes = try FolderWatch()
        try wishes.add(folder.path, IN_CREATE)
    }

    /// Looks at what has come since, without waiting.
    ///
    /// - Returns: the first reason to end that there ever was.
    func look() -> StopReason? {
        if let signal = signals.look(), found == nil { found = .signal(signal) }
        // Events only say when to look: the file tells, also one that was there before the watch.
        _ = wishes.events()
        if found == nil, let wish = folder.wishToEnd(number) { found = .cancelled(wish) }
        return found
    }

    func askedEnd() -> AttemptOutcome? { look()?.outcome }
}
