import CampaignModel
import CProcess
import Glibc
import Recurrence
import SendProtocol
import SendRecords
import SurfaceFiles
import SystemdKit

/// The driver `command`: runs a program for each send, with the request on its standard input.
struct CommandDriver: Driver {
    /// Program and arguments.
    let run: [String]
    let timeout: Duration
    /// Nil for a notice of alerts without recipients of its own.
    let audience: AudienceFile?

    func run(_ send: RunningSend) -> AttemptOutcome {
        _ = cprocess_become_subreaper()
        let folder = send.accepted.workPath
        guard let lock = send.accepted.lock.descriptor else {
            preconditionFailure("a surface inherits its record's lock, so the records lie on the system's disk")
        }
        let input = SurfaceRequest(send.request, audience: audience, folder: folder).line(data: send.request.data)
        do throws(SystemError) {
            let process = try ChildProgram.start(
                run, environment: environment(send.request, folder: folder), folder: folder, lock: lock)
            return CommandRun(send: send, process: process, program: run[0], input: input, timeout: timeout).run()
        } catch {
            // The system is short of something; the program itself was not asked yet.
            return .temporary(reason: "the surface did not start: \(error)".cutForDisplay, retryAfterSeconds: nil)
        }
    }

    /// Our own environment less what is about us, and what a surface is told.
    private func environment(_ request: SendRequest, folder: String) -> [String] {
        var told = [
            ("CAMPAIGN_NAME", request.campaign.name.text),
            ("CAMPAIGN_VERSION", "\(request.campaign.version)"),
            ("CAMPAIGN_CHANNEL", request.campaign.channel.text),
            ("OCCURRENCE_KEY", request.attempt.key.text),
            ("OCCURRENCE_TIME", request.due.description),
            ("MESSAGE_FILE", folder + "/" + request.message.content.file.name),
        ]
        if let audience, let name = request.audience { told.append(("AUDIENCE", audience.variable(name: name))) }
        if request.origin == .test { told.append(("TEST", "1")) }
        if let address = request.address { told.append(("TO", address.text)) }
        // One that we inherited is nothing of the surface's, also where there is none to tell.
        let left = told.map(\.0) + ["AUDIENCE", "TEST", "TO"]
        return ProgramEnvironment.inherited(without: left) + told.map { "\($0.0)=\($0.1)" }
    }
}
