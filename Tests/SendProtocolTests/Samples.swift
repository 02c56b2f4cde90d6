import CampaignModel
import Recurrence
import SendProtocol

/// Requests and values that the tests of this module share.
enum Samples {
    static let key = OccurrenceKey("abcdefghijklmnop/2026-12-07T09:00:00/Europe/Paris")!
    static let attempt = Attempt(key: key, number: 2)

    static func request(
        file: [UInt8] = [0, 255, 10, 13], text: String? = "Bonjour\n", html: String? = "<p>é</p>",
        attachments: [MessageFile] = [MessageFile(name: "logo.png", bytes: [137, 80])], data: String? = "{\"a\": 1}",
        attempt: Attempt = attempt, audience: Slug? = Slug("subscribers"), address: ProofAddress? = nil,
        origin: SendOrigin = .trigger
    ) -> SendRequest {
        SendRequest(
            attempt: attempt,
            campaign: SentCampaign(
                name: Slug("spring")!, title: "Soldes d’été 🎉", version: 3, channel: Slug("email")!),
            surface: Slug("newsletter")!, audience: audience, address: address,
            message: SentMessage(
                name: Slug("spring-2026")!, revision: 4,
                content: MessageContent(
                    subject: "Hello", text: text, html: html, headers: [MessageHeader(name: "X-Kind", value: "a")],
                    attachments: attachments, file: MessageFile(name: "spring.yaml", bytes: file))),
            due: Instant("2026-12-07T08:00:00Z")!,
            nominal: NominalTime(local: LocalDateTime("2026-12-07T09:00:00")!, timezone: "Europe/Paris"),
            origin: origin, data: data)
    }

    static func composeRequest(title: String?, message: SentMessage? = nil) -> ComposeRequest {
        ComposeRequest(
            title: title, surface: Slug("newsletter")!, audience: Slug("subscribers")!,
            recipient: ProofAddress("ann@example.org")!, message: message ?? request().message)
    }
}
