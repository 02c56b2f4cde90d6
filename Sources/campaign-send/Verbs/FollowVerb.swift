import CampaignModel
import Glibc
import SendProtocol
import SendRecords
import SystemdKit

/// Reads what another process writes about a running attempt, until its lock is free. Whether it began here or
/// anywhere else makes no difference: all there is to know is in the folder.
struct FollowVerb {
    let sender: Sender

    /// The folder is looked at this often without any event, so that a lost one delays and never hangs.
    private static let unaskedLook = Duration.seconds(5)
    /// From the signs of an end to the end itself there are a sync and a close: too short to wait for an event that
    /// may have come before them.
    private static let lookNearTheEnd = Duration.milliseconds(20)

    func run(_ attempt: Attempt) -> CInt {
        do throws(SystemError) {
            guard let folder = try sender.state.folder(of: attempt.key) else {
                sender.connection.send(.status(attempt, .none))
                return Sender.Exit.done
            }
            return try follow(attempt, in: folder)
        } catch {
            return sender.busy(error)
        }
    }

    private func follow(_ attempt: Attempt, in folder: KeyFolder) throws(SystemError) -> CInt {
        // Watched before it is looked at, so that nothing falls between.
        let watch = try FolderWatch()
        try watch.add(folder.path, IN_MOVED_TO)
        try? watch.add(folder.path(attempt.number, .attempt), IN_CLOSE_WRITE)
        try? watch.add(folder.path(attempt.number, .progress), IN_MODIFY)
        var isNearTheEnd = false
        var told: SendProgress?
        while true {
            switch try folder.status(of: attempt.number) {
            case .none:
                sender.connection.send(.status(attempt, .none))
                return Sender.Exit.done
            case .ended(let outcome, let progress):
                sender.connection.send(.outcome(outcome, progress))
                return Sender.Exit.done
            case .running(let progress):
                if progress != told { sender.connection.offer(progress) }
                told = progress
            }
            guard let isAtEnd = wait(watch, attempt, isNearTheEnd: isNearTheEnd) else { return Sender.Exit.done }
            isNearTheEnd = isNearTheEnd || isAtEnd
        }
    }

    /// - Returns: whether the attempt is about to end; nil where the peer has gone.
    private func wait(_ watch: borrowing FolderWatch, _ attempt: Attempt, isNearTheEnd: Bool) -> Bool? {
        let connection = sender.connection
        let happened = Poll.wait(
            [(watch.descriptor, POLLIN), (connection.descriptor, connection.wantsToWrite ? POLLOUT : 0)],
            timeout: isNearTheEnd ? Self.lookNearTheEnd : Self.unaskedLook)
        connection.flush()
        if connection.isLost || happened[1] & (POLLHUP | POLLERR) != 0 { return nil }
        guard happened[0] != 0 else { return false }
        let outcomeName = "\(attempt.number).\(KeyFolder.Part.outcome.rawValue)"
        return watch.events().contains { $0.mask & IN_CLOSE_WRITE != 0 || $0.name == outcomeName }
    }
}
