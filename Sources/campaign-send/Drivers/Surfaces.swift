import CampaignModel
import RecipientLists
import SendProtocol
import SendRecords
import SurfaceFiles
import SystemdKit

/// Carries sends out by the surfaces that the administrator's files describe.
struct Surfaces: Delivering {
    let sender: Sender

    func work(for request: SendRequest) throws(SendRefusal) -> any Driver {
        do throws(ConfigurationDirectory.Refusal) {
            return try driver(for: request)
        } catch {
            throw SendRefusal(reason: error.description)
        }
    }

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
        case .mail(let mail):
            return try MailDriver(mail, of: surface, for: request, audience: audience)
        }
    }

    func watch(_ attempt: Attempt, in folder: KeyFolder) throws(SystemError) -> StopWatch {
        try StopWatch(folder: folder, number: attempt.number)
    }

    func deliver(
        _ driver: any Driver, _ request: SendRequest, as accepted: AcceptedAttempt, until stop: StopWatch
    ) -> Delivery {
        let send = RunningSend(sender: sender, request: request, accepted: accepted, stop: stop)
        let outcome = driver.run(send)
        send.log.finish()
        return Delivery(outcome, send.progress)
    }
}
