import CampaignModel
import SendProtocol
import SystemdKit

/// The verbs that read, make and remove records and start nothing: `query`, `cancel`, `revoke`, `forget`.
struct RecordVerbs {
    let sender: Sender

    /// A folder that can't be read ends the answer with `busy`: an empty answer would say that nothing ever began.
    func query(_ keys: [OccurrenceKey]) -> CInt {
        for key in keys {
            do throws(SystemError) {
                let folder = try sender.state.folder(of: key)
                let reports = try folder?.reports() ?? []
                folder?.removeWorkFolders(endedIn: reports)
                sender.connection.send(.attempts(key, reports))
            } catch {
                return sender.busy(error)
            }
            sender.connection.finish()
            if sender.connection.isLost { break }
        }
        return Sender.Exit.done
    }

    /// Leaves the wish beside every attempt that runs; its sender watches for it. Which attempts end so, the one who
    /// asked sees by following.
    func cancel(_ key: OccurrenceKey, reason: String) -> CInt {
        do throws(SystemError) {
            let folder = try sender.state.folder(of: key)
            let reports = try folder?.reports() ?? []
            for report in reports {
                if case .running = report.status { try folder?.askToEnd(report.number, reason: reason) }
            }
            sender.connection.send(.attempts(key, reports))
            return Sender.Exit.done
        } catch {
            return sender.busy(error)
        }
    }

    /// Makes the attempt one that never began and never will, unless there is a record: that wins.
    func revoke(_ attempt: Attempt, reason: String) -> CInt {
        do throws(SystemError) {
            let folder = try sender.state.makeFolder(of: attempt.key)
            let status = try folder.locked { () throws(SystemError) in
                let status = try folder.status(of: attempt.number)
                guard case .none = status else { return status }
                try folder.complete(attempt.number, as: .revoked(reason: reason))
                return try folder.status(of: attempt.number)
            }
            sender.connection.send(.status(attempt, status))
            return Sender.Exit.done
        } catch {
            return sender.busy(error)
        }
    }

    /// Removes the records of these owners that ended long enough ago.
    func forget(_ owners: [Slug]) -> CInt {
        do throws(SystemError) {
            sender.connection.send(.kept(try sender.state.forget(owners)))
            return Sender.Exit.done
        } catch {
            return sender.busy(error)
        }
    }
}
