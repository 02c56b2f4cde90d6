import CampaignModel
import Synchronization
import Testing

@testable import ControlAPI

@Suite("Uploads of messages", .timeLimit(.minutes(10)))
struct MessageUploadsTests {
    let clock = MovedClock()

    @Test("an upload is dropped when nothing came for its idle time")
    func idle() async throws {
        let uploads = MessageUploads(elapsed: clock.read)
        let id = try await begin(uploads)
        clock.move(MessageUploads.idleTime - .seconds(1))
        _ = try await uploads.append([1], to: .file, of: id, uid: 7)
        clock.move(MessageUploads.idleTime - .seconds(1))
        _ = try await uploads.append([2], to: .file, of: id, uid: 7)
        clock.move(MessageUploads.idleTime)
        await #expect(throws: ControlError.notFound(.upload, name: id)) { try await uploads.finish(id, uid: 7) }
        #expect(await uploads.count == 0)
    }

    @Test("one too many is held, until an older one is dropped")
    func tooMany() async throws {
        let uploads = MessageUploads(elapsed: clock.read)
        for _ in 0..<MessageUploads.limit { _ = try await begin(uploads) }
        await #expect(throws: ControlError.self) { try await begin(uploads) }
        clock.move(MessageUploads.idleTime)
        _ = try await begin(uploads)
        #expect(await uploads.count == 1)
    }

    @Test("an upload is its user's alone")
    func foreign() async throws {
        let uploads = MessageUploads(elapsed: clock.read)
        let id = try await begin(uploads)
        await #expect(throws: ControlError.notFound(.upload, name: id)) {
            try await uploads.append([1], to: .file, of: id, uid: 8)
        }
        _ = try await uploads.append([1], to: .file, of: id, uid: 7)
    }

    @Test("a file without bodies is the text; one byte past the limit is refused")
    func limits() async throws {
        let uploads = MessageUploads(elapsed: clock.read)
        for extra in [0, 1] {
            let id = try await begin(uploads)
            var left = MessageContent.maximumBytes + extra
            while left > 0 {
                let piece = min(left, MessageUploads.partLimitBytes)
                _ = try await uploads.append([UInt8](repeating: 97, count: piece), to: .file, of: id, uid: 7)
                left -= piece
            }
            if extra == 0 {
                let (name, content) = try await uploads.finish(id, uid: 7)
                #expect(name == Slug("news"))
                #expect(content.text?.utf8.count == MessageContent.maximumBytes)
                #expect(content.file.name == "news.txt")
            } else {
                await #expect(throws: ControlError.self) { try await uploads.finish(id, uid: 7) }
            }
        }
    }

    @Test("text that is not UTF-8, and one attachment too many, are refused")
    func parts() async throws {
        let uploads = MessageUploads(elapsed: clock.read)
        let id = try await begin(uploads)
        _ = try await uploads.append([0xFF], to: .html, of: id, uid: 7)
        for number in 0..<MessageContent.maximumAttachments {
            _ = try await uploads.append([1], to: .attachment("a\(number)"), of: id, uid: 7)
        }
        await #expect(throws: ControlError.self) { try await uploads.append([1], to: .attachment("b"), of: id, uid: 7) }
        await #expect(throws: ControlError.invalidField(FieldError("html", nil, "is not valid UTF-8"))) {
            try await uploads.finish(id, uid: 7)
        }
    }

    @Test(
        "base64 is the one of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test("nothing else is base64", arguments: ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "====", "Zm9v\n", "Zm-v", "Z=9v"])
    func notBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    private func begin(_ uploads: MessageUploads) async throws -> String {
        try await uploads.begin(Slug("news")!, uid: 7, fileName: "news.txt", subject: nil, headers: [])
    }
}

/// A clock that stands still until it is moved.
final class MovedClock: Sendable {
    private let elapsed = Mutex(Duration.zero)

    @Sendable func read() -> Duration { elapsed.withLock { $0 } }
    func move(_ duration: Duration) { elapsed.withLock { $0 += duration } }
}
