import CampaignModel
import Recurrence
import SendProtocol
import SystemdKit
import Testing

@testable import SendRecords

/// `recipients` through the real program, of results that lie in real files.
@Suite("What became of each recipient, told") struct RecipientResultTests {
    private static let now = Instant("2026-12-07T08:00:00Z")!
    private let rig: SenderRig

    init() throws {
        rig = try SenderRig()
    }

    /// Keeps what `note` says of an attempt's recipients, as a driver does, and ends the attempt.
    private func attempt(_ number: Int, _ note: (RecipientLog) throws -> Void) throws {
        let folder = try StateDirectory(path: rig.statePath, disk: SystemDisk()).makeFolder(of: rig.key)
        let accepted = try AcceptedAttempt.make(
            number, in: folder,
            message: MessageContent(
                subject: nil, text: "Hi", html: nil, file: MessageFile(name: "m.txt", bytes: [72, 105])))
        let log = try RecipientLog(of: accepted, boot: try Machine.bootID())
        log.beginPass()
        try note(log)
        try log.close()
        try accepted.write(.sent, SendProgress())
        accepted.release()
    }

    /// The results as text, `ann@example.org accepted 1 250 Ok`, and whether any are kept.
    private func told(_ states: Set<RecipientState>? = nil) throws -> (lines: [String], isKept: Bool?) {
        let answers = try rig.answers(.recipients(rig.key, states: states))
        var lines: [String] = []
        for answer in answers.dropLast() {
            guard case .recipients(let results) = answer else {
                Issue.record("\(answer)")
                continue
            }
            lines += results.map { "\($0.address) \($0.state) \($0.attempt) \($0.reason ?? "-")" }
        }
        guard case .recipientsEnd(let isKept)? = answers.last else {
            Issue.record("no end: \(answers)")
            return (lines, nil)
        }
        return (lines, isKept)
    }

    @Test("each address is told once, with its last result; states can be chosen")
    func lastResults() throws {
        try attempt(1) { log in
            let list = ["ann@example.org", "Bob@example.org", "cut@example.org", "=1+1@example.org"]
            for address in list { #expect(log.judge(address) == .send) }
            log.leaveOut(5, .suppressed, "eve@example.org", reason: nil, at: Self.now)
            log.leaveOut(6, .invalid, "no\taddress\u{202E}", reason: "it has no @", at: Self.now)
            log.leaveOut(7, .repeated, "ANN@example.org", reason: nil, at: Self.now)
            try log.begin(zip(1..., list).map { ($0, $1) })
            try log.hand([1, 2, 3, 4])
            log.note(1, .accepted, reason: "250 Ok", at: Self.now)
            log.note(2, .temporary, reason: "451 later", at: Self.now)
            log.note(4, .refused, reason: "550 no", at: Self.now)
        }
        try attempt(2) { log in
            #expect(log.judge("bob@EXAMPLE.org") == .send)
            try log.begin([(2, "bob@EXAMPLE.org")])
            try log.hand([2])
            log.note(2, .accepted, reason: "250 Ok", at: Self.now)
        }
        let cut = "cut@example.org unknown 1 it was on its way when its sender ended"
        #expect(try told().isKept == true)
        #expect(
            try told().lines.sorted() == [
                "=1+1@example.org refused 1 550 no", "ANN@example.org repeated 1 -",
                "ann@example.org accepted 1 250 Ok",
                "bob@EXAMPLE.org accepted 2 250 Ok", cut, "eve@example.org suppressed 1 -",
                "no\\u{9}address\\u{202E} invalid 1 it has no @",
            ])
        #expect(try told([.refused, .unknown]).lines.sorted() == ["=1+1@example.org refused 1 550 no", cut])
        #expect(try told([.temporary]).lines == [])
        #expect(rig.text("stderr") ?? "" == "")
    }

    @Test("where no attempt kept anything, and where there was none, that is told")
    func nothing() throws {
        #expect(try rig.answers(.recipients(rig.key, states: nil)) == [.recipientsEnd(isKept: false)])
        #expect(rig.names("state").isEmpty)
        rig.surface("exit 0")
        _ = try rig.answers(rig.request())
        #expect(try rig.answers(.recipients(rig.key, states: nil)) == [.recipientsEnd(isKept: false)])
    }

    /// More than a socket holds, by far.
    private static let many = 10_000

    private func keepMany() throws {
        try attempt(1) { log in
            let rows = Array(1...Self.many)
            try log.begin(rows.map { ($0, "person\($0)@example.org") })
            for row in rows {
                log.note(row, .refused, reason: "550 " + String(repeating: "x", count: 200), at: Self.now)
            }
        }
    }

    @Test("a peer that reads when it likes gets all of them, a batch at a time")
    func many() throws {
        try keepMany()
        let peer = try rig.start(.recipients(rig.key, states: nil))
        var addresses: Set<String> = []
        var isAtEnd = false
        while let answer = try peer.answer() {
            switch answer {
            case .recipients(let results):
                #expect((1...ProtocolLimits.resultsPerAnswer).contains(results.count))
                addresses.formUnion(results.map(\.address))
            default: isAtEnd = answer == .recipientsEnd(isKept: true)
            }
        }
        #expect(isAtEnd)
        #expect(addresses == Set((1...Self.many).map { "person\($0)@example.org" }))
        #expect(rig.wait(for: peer) == 0)
    }

    @Test("a peer that goes away ends it, whether it was told something or not",
        arguments: [nil, [RecipientState.accepted]] as [Set<RecipientState>?])
    func gone(states: Set<RecipientState>?) throws {
        try keepMany()
        let peer = try rig.start(.recipients(rig.key, states: states))
        if states == nil { _ = try peer.answer() }
        peer.hangUp()
        #expect(rig.wait(for: peer) == 0)
    }
}
