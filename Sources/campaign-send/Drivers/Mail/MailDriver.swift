import CampaignModel
import CProcess
import Mail
import SendProtocol
import SendRecords
import SurfaceFiles
import SystemdKit

/// The driver `mail`: a message of its own for each recipient of the audience, through a relay or a sendmail.
struct MailDriver: Driver {
    /// Whom a send is for.
    enum Recipients {
        case list(AudienceSource, of: Slug)
        /// A proof: this address alone.
        case one(MailAddress)
        /// A test without an address, which reaches nobody.
        case nobody
    }

    private let mail: MailSurface
    private let server: SMTPServer?
    private let template: MailTemplate
    private let recipients: Recipients
    private let limits: MailRun.Limits

    typealias Refusal = ConfigurationDirectory.Refusal

    /// Reads all that can be wrong, so that a send that can't be carried out begins nothing.
    init(
        _ mail: MailSurface, of surface: SurfaceFile, for request: SendRequest, audience: AudienceFile?
    ) throws(Refusal) {
        self.mail = mail
        limits = MailRun.Limits(timeout: surface.timeout, retries: surface.retries ?? MailRun.Limits.defaultRetries)
        if case .smtp(let relay) = mail.relay { server = try SMTPServer(relay) } else { server = nil }
        recipients = try Self.recipients(of: request, audience)
        var content = request.message.content
        // A message that is only a text has no subject of its own.
        content.subject = content.subject ?? request.campaign.title
        do throws(MailTemplateError) {
            template = try MailTemplate(content, settings: mail.settings)
        } catch {
            throw Refusal(description: "message \(request.message.name): \(error)")
        }
    }

    private static func recipients(
        of request: SendRequest, _ audience: AudienceFile?
    ) throws(Refusal) -> Recipients {
        if let address = request.address {
            do throws(MailAddressError) {
                return .one(try MailAddress(address.text))
            } catch {
                throw Refusal(description: "\(error)")
            }
        }
        if request.origin == .test { return .nobody }
        guard let name = request.audience, let audience else {
            throw Refusal(description: "mail needs an audience, and this send has none")
        }
        switch audience {
        case .file(let path): return .list(.file(path), of: name)
        case .command(let words): return .list(.command(words), of: name)
        case .reference:
            throw Refusal(
                description: "audience \(name) is a reference, which mail can't read; give it a file or a command")
        }
    }

    func run(_ send: RunningSend) -> AttemptOutcome {
        _ = cprocess_become_subreaper()
        defer { _ = Descendants.killAll(send.stop.signals) }
        if case .nobody = recipients { return .sent }
        let key = send.request.attempt.key
        do {
            let log = try RecipientLog(of: send.accepted, boot: try Machine.bootID())
            return MailRun(
                send, to: recipients, by: try transport(for: send), log: log, suppressed: suppressed(of: send),
                pace: pace(of: send), envelopeFrom: mail.envelopeFrom.text, limits: limits
            ) { [template] address, instant, column throws(MailMessageError) in
                try template.message(to: address, key: key, at: instant, column: column)
            }.run()
        } catch {
            // The system is short of something, and nothing was sent.
            return .temporary(reason: "mail can't be sent now: \(error)".cutForDisplay, retryAfterSeconds: nil)
        }
    }

    private func transport(for send: RunningSend) throws(CurlLibrary.Failure) -> any MailTransport {
        switch mail.relay {
        case .sendmail(let path): return SendmailTransport(path, folder: send.accepted.workPath)
        case .smtp:
            guard let server else { preconditionFailure("a relay by SMTP has a server") }
            return try SMTPTransport(server)
        }
    }

    private func suppressed(of send: RunningSend) -> SuppressedAddresses? {
        guard case .list = recipients else { return nil }
        return StateDirectory(path: send.statePath, disk: SystemDisk()).suppressions.reader()
    }

    private func pace(of send: RunningSend) -> SharedPace? {
        mail.rate.map { SharedPace($0, of: send.request.surface, in: send.statePath) }
    }
}
