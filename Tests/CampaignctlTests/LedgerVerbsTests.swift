import CampaignModel
import ControlAPI
import Glibc
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl backup, adopt-ledger, accept-clock", .timeLimit(.minutes(10)))
struct LedgerVerbsTests {
    private static let pieces = [Array("SQLite format 3\0".utf8), [UInt8](repeating: 7, count: 100_000), [1, 2, 3]]
    private static let issuer = Issuer(actor: EventActor(uid: getuid(), name: "tester"), reason: "as agreed")

    private func control(isChanged: Bool = true) -> RecordingControl {
        let control = RecordingControl()
        control.set(isChanged: isChanged, copy: Self.pieces)
        return control
    }

    @Test(
        "what a person says goes to the daemon with its reason, and the answer says whether it was needed",
        arguments: [
            ("accept-clock", RecordingControl.Asked.acceptClock(issuer), "clock is accepted;", "believes its clock"),
            ("adopt-ledger", .adoptLedger(issuer), "is this machine's; what", "is this machine's already"),
        ])
    func said(verb: String, asked: RecordingControl.Asked, done: String, needless: String) async throws {
        for (isChanged, words) in [(true, done), (false, needless)] {
            let control = control(isChanged: isChanged)
            try await ControlServer.run(control) { _, server in
                let run = try await Campaignctl.run([verb, "--reason", "as agreed"], server: server)
                #expect(run.standardOutput.contains(words), "\(run)")
                #expect(run.standardError == "")
                #expect(run.status == 0)
                let json = try await Campaignctl.run([verb, "--reason", "as agreed", "--json"], server: server)
                #expect(json.standardOutput == "{\"changed\":\(isChanged)}\n")
                #expect(control.asked == [asked, asked])
            }
        }
    }

    @Test("a copy is the daemon's bytes in a file of its owner's alone, or on standard output")
    func copied() async throws {
        let folder = try TestFolder()
        try await ControlServer.run(control()) { _, server in
            let path = "\(folder.path)/a.sqlite"
            let run = try await Campaignctl.run(["backup", path], server: server)
            let bytes = Self.pieces.flatMap(\.self)
            #expect(run.standardOutput == "\(path): \(bytes.count) bytes\n")
            #expect(try folder.bytes("a.sqlite") == bytes)
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let json = try await Campaignctl.run(["backup", "--force", path, "--json"], server: server)
            #expect(json.standardOutput == "{\"bytes\":\(bytes.count),\"file\":\"\(path)\"}\n")
            let both = try await Campaignctl.run(["backup", "-", "--json"], server: server)
            #expect(both.status == 2)
            #expect(both.standardError.contains("can't both go to standard output"))
        }
    }

    @Test("a file that is there stays, and a copy that is refused or is not whole leaves nothing")
    func refused() async throws {
        let folder = try TestFolder()
        let path = try folder.file("a.sqlite", "mine")
        try await ControlServer.run(control()) { _, server in
            let run = try await Campaignctl.run(["backup", path], server: server)
            #expect(run.status == 1)
            #expect(run.standardError == "campaignctl: \(path): is there already; --force replaces it\n")
        }
        let control = control()
        control.refuse("backup", .held(name: "backup", why: "another one is under way"))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["backup", "--force", path], server: server)
            #expect(run.status == 1)
            #expect(run.standardError.contains("another one is under way"))
        }
        #expect(try folder.bytes("a.sqlite") == Array("mine".utf8))
        #expect(try folder.names == ["a.sqlite"])
    }
}
