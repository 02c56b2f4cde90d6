import CampaignModel
import SendProtocol
import SendRecords
import SurfaceFiles

/// The driver `webhook`: one request of HTTP for each send, with the surface's request as its body.
///
/// There is no child here: the sender itself holds the record's lock until the outcome is written.
struct WebhookDriver: Driver {
    private let webhook: Webhook
    /// Those of the surface's file, with their credentials in them.
    private let headers: [(name: String, value: String)]
    private let redaction: Redaction
    private let timeout: Duration
    private let audience: AudienceFile?

    /// Reads the credentials, so that one which is missing is found before anything is accepted.
    ///
    /// - Parameter audience: nil for a notice of alerts without recipients of its own.
    init(_ webhook: Webhook, timeout: Duration, audience: AudienceFile?) throws(ConfigurationDirectory.Refusal) {
        self.webhook = webhook
        self.timeout = timeout
        self.audience = audience
        var secrets: [String: String] = [:]
        var headers: [(name: String, value: String)] = []
        for header in webhook.headers {
            let value = try header.filled { name throws(ConfigurationDirectory.Refusal) in
                if let known = secrets[name] { return known }
                let text = try Credentials.text(of: name)
                secrets[name] = text
                return text
            }
            guard value.utf8.count <= HeaderTemplate.maximumBytes, value.contains(where: { !$0.isWhitespace }) else {
                throw ConfigurationDirectory.Refusal(
                    description: "header \(header.name) has \(value.utf8.count) bytes with its credentials; "
                        + "it must not be blank, and \(HeaderTemplate.maximumBytes) at most are allowed")
            }
            headers.append((header.name, value))
        }
        self.headers = headers
        redaction = Redaction(secrets)
    }

    func run(_ send: RunningSend) -> AttemptOutcome {
        let end = request(send)
        if case .answered(let answer) = end { tell(answer, send) }
        return end.outcome(isIdempotent: webhook.isIdempotent)
    }

    /// When it returns, the connection is closed.
    private func request(_ send: RunningSend) -> WebhookEnd {
        let key = send.request.attempt.key.text
        let body = SurfaceRequest(send.request, audience: audience, folder: send.accepted.workPath)
            .line(data: send.request.data)
        let request = CurlTransfer.Request(
            url: webhook.url.text, method: webhook.method,
            headers: headers + [("Content-Type", "application/json"), ("Idempotency-Key", key)],
            body: body.dropLast(), connectTimeout: webhook.connectTimeout, authorities: webhook.authorities)
        do throws(CurlLibrary.Failure) {
            let transfer = try CurlTransfer(.load(), request, bodyLimit: WebhookAnswer.bodyLimit) {
                send.fault?.reach("surface-started")
                return send.stop.look() == nil
            }
            return WebhookRun(send: send, transfer: transfer, redaction: redaction, timeout: timeout).run()
        } catch {
            return .lost(redaction.clean(error.description), mayBeWritten: false)
        }
    }

    private func tell(_ answer: WebhookAnswer, _ send: RunningSend) {
        if let progress = answer.progress { send.report(progress) }
        send.passProgress(evenEarly: true)
        // What is progress is told as such.
        let line = Array("answered \(answer.progress == nil ? answer.text : "\(answer.status)")".utf8)
        send.log.add(line, whole: line.count)
    }
}
