import CampaignModel
import Recurrence

/// Carrying out what was decided: handing over, and listening to the sender about what it has.
extension Engine {
    func carryOut(_ effect: Effect) {
        switch effect {
        case .handOver(let attempt): handOver(attempt)
        case .query(let key):
            handOvers.doubt(key, at: clock.read().steady)
            ask()
        case .revoke(let attempt, let reason):
            handOvers.revoke(attempt, reason: reason)
            _ = revoke(attempt.key)
        case .cancel(let key, let reason):
            handOvers.cancel(key, reason: reason)
            cancel(key)
        }
    }

    private func handOver(_ attempt: Attempt) {
        guard handOvers.beginTalk(about: attempt) else { return }
        faults(.connect)
        let request: HandOver
        do {
            request = try self.request(for: attempt)
        } catch {
            handOvers.endTalk(about: attempt)
            switch error {
            case .unreadable: doubtAfterTrouble(attempt.key)
            case .impossible(let reason):
                // An earlier hand-over of it may still be on its way: it has failed once it can't begin any more.
                handOvers.revoke(attempt, reason: reason, failure: reason)
                _ = revoke(attempt.key)
            }
            return
        }
        Task {
            await launcher.handOver(request) { report in await self.take(report, about: attempt) }
            talkEnded(about: attempt)
        }
    }

    /// Listens to an attempt that runs already.
    func follow(_ attempt: Attempt) {
        guard handOvers.beginTalk(about: attempt) else { return }
        Task {
            await launcher.follow(attempt) { report in await self.take(report, about: attempt) }
            talkEnded(about: attempt)
        }
    }

    /// A connection may end before it told the outcome; then the sender is asked.
    private func talkEnded(about attempt: Attempt) {
        handOvers.endTalk(about: attempt)
        if let send = queue.send(attempt.key), send.isAtSender, !handOvers.isTalking(about: attempt.key) {
            doubtAfterTrouble(attempt.key)
        }
        goOn()
    }

    /// Asks about the key once more: at once the first time, then with growing pauses.
    func doubtAfterTrouble(_ key: OccurrenceKey) {
        handOvers.noteTrouble(with: key)
        handOvers.doubt(key, at: clock.read().steady)
        if let reason = handOvers.refusal { senderRefused(reason) }
    }

    private func request(for attempt: Attempt) throws(HandOverFault) -> HandOver {
        do {
            guard let send = queue.send(attempt.key), let state = try ledger.campaign(send.campaign),
                let version = try ledger.version(send.version, of: send.campaign)
            else { throw HandOverFault.impossible("the ledger has no campaign for it") }
            guard let surface = send.surface, let audience = version.content.audience else {
                throw HandOverFault.impossible("its version names no surface or no audience")
            }
            guard let reference = send.message, let message = try ledger.message(reference) else {
                throw HandOverFault.impossible("its message is not there")
            }
            guard let channel = version.content.channel ?? rules.catalogue.surfaces[surface]?.channel else {
                throw HandOverFault.impossible("surface \(surface) is not set up")
            }
            return HandOver(
                attempt: attempt, campaign: state.campaign.name, title: version.content.title, version: version.number,
                channel: channel, surface: surface, audience: audience, message: message, origin: send.origin,
                due: send.due, nominal: send.nominal, timezone: version.content.schedule.timezone, data: send.data)
        } catch let error as LedgerError {
            if error.isOfWholeLedger { throw .unreadable }
            throw .impossible("the ledger holds it damaged: \(error)")
        } catch let error as HandOverFault {
            throw error
        } catch {
            preconditionFailure("nothing else is thrown above: \(error)")
        }
    }
}

/// Why an attempt is not handed over.
private enum HandOverFault: Error {
    /// The ledger can't be read for now.
    case unreadable
    /// It never can be.
    case impossible(String)
}

extension Send {
    /// The sender may know of it, and has to be asked before anything else is done about it.
    ///
    /// One that waits for a retry is not: its last attempt has ended, and the next begins by a hand-over.
    var isAtSender: Bool {
        switch state {
        case .claimed, .queued: handedAt != nil || verdict != nil
        case .running: true
        case .waiting, .sent, .failed, .missed, .skipped, .cancelled, .interrupted: false
        }
    }
}
