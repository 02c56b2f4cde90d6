import CampaignModel
import SendProtocol
import SendRecords
import SystemdKit

/// An accepted attempt under way, as its driver sees it: what to send, whom to tell, when to stop.
final class RunningSend {
    let request: SendRequest
    let accepted: AcceptedAttempt
    let stop: StopWatch
    let log: ProgramLog
    let fault: FaultPoint?
    let connection: Connection
    let options: SenderOptions
    /// Where the sender keeps what lasts.
    let statePath: String
    private(set) var progress = SendProgress()
    /// When progress that was not yet passed on is to be.
    private(set) var progressDue: ContinuousClock.Instant?
    private var lastPassed: ContinuousClock.Instant?
    private var canWrite = true

    var grace: Duration { options.grace }

    /// Ten times a second is more than a person sees; a surface may print a hundred thousand lines in it.
    private static let progressInterval = Duration.milliseconds(100)

    init(sender: Sender, request: SendRequest, accepted: AcceptedAttempt, stop: StopWatch) {
        self.request = request
        self.accepted = accepted
        self.stop = stop
        options = sender.options
        fault = sender.fault
        connection = sender.connection
        statePath = sender.state.path
        log = ProgramLog(request)
    }

    /// Takes over what the surface says of its progress; it is passed on now, or with what comes soon after.
    func report(_ newer: SendProgress) {
        progress = progress.updated(by: newer)
        if progressDue == nil {
            let now = ContinuousClock.now
            progressDue = max(now, lastPassed.map { $0 + Self.progressInterval } ?? now)
        }
        passProgress()
    }

    /// Passes progress on whose time has come.
    func passProgress(evenEarly: Bool = false) {
        let now = ContinuousClock.now
        guard let due = progressDue, evenEarly || due <= now else { return }
        progressDue = nil
        lastPassed = now
        connection.offer(progress)
        guard canWrite else { return }
        do throws(SystemError) {
            try accepted.append(progress)
        } catch {
            // The outcome has its room; a send does not fail because a disk is full of something else.
            canWrite = false
            Sender.complain("\(request.attempt): its progress is no longer kept on disk: \(error)")
        }
    }
}
