internal import CampaignModel
internal import SendProtocol
internal import SystemdKit

/// The verb `send`: one attempt, from its record to its outcome.
struct SendVerb<World: Delivering> {
    let keeper: RecordKeeper
    let delivering: World

    /// A request that can run, and what runs it.
    private struct Planned {
        let request: SendRequest
        let work: World.Work
    }

    /// What the folder's state and the request make of each other.
    private enum Beginning {
        case accepted(AcceptedAttempt, Planned)
        /// Another attempt runs or was sent, or this one has a record: nothing starts.
        case inTheWay(Attempt, AttemptStatus)
        /// It will never run; its record says so.
        case refused(AttemptOutcome)
    }

    func run(_ request: SendRequest) -> RecordKeeper.Ending {
        let planned = Result { () throws(SendRefusal) in
            Planned(request: request, work: try delivering.work(for: request))
        }
        return start(request.attempt, planned)
    }

    /// Records an attempt whose request can't be taken, so that it is never asked for again.
    func refuse(_ attempt: Attempt, reason: String) -> RecordKeeper.Ending {
        guard (1...ProtocolLimits.maximumAttempts).contains(attempt.number) else {
            keeper.peer.send(.refused(reason: reason.cutForDisplay))
            return .unusable
        }
        return start(attempt, .failure(SendRefusal(reason: reason)))
    }

    private func start(_ attempt: Attempt, _ planned: Result<Planned, SendRefusal>) -> RecordKeeper.Ending {
        do throws(SystemError) {
            let folder = try keeper.state.makeFolder(of: attempt.key)
            // Before the record exists: what fails here is no send yet, and from here on no signal ends the process.
            let stop = try delivering.watch(attempt, in: folder)
            let beginning = try folder.locked { () throws(SystemError) in try begin(attempt, in: folder, planned) }
            return carryOut(beginning, stop)
        } catch {
            return keeper.busy(error)
        }
    }

    /// Under the folder's lock. The records come before the configuration: what was sent stays sent, also where its
    /// surface is gone since.
    private func begin(
        _ attempt: Attempt, in folder: KeyFolder, _ planned: Result<Planned, SendRefusal>
    ) throws(SystemError) -> Beginning {
        let reports = try folder.reports()
        folder.removeWorkFolders(endedIn: reports)
        for report in reports {
            switch report.status {
            case .running, .ended(.sent, _): break
            case .none, .ended: if report.number != attempt.number { continue }
            }
            return .inTheWay(Attempt(key: attempt.key, number: report.number), report.status)
        }
        switch try folder.hasLostResults() ? .failure(SendRefusal(reason: RecordKeeper.lostResults)) : planned {
        case .success(let planned):
            let message = planned.request.message.content
            return .accepted(try AcceptedAttempt.make(attempt.number, in: folder, message: message), planned)
        case .failure(let refusal):
            let outcome = AttemptOutcome.failed(reason: refusal.reason.cutForDisplay)
            try folder.complete(attempt.number, as: outcome)
            return .refused(outcome)
        }
    }

    private func carryOut(_ beginning: Beginning, _ stop: World.Stop) -> RecordKeeper.Ending {
        switch beginning {
        case .inTheWay(let attempt, let status):
            keeper.peer.send(.status(attempt, status))
            return .done
        case .refused(let outcome):
            keeper.peer.send(.outcome(outcome, SendProgress()))
            return .done
        case .accepted(let accepted, let planned):
            keeper.reach(.accepted)
            keeper.peer.send(.accepted)
            keeper.reach(.acceptedTold)
            return end(accepted, deliver(planned, as: accepted, until: stop))
        }
    }

    private func deliver(_ planned: Planned, as accepted: AcceptedAttempt, until stop: World.Stop) -> Delivery {
        // Accepted, never started: told as what it is, and still not repeated by itself.
        if let outcome = stop.askedEnd() { return Delivery(outcome) }
        return delivering.deliver(planned.work, planned.request, as: accepted, until: stop)
    }

    private func end(_ accepted: AcceptedAttempt, _ delivery: Delivery) -> RecordKeeper.Ending {
        do throws(SystemError) {
            try accepted.write(delivery.outcome, delivery.progress)
        } catch {
            // Without an outcome on disk none is told. Whoever asks learns that it is unknown.
            keeper.complain("\(accepted.attempt): its outcome could not be written: \(error)")
            accepted.release()
            keeper.peer.lose()
            return .trouble
        }
        keeper.reach(.outcomeWritten)
        accepted.release()
        keeper.peer.send(.outcome(delivery.outcome, delivery.progress))
        keeper.peer.finish()
        keeper.reach(.outcomeTold)
        return .done
    }
}
