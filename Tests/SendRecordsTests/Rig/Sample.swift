import CampaignModel
import Recurrence
import SendProtocol
import SendRecords

/// The key and requests that these tests are about.
enum Sample {
    static let key = OccurrenceKey("abcdefghijklmnop/2026-12-07T09:00:00[Europe/Paris]")!

    static func attempt(_ number: Int = 1, of key: OccurrenceKey = key) -> Attempt { Attempt(key: key, number: number) }

    /// - Parameter surface: `nowhere` is refused, any other one delivers.
    static func send(_ number: Int = 1, of key: OccurrenceKey = key, surface: String = "newsletter") -> SenderRequest {
        .send(SendRequest(
            attempt: attempt(number, of: key),
            campaign: SentCampaign(name: Slug("spring")!, title: nil, version: 3, channel: Slug("email")!),
            surface: Slug(surface)!, audience: Slug("subscribers")!,
            message: SentMessage(
                name: Slug("spring-2026")!, revision: 4,
                content: MessageContent(
                    subject: nil, text: "Bonjour\n", html: nil,
                    attachments: [MessageFile(name: "logo.png", bytes: [137, 80, 0, 255])],
                    file: MessageFile(name: "spring.txt", bytes: Array("Bonjour\n".utf8)))),
            due: Instant("2026-12-07T08:00:00Z")!))
    }
}
