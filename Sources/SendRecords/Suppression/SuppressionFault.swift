internal import CampaignModel
public import SystemdKit

/// Why the list of those who want no mail can't be read or changed.
public enum SuppressionFault: Error, Hashable, Sendable, CustomStringConvertible {
    case disk(SystemError)
    /// A line that no sender has written.
    case damaged(path: String, line: Int)
    /// There was a list, and it is gone.
    case gone(path: String)
    /// It would have more than ``Suppression/keptLimit``.
    case full(kept: Int, new: Int)

    /// Asks the disk.
    static func asking<Value>(_ ask: () throws(SystemError) -> Value) throws(SuppressionFault) -> Value {
        do {
            return try ask()
        } catch {
            throw .disk(error)
        }
    }

    public var description: String {
        switch self {
        case .disk(let error): "\(error)"
        case .damaged(let path, let line):
            "line \(line) of \(path) is damaged; take it out, or put the list back from a copy"
        case .gone(let path): "\(path) was taken away"
        case .full(let kept, let new):
            "\(kept) addresses are suppressed, and \(new) more are too many; \(Suppression.keptLimit) at most are kept"
        }
    }
}
