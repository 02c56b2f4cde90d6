import CampaignModel
import Glibc
import SendProtocol
import Testing

@testable import SendRecords

/// Retention: what is old goes, what could still matter stays.
@Suite struct ForgetTests {
    private func key(_ text: String) -> OccurrenceKey { OccurrenceKey(text)! }

    private func folder(_ rig: SenderRig, _ key: OccurrenceKey) -> String {
        rig.path + "/state/keys/" + StateDirectory.folderName(of: key)
    }

    /// Revokes an attempt of the key, which makes a record that has ended, and dates its files back.
    private func record(_ text: String, days: Int, in rig: SenderRig) throws {
        let key = key(text)
        _ = try rig.answers(.revoke(Attempt(key: key, number: 1), reason: "a test"))
        age(folder(rig, key), days: days)
    }

    private func age(_ folder: String, days: Int) {
        for name in (try? SystemDisk().names(in: folder)) ?? [] {
            let instant = timeval(tv_sec: time(nil) - days * 86_400, tv_usec: 0)
            let times = [instant, instant]
            #expect(utimes(folder + "/" + name, times) == 0)
        }
    }

    private func forget(_ owners: [String], in rig: SenderRig) throws -> [String] {
        let answer = try rig.answers(.forget(owners.map { Slug($0)! }, resultsBefore: nil)).last
        guard case .kept(let kept)? = answer else { return ["no answer"] }
        return kept.map(\.text)
    }

    private func isThere(_ text: String, in rig: SenderRig) -> Bool { access(folder(rig, key(text)), F_OK) == 0 }

    @Test("what ended more than thirty days ago goes with its owner, and nothing of another owner")
    func old() throws {
        let rig = try SenderRig()
        let mine = ["abcdefghijklmnop/now/1", "abcdefghijklmnop/2026-10-01T09:00:00[Europe/Paris]", "proof/x/50%25"]
        for text in mine { try record(text, days: 31, in: rig) }
        try record("qrstuvwxyzabcdef/now/1", days: 400, in: rig)
        #expect(try forget(["abcdefghijklmnop", "proof", "test"], in: rig) == [])
        for text in mine { #expect(!isThere(text, in: rig)) }
        #expect(isThere("qrstuvwxyzabcdef/now/1", in: rig))
    }

    @Test("what is younger stays, whatever is asked, and its owner is told")
    func young() throws {
        let rig = try SenderRig()
        try record("abcdefghijklmnop/now/1", days: 31, in: rig)
        try record("abcdefghijklmnop/now/2", days: 29, in: rig)
        #expect(try forget(["abcdefghijklmnop"], in: rig) == ["abcdefghijklmnop"])
        #expect(!isThere("abcdefghijklmnop/now/1", in: rig))
        #expect(isThere("abcdefghijklmnop/now/2", in: rig))
    }

    @Test("one that runs stays, however old it is, and ends as it would have")
    func running() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"")
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        age(folder(rig, rig.key), days: 90)
        let owner = String(rig.key.owner)
        #expect(try forget([owner], in: rig) == [owner])
        gate.release()
        #expect(try peer.outcome()?.0 == .sent)
        #expect(try rig.status() == .ended(.sent, SendProgress()))
    }

    @Test("with nothing there, or a folder that is no key's, nothing is done")
    func nothing() throws {
        let rig = try SenderRig()
        #expect(try forget(["abcdefghijklmnop"], in: rig) == [])
        try record("abcdefghijklmnop/now/1", days: 31, in: rig)
        let stranger = rig.path + "/state/keys/abcdefghijklmnop"
        #expect(mkdir(stranger, 0o700) == 0)
        #expect(try forget(["abcdefghijklmnop"], in: rig) == [])
        #expect(access(stranger, F_OK) == 0)
    }

    // MARK: Tests and proofs

    @Test("a test reaches its surface marked, with its one address and no audience")
    func test() throws {
        let rig = try SenderRig()
        rig.surface("cat > \"$RIG/request\"; echo \"$TEST:$TO:${AUDIENCE-none}\" > \"$RIG/variables\"")
        guard case .send(let request) = rig.request(hasAudience: false) else { return }
        let test = SendRequest(
            attempt: request.attempt, campaign: request.campaign, surface: request.surface, audience: nil,
            address: ProofAddress("ann@example.org"), message: request.message, due: request.due, origin: .test)
        #expect(try rig.answers(.send(test)).last == .outcome(.sent, SendProgress()))
        #expect(rig.text("variables") == "1:ann@example.org:none\n")
        let line = try #require(rig.text("request"))
        #expect(line.contains(#""to":"ann@example.org""#))
        #expect(line.contains(#""test":true"#))
        #expect(line.contains(#""audience":null"#))
        #expect(line.contains(#""origin":"test""#))
    }
}
