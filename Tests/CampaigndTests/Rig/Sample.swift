import CampaignEngine
import CampaignModel
import Recurrence
import Synchronization

/// One send to speak about.
enum Sample {
    static let key = OccurrenceKey("abcdefghijklmnop/2026-12-07T09:00:00/Europe/Paris")!
    static let otherKey = OccurrenceKey("abcdefghijklmnop/2026-12-14T09:00:00/Europe/Paris")!

    static func attempt(_ number: Int = 1) -> Attempt { Attempt(key: key, number: number) }

    static func handOver(_ number: Int = 1, bytes: Int = 6) -> HandOver {
        HandOver(
            attempt: attempt(number), campaign: Slug("spring")!, title: "Soldes d’été", version: 3,
            channel: Slug("email")!, surface: Slug("newsletter")!, audience: Slug("subscribers")!,
            message: Message(
                name: Slug("hello")!, revision: 2, isPublished: true,
                content: MessageContent(
                    subject: "Hello", text: "Hello\n", html: nil,
                    file: MessageFile(name: "hello.txt", bytes: [UInt8](repeating: 104, count: bytes)))),
            origin: .schedule, due: Instant("2026-12-07T08:00:00Z")!, nominal: LocalDateTime("2026-12-07T09:00:00")!,
            timezone: "Europe/Paris", data: nil)
    }
}

/// What a launcher reported, in order.
final class Reports: Sendable {
    private let kept = Mutex<[SendReport]>([])

    var all: [SendReport] { kept.withLock { $0 } }

    func take(_ report: SendReport) { kept.withLock { $0.append(report) } }
}
