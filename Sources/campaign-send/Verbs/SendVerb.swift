import CampaignModel
import SendProtocol
import SurfaceFiles
import SystemdKit

/// The verb `send`: one attempt, from its record to its outcome.
struct SendVerb {
    let sender: Sender

    /// A request that can run, and what runs it.
    private struct Work {
        let request: SendRequest
        let driver: any Driver
    }

    /// What the folder's state and the configuration make of a request.
    private enum Beginning {
        case accepted(AcceptedAttempt, Work)
        /// Another attempt runs or was sent, or this one has a record: nothing starts.
        case inTheWay(Attempt, AttemptStatus)
        /// It will never run; its record says so.
        case refused(AttemptOutcome)
    }

    func run(_ request: SendRequest) -> CInt {
        let work = Result { () throws(ConfigurationDirectory.Refusal) in
            Work(request: request, driver: try driver(for: request))
        }
        return start(request.attempt, work)
    }

    /// Records an attempt whose request can't be taken, so that it is never asked for again.
    func refuse(_ attempt: Attempt, reason: String) -> CInt {
        guard (1...ProtocolLimits.maximumAttempts).contains(attempt.number) else {
            sender.connection.send(.refused(reason: reason.cutForDisplay))
            return Sender.Exit.usage
        }
        return start(attempt, .failure(ConfigurationDirectory.Refusal(description: reason)))
    }

    private func start(_ attempt: Attempt, _ work: Result<Work, ConfigurationDirectory.Refusal>) -> CInt {
        do throws(SystemError) {
            let folder = try sender.state.makeFolder(of: attempt.key)
            // Before the record exists: what fails here is no send yet, and from here on no signal ends the process.
            let stop = try StopWatch(folder: folder, number: attempt.number)
            let beginning = try folder.locked { () throws(SystemError) in try begin(attempt, in: folder, work) }
            return carryOut(beginning, stop)
        } catch {
            return sender.busy(error)
        }
    }

    /// Under the folder's lock. The records come before the configuration: what was sent stays sent, also where its
    /// surface is gone since.
    private func begin(
        _ attempt: Attempt, in folder: KeyFolder, _ work: Result<Work, ConfigurationDirectory.Refusal>
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
        switch work {
        case .success(let work):
            let message = work.request.message.content
            return .accepted(try AcceptedAttempt.make(attempt.number, in: folder, message: message), work)
        case .failure(let refusal):
            let outcome = AttemptOutcome.failed(reason: refusal.description.cutForDisplay)
            try folder.complete(attempt.number, as: outcome)
            return .refused(outcome)
        }
    }

    /// What is to run; a refusal is for ever.
    private func driver(for request: SendRequest) throws(ConfigurationDirectory.Refusal) -> any Driver {
        let surface = try sender.configuration.surface(request.surface)
        let channel = request.campaign.channel
        guard surface.channel == channel else {
            throw ConfigurationDirectory.Refusal(
                description: "surface \(surface.name) is for channel \(surface.channel), the campaign's is \(channel)")
        }
        var audience: AudienceFile?
        if let name = request.audience { audience = try sender.configuration.audience(name) }
        if let data = request.data, !JSONText.isValid(data) {
            throw ConfigurationDirectory.Refusal(description: "bad request: data is not JSON")
        }
        switch surface.delivery {
        case .command(let run): return CommandDriver(run: run, timeout: surface.timeout, audience: audience)
        case .webhook(let webhook):
            return try WebhookDriver(webhook, timeout: surface.timeout, audience: audience)
        }
    }

    private func carryOut(_ beginning: Beginning, _ stop: StopWatch) -> CInt {
        switch beginning {
        case .inTheWay(let attempt, let status):
            sender.connection.send(.status(attempt, status))
            return Sender.Exit.done
        case .refused(let outcome):
            sender.connection.send(.outcome(outcome, SendProgress()))
            return Sender.Exit.done
        case .accepted(let accepted, let work):
            sender.fault?.reach("accepted")
            sender.connection.send(.accepted)
            sender.fault?.reach("accepted-told")
            let send = RunningSend(sender: sender, request: work.request, accepted: accepted, stop: stop)
            return end(send, work.driver)
        }
    }

    private func end(_ send: RunningSend, _ driver: any Driver) -> CInt {
        let outcome: AttemptOutcome
        if let reason = send.stop.look() {
            // Accepted, never started: told as what it is, and still not repeated by itself.
            outcome = reason.outcome
        } else {
            outcome = driver.run(send)
        }
        send.log.finish()
        do throws(SystemError) {
            try send.accepted.write(outcome, send.progress)
        } catch {
            // Without an outcome on disk none is told. Whoever asks learns that it is unknown.
            Sender.complain("\(send.request.attempt): its outcome could not be written: \(error)")
            send.accepted.release()
            sender.connection.lose()
            return Sender.Exit.trouble
        }
        sender.fault?.reach("outcome-written")
        send.accepted.release()
        sender.connection.send(.outcome(outcome, send.progress))
        sender.connection.finish()
        sender.fault?.reach("outcome-told")
        return Sender.Exit.done
    }
}
