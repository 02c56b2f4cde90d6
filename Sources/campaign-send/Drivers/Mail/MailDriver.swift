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
        template = try Self.template(of: request.message, title: request.campaign.title, by: mail)
    }

    /// - Parameter title: the campaign's.
    static func template(
        of message: SentMessage, title: String?, by mail: MailSurface
    ) throws(Refusal) -> MailTemplate {
        var content = message.content
        // A message that is only a text has no subject of its own.
        content.subject = content.subject ?? title
        do throws(MailTemplateError) {
            return try MailTemplate(content, settings: mail.settings)
        } catch {
            throw Refusal(description: "message \(message.name): \(error)")
        }
    }

    private static func recipients(
        of request: SendRequest, _ audience: AudienceFile?
    ) throws(Refusal) -> Recipients {
        if let address = request.address {
            return .one(try Self.address(address))
        }
        if request.origin == .test { return .nobody }
        guard let name = request.audience, let audience else {
            throw Refusal(description: "mail needs an audience, and this send has none")
        }
        return .list(try source(of: name, audience), of: name)
    }

    static func source(of name: Slug, _ audience: AudienceFile) throws(Refusal) -> AudienceSource {
        switch audience {
        case .file(let path): .file(path)
        case .command(let words): .command(words)
        case .reference:
            throw Refusal(
                description: "audience \(name) is a reference, which mail can't read; give it a file or a command")
        }
    }

    static func address(_ address: ProofAddress) throws(Refusal) -> MailAddress {
        do throws(MailAddressError) {
            return try MailAddress(address.text)
        } catch {
            throw Refusal(description: "\(error)")
        }
    }

    func run(_ send: RunningSend) -> AttemptOutcome {
        _ = cprocess_become_subreaper()
        defer { _ = Descendants.killAll(send.stop.signals) }
        if case .nobody = recipients { return knock(send) }
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

    /// Shows that mail would go out, and hands nothing over.
    private func knock(_ send: RunningSend) -> AttemptOutcome {
        if case .sendmail(let path) = mail.relay {
            if let fault = SendmailTransport.fault(of: path) { return fault.outcome }
            send.report(SendProgress(note: "\(path) can be started; it was not"))
            return .sent
        }
        guard let server else { preconditionFailure("a relay by SMTP has a server") }
        do {
            switch try SMTPKnock(server).run(until: send.stop) {
            case .open:
                let login = server.relay.login == nil ? "" : " and the login"
                send.report(SendProgress(note: "the relay \(server.name) takes connections\(login); nothing was sent"))
                return .sent
            case .closed(let fault): return fault.outcome
            case .stopped(let reason): return reason.outcome
            }
        } catch {
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
