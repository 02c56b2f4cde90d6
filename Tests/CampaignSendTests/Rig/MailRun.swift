import Glibc
import Testing

@testable import campaign_send

/// Drives a transport as a driver does: as many messages at once as it takes, turn by turn.
final class MailRun {
    let transport: any MailTransport
    private(set) var outcomes: [Int: MailOutcome] = [:]
    private var waiting: ArraySlice<OutgoingMail>
    /// A fault must end a test, not hang it; a slow machine is none.
    private let deadline = ContinuousClock.now + .seconds(300)

    static let body = Array("Subject: Hello\r\n\r\nBonjour\r\n".utf8)

    /// More than the sockets of both sides hold.
    static let large = {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 24_000_000)
        for end in stride(from: 998, to: bytes.count, by: 1_000) {
            bytes[end] = UInt8(ascii: "\r")
            bytes[end + 1] = UInt8(ascii: "\n")
        }
        return bytes
    }()

    init(_ transport: any MailTransport, _ mails: [OutgoingMail] = []) {
        self.transport = transport
        waiting = mails[...]
    }

    /// Messages to `1@example.org`, `2@example.org`, ….
    static func mails(_ count: Int, bytes: [UInt8] = body) -> [OutgoingMail] {
        (1...count).map { mail($0, bytes: bytes) }
    }

    static func mail(
        _ id: Int, to recipient: String? = nil, bytes: [UInt8] = body, needsUTF8: Bool = false
    ) -> OutgoingMail {
        OutgoingMail(
            id: id, sender: "bounces@example.org", recipient: recipient ?? "\(id)@example.org", bytes: bytes,
            needsUTF8: needsUTF8)
    }

    /// Gives the messages one after the other, as there is room, until all have come to their end.
    @discardableResult
    func runToEnd() throws -> [Int: MailOutcome] {
        while transport.underWay > 0 || !waiting.isEmpty { try turn() }
        return outcomes
    }

    /// Turns until something is so.
    func run(until isSo: () -> Bool) throws {
        while !isSo() { try turn() }
    }

    /// One turn, woken by a descriptor as well.
    func turn(_ interests: [(descriptor: CInt, events: Int32)] = []) throws {
        while transport.room > 0, let mail = waiting.popFirst() { transport.begin(mail) }
        note(transport.turn(interests, until: deadline))
        try #require(ContinuousClock.now < deadline, "the transport goes on and on")
    }

    func note(_ results: [MailResult]) {
        for result in results {
            #expect(outcomes.updateValue(result.outcome, forKey: result.id) == nil, "\(result.id) has two results")
        }
    }
}
