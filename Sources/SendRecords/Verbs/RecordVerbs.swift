internal import CampaignModel
internal import Recurrence
internal import SendProtocol
internal import SystemdKit

/// The verbs that read, make and remove records and start nothing: `query`, `cancel`, `revoke`, `forget`.
struct RecordVerbs {
    let keeper: RecordKeeper

    /// A folder that can't be read ends the answer with `busy`: an empty answer would say that nothing ever began.
    func query(_ keys: [OccurrenceKey]) -> RecordKeeper.Ending {
        for key in keys {
            do throws(SystemError) {
                let folder = try keeper.state.folder(of: key)
                let reports = try folder?.reports() ?? []
                folder?.removeWorkFolders(endedIn: reports)
                keeper.peer.send(.attempts(key, reports))
            } catch {
                return keeper.busy(error)
            }
            keeper.peer.finish()
            if keeper.peer.isLost { break }
        }
        return .done
    }

    /// Leaves the wish beside every attempt that runs; its sender watches for it. Which attempts end so, the one who
    /// asked sees by following.
    func cancel(_ key: OccurrenceKey, reason: String) -> RecordKeeper.Ending {
        do throws(SystemError) {
            let folder = try keeper.state.folder(of: key)
            let reports = try folder?.reports() ?? []
            for report in reports {
                if case .running = report.status { try folder?.askToEnd(report.number, reason: reason) }
            }
            keeper.peer.send(.attempts(key, reports))
            return .done
        } catch {
            return keeper.busy(error)
        }
    }

    /// Makes the attempt one that never began and never will, unless there is a record: that wins.
    func revoke(_ attempt: Attempt, reason: String) -> RecordKeeper.Ending {
        do throws(SystemError) {
            let folder = try keeper.state.makeFolder(of: attempt.key)
            let status = try folder.locked { () throws(SystemError) in
                let status = try folder.status(of: attempt.number)
                guard case .none = status else { return status }
                try folder.complete(attempt.number, as: .revoked(reason: reason))
                return try folder.status(of: attempt.number)
            }
            keeper.peer.send(.status(attempt, status))
            return .done
        } catch {
            return keeper.busy(error)
        }
    }

    /// Removes the records of these owners that ended long enough ago, and of others the results of recipients.
    func forget(_ owners: [Slug], resultsBefore: Instant?) -> RecordKeeper.Ending {
        do throws(SystemError) {
            keeper.peer.send(.kept(try keeper.state.forget(owners, resultsBefore: resultsBefore)))
            return .done
        } catch {
            return keeper.busy(error)
        }
    }
}
