import CampaignModel
import Glibc
import SendProtocol
import Testing

@testable import campaign_send

/// Those that want no mail, through the real campaign-send: kept, told, and left out of real sends.
@Suite("Who wants no mail") struct SuppressionTests {
    private let rig: SenderRig

    init() throws {
        rig = try SenderRig()
    }

    private func change(
        _ kind: SuppressionOrder.Kind, _ addresses: [String], skipsInvalid: Bool = false
    ) throws -> SuppressionOutcome? {
        let entries = addresses.map { Suppression(address: $0, reason: kind == .add ? "asked to" : nil) }
        let answers = try rig.answers(.suppress(SuppressionOrder(kind, entries, skipsInvalid: skipsInvalid)))
        guard case .suppression(let outcome)? = answers.first, answers.count == 1 else {
            Issue.record("\(answers)")
            return nil
        }
        return outcome
    }

    private func told(_ addresses: [String] = []) throws -> [String] {
        let answers = try rig.answers(.suppressed(addresses))
        #expect(answers.last == .suppressedEnd)
        return answers.dropLast().flatMap { answer -> [String] in
            guard case .suppressed(let entries) = answer else { return ["\(answer)"] }
            return entries.map { "\($0.address) \($0.reason ?? "-")" }
        }
    }

    @Test("addresses are kept in lower case with their reason, and taken out again")
    func kept() throws {
        #expect(try told() == [])
        #expect(
            try change(.add, [" Ann@Example.ORG", "bob@example.org", "ANN@example.org"])
                == SuppressionOutcome(changed: 2, unchanged: 1))
        #expect(try change(.remove, ["BOB@example.org"]) == SuppressionOutcome(changed: 1, unchanged: 0))
        #expect(try told() == ["ann@example.org asked to"])
        #expect(try told(["Ann@example.org", "bob@example.org"]) == ["ann@example.org asked to"])
        var status = stat()
        #expect(stat(rig.statePath + "/suppressed/list", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("one that is no address makes an order void, unless it is to be passed over")
    func invalid() throws {
        let outcome = try change(.add, ["ann@example.org", "nobody", "bob@"])
        #expect(outcome?.changed == 0 && outcome?.invalidCount == 2)
        #expect(outcome?.invalid.map(\.index) == [1, 2])
        #expect(try told() == [])
        let passed = try change(.add, ["ann@example.org", "nobody"], skipsInvalid: true)
        #expect(passed?.changed == 1 && passed?.invalid.first?.reason == "it has no @; write name@example.org")
        #expect(try told() == ["ann@example.org asked to"])
        guard case .suppression(let wrong)? = try rig.answers(.suppressed(["nobody"])).first else {
            Issue.record("told")
            return
        }
        #expect(wrong.invalid.map(\.index) == [0])
    }

    /// A surface that goes to the peer.
    private func mail(_ plans: SMTPPeer.Plan..., list: String) throws -> SMTPPeer {
        let peer = try SMTPPeer(rig, .init(plans: plans))
        rig.surfaceFile(
            "channel: email\nretries: 2\nmail:\n  from: news@example.org\n  host: 127.0.0.1\n"
                + "  port: \(peer.port)\n")
        rig.write(list, to: "list.csv")
        return peer
    }

    private func outcome(_ number: Int = 1) throws -> (AttemptOutcome?, SendProgress) {
        let answers = try rig.answers(rig.request(number), options: ["--mail-pause", "1ms"])
        guard case .outcome(let outcome, let progress)? = answers.last else {
            Issue.record("\(answers)")
            return (nil, SendProgress())
        }
        return (outcome, progress)
    }

    private func results() throws -> [String] {
        try rig.answers(.recipients(rig.key, states: nil)).flatMap { answer -> [String] in
            guard case .recipients(let found) = answer else { return [] }
            return found.map { "\($0.address) \($0.state)" }
        }.sorted()
    }

    /// Since it was asked last.
    private func taken(by peer: SMTPPeer) throws -> [String] {
        try peer.eventsSoFar().filter { $0.event == "message" }.flatMap { $0.recipients ?? [] }
    }

    @Test("a send leaves them out, and a retry sends to those that want mail again by then")
    func leftOut() throws {
        let later = [SMTPPeer.Action.reply("451 4.2.1 later")]
        let people = ["ann", "EVE", "eve", "late", "zoe", "last"]
        let peer = try mail(
            [.mail: [[], [], [.reply("451 4.3.0 not now")]], .rcpt: [[], later]], [:],
            list: "email\n" + people.map { "\($0)@example.org\n" }.joined())
        _ = try change(.add, ["eve@example.org", "zoe@EXAMPLE.org"])
        let (first, progress) = try outcome()
        if case .temporary? = first {} else { Issue.record("\(String(describing: first))") }
        #expect(progress == SendProgress(done: 4, total: 6, failed: 0, note: "1 taken, 1 put off, 3 left out"))
        #expect(try taken(by: peer) == ["ann@example.org"])
        #expect(
            try results() == [
                "EVE@example.org suppressed", "ann@example.org accepted", "eve@example.org repeated",
                "late@example.org temporary", "zoe@example.org suppressed",
            ])
        // Who was put off says so before the retry; another one wants mail again.
        _ = try change(.add, ["late@example.org"])
        _ = try change(.remove, ["zoe@example.org"])
        let (second, end) = try outcome(2)
        #expect(second == .sent)
        #expect(end == SendProgress(done: 6, total: 6, failed: 0, note: "3 taken, 3 left out"))
        #expect(try taken(by: peer) == ["zoe@example.org", "last@example.org"])
        #expect(
            try results() == [
                "EVE@example.org suppressed", "ann@example.org accepted", "eve@example.org repeated",
                "last@example.org accepted", "late@example.org suppressed", "zoe@example.org accepted",
            ])
    }

    @Test("where the list can't be read nobody gets anything")
    func unreadable() throws {
        let peer = try mail([:], list: "email\nann@example.org\n")
        _ = try change(.add, ["eve@example.org"])
        rig.write("suppressed 1\nwhat is this\n", to: "state/suppressed/list")
        let (outcome, _) = try outcome()
        let path = rig.statePath + "/suppressed/list"
        #expect(
            outcome == .failed(
                reason: "who wants no mail is not known: line 2 of \(path) is damaged; take it out, or put the list "
                    + "back from a copy"))
        #expect(try taken(by: peer) == [])
        #expect(
            try rig.answers(.suppressed([]))
                == [.refused(reason: "line 2 of \(path) is damaged; take it out, or put the list back from a copy")])
    }
}
