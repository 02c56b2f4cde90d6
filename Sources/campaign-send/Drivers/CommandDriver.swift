import CampaignModel
import CProcess
import Glibc
import Recurrence
import SendProtocol
import SystemdKit

/// The driver `command`: runs a program for each send, with the request on its standard input.
struct CommandDriver: Driver {
    /// Program and arguments.
    let run: [String]
    let timeout: Duration
    let audience: Audience

    /// Variables that tell of this process and not of the surface. Those of sd_notify(3), sd_listen_fds(3) and the
    /// watchdog are gone since the start (``ServiceEnvironment``).
    private static let ownVariables = [FaultPoint.variable, "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY"]

    func run(_ send: RunningSend) -> AttemptOutcome {
        _ = cprocess_become_subreaper()
        let folder = send.accepted.workPath
        let input = SurfaceRequest(send.request, audience: audience, folder: folder).line(data: send.request.data)
        do throws(SystemError) {
            let process = try SurfaceProcess.start(
                run, environment: environment(send.request, folder: folder), folder: folder,
                lock: send.accepted.lock.raw)
            return CommandRun(send: send, process: process, program: run[0], input: input, timeout: timeout).run()
        } catch {
            // The system is short of something; the program itself was not asked yet.
            return .temporary(reason: "the surface did not start: \(error)".cutForDisplay, retryAfterSeconds: nil)
        }
    }

    /// Our own environment less what is about us, and what a surface is told.
    private func environment(_ request: SendRequest, folder: String) -> [String] {
        let told = [
            ("CAMPAIGN_NAME", request.campaign.name.text),
            ("CAMPAIGN_VERSION", "\(request.campaign.version)"),
            ("CAMPAIGN_CHANNEL", request.campaign.channel.text),
            ("OCCURRENCE_KEY", request.attempt.key.text),
            ("OCCURRENCE_TIME", request.due.description),
            ("AUDIENCE", audience.variable(name: request.audience)),
            ("MESSAGE_FILE", folder + "/" + request.message.content.file.name),
        ]
        let replaced = Set(told.map(\.0) + Self.ownVariables)
        var entries: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            let name = line.prefix { $0 != "=" }
            if !replaced.contains(String(name)) { entries.append(line) }
            entry += 1
        }
        return entries + told.map { "\($0.0)=\($0.1)" }
    }
}
