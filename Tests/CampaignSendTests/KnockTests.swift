import CampaignModel
import Glibc
import SendProtocol
import Testing

@testable import campaign_send

/// The test of a mail surface that goes to nobody: it knocks at the relay, and hands nothing over.
@Suite struct KnockTests {
    private func knock(
        _ rig: SenderRig, _ mail: String, environment: [String] = []
    ) throws -> (AttemptOutcome, SendProgress)? {
        rig.surfaceFile(
            "channel: email\nmail:\n  from: news@example.org\n\(mail)"
                + (mail.contains("password") ? "credentials: [relay]\n" : ""))
        guard case .send(let request) = rig.request() else { return nil }
        let answers = try rig.answers(
            .send(SendRequest(
                attempt: Attempt(key: OccurrenceKey("test/newsletter/1")!, number: 1), campaign: request.campaign,
                surface: request.surface, audience: nil, message: request.message, due: request.due, origin: .test)),
            environment: environment)
        guard case .outcome(let outcome, let progress)? = answers.last else {
            Issue.record("\(answers)")
            return nil
        }
        return (outcome, progress)
    }

    private func relay(_ peer: SMTPPeer, _ more: String = "") -> String {
        "  host: 127.0.0.1\n  port: \(peer.port)\n\(more)"
    }

    private func events(_ peer: SMTPPeer) throws -> [String] {
        _ = try peer.event("quit")
        _ = try peer.event("closed")
        return try peer.eventsSoFar().map(\.event)
    }

    @Test("it connects and takes leave")
    func plain() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig)
        let end = try knock(rig, relay(peer))
        #expect(end?.0 == .sent)
        #expect(end?.1.note == "the relay 127.0.0.1:\(peer.port) takes connections; nothing was sent")
        #expect(try peer.eventsSoFar().map(\.event).filter { $0 != "closed" } == ["connected", "quit"])
    }

    @Test("TLS and the login are part of it, and a password that is wrong is told as a send tells it", arguments: [
        "right", "wrong",
    ])
    func login(password: String) throws {
        let rig = try SenderRig()
        let certificate = try rig.certificate(for: "IP:127.0.0.1")
        let peer = try SMTPPeer(rig, .init(certificate: certificate, password: "right"))
        rig.makeFolder(rig.path + "/credentials")
        rig.write("\(password)\n", to: "credentials/relay", mode: 0o600)
        let trust = "  tls: starttls\n  ca_file: \(rig.path)/certificate.pem\n"
        let end = try knock(
            rig, relay(peer, trust + "  user: ann\n  password: relay\n"),
            environment: ["CREDENTIALS_DIRECTORY=\(rig.path)/credentials"])
        let name = "the relay 127.0.0.1:\(peer.port)"
        if password == "right" {
            #expect(end?.0 == .sent)
            #expect(end?.1.note == "\(name) takes connections and the login; nothing was sent")
        } else {
            #expect(
                end?.0 == .failed(
                    reason: "\(name) refused the login: 535 5.7.8 Authentication credentials invalid"))
        }
        #expect(try peer.eventsSoFar().allSatisfy { !["mail", "rcpt", "message"].contains($0.event) })
    }

    @Test("a relay that is not there, or sends everybody away, is told", arguments: [
        ("554 5.7.1 <you@example.org> not you", true), ("421 4.3.2 later", false),
    ])
    func refused(greeting: String, isLasting: Bool) throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.greeting: [[.reply(greeting)]]]]))
        let end = try knock(rig, relay(peer))
        let reason = "the relay 127.0.0.1:\(peer.port) refused with its greeting: "
            + greeting.replacing("<you@example.org>", with: "…")
        #expect(
            end?.0 == (isLasting ? .failed(reason: reason) : .temporary(reason: reason, retryAfterSeconds: nil)))
        let none = try knock(try SenderRig(), "  host: 127.0.0.1\n  port: 1\n")
        guard case .temporary(let told, _)? = none?.0 else { Issue.record("\(String(describing: none))"); return }
        #expect(told.hasPrefix("the relay 127.0.0.1:1 can't be used: "))
    }

    @Test("a relay that does not answer QUIT costs seconds, and is none the worse")
    func noFarewell() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig, .init(plans: [[.quit: [[.close]]]]))
        #expect(try knock(rig, relay(peer))?.0 == .sent)
    }

    @Test("of a sendmail it is seen that it can be started")
    func sendmail() throws {
        let rig = try SenderRig()
        let path = rig.path + "/sendmail"
        let missing = try knock(rig, "  sendmail: \(path)\n")
        #expect(missing?.0 == .failed(reason: "\(path) can't be started: No such file or directory"))
        rig.write("#!/bin/sh\ntouch '\(rig.path)/started'\n", to: "sendmail", mode: 0o755)
        let there = try knock(try SenderRig(), "  sendmail: \(path)\n")
        #expect(there?.0 == .sent)
        #expect(there?.1.note == "\(path) can be started; it was not")
        #expect(rig.text("started") == nil)
        let folder = try knock(try SenderRig(), "  sendmail: \(rig.path)\n")
        #expect(folder?.0 == .failed(reason: "\(rig.path) can't be started: it is no plain file"))
    }
}
