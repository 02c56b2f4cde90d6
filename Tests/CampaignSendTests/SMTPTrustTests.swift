import CampaignModel
import Testing

@testable import campaign_send

/// Whom mail trusts, and as whom it logs in.
@Suite struct SMTPTrustTests {
    private func outcome(
        _ rig: SenderRig, _ peer: SMTPPeer, _ settings: String, password: String? = nil
    ) throws -> MailOutcome? {
        let server = try rig.server(peer.port, settings, password: password)
        return try MailRun(SMTPTransport(server), MailRun.mails(1)).runToEnd()[1]?.named("127.0.0.1:\(peer.port)")
    }

    private static let login = "  user: ann\n  password: relay\n"

    @Test("a relay that the authority vouches for gets the message over TLS", arguments: ["starttls", "implicit"])
    func trusted(tls: String) throws {
        let rig = try SenderRig()
        let certificate = try rig.certificate(for: "IP:127.0.0.1")
        let peer = try SMTPPeer(rig, .init(certificate: certificate, isImplicit: tls == "implicit"))
        #expect(
            try outcome(rig, peer, "  tls: \(tls)\n  ca_file: \(rig.path)/certificate.pem\n")
                == .accepted("250 2.0.0 taken as 1"))
        if tls == "starttls" { #expect(try peer.event("message").tls == true) }
    }

    /// The name in the certificate, the authority, and what the reason must have.
    static let untrusted: [(String, String, String?, String)] = [
        ("starttls", "IP:127.0.0.1", nil, "certificate"), ("implicit", "IP:127.0.0.1", nil, "certificate"),
        ("starttls", "DNS:other.example", "certificate.pem", "127.0.0.1"),
        ("implicit", "DNS:other.example", "certificate.pem", "127.0.0.1"),
        ("starttls", "IP:127.0.0.1", "missing.pem", "missing.pem"),
    ]

    @Test("a relay that can't prove who it is gets nothing, and no other way is tried", arguments: untrusted)
    func refused(tls: String, name: String, authorities: String?, word: String) throws {
        let rig = try SenderRig()
        let certificate = try rig.certificate(for: name)
        let peer = try SMTPPeer(rig, .init(certificate: certificate, isImplicit: tls == "implicit"))
        let settings = "  tls: \(tls)\n" + (authorities.map { "  ca_file: \(rig.path)/\($0)\n" } ?? "")
        guard case .notSent(let fault) = try outcome(rig, peer, settings) else { Issue.record("sent"); return }
        #expect(fault.isLasting)
        #expect(fault.reason.hasPrefix("the relay RELAY can't be used: ") && fault.reason.contains(word), "\(fault)")
    }

    @Test("without STARTTLS, or where it is refused, nothing goes in plain text", arguments: [nil, "454 4.7.0 not now"])
    func stripped(reply: String?) throws {
        let rig = try SenderRig()
        let certificate = try rig.certificate(for: "IP:127.0.0.1")
        let peer = try SMTPPeer(rig, .init(
            plans: [reply.map { [.starttls: [[.reply($0)]]] } ?? [:]], certificate: reply == nil ? nil : certificate))
        let expected = reply.map { MailFault(
            reason: "the relay RELAY refused while the connection was made: \($0)", isLasting: false) }
            ?? MailFault(reason: "the relay RELAY can't be used: STARTTLS not supported.", isLasting: true)
        #expect(
            try outcome(rig, peer, "  tls: starttls\n  ca_file: \(rig.path)/certificate.pem\n") == .notSent(expected))
        #expect(try peer.eventsSoFar().allSatisfy { $0.event != "mail" })
    }

    // MARK: Logins

    @Test("the user logs in with the credential, over TLS or on this machine", arguments: [false, true])
    func login(isEncrypted: Bool) throws {
        let rig = try SenderRig()
        let certificate = isEncrypted ? try rig.certificate(for: "IP:127.0.0.1") : nil
        let peer = try SMTPPeer(rig, .init(certificate: certificate, password: "s3cret \"é"))
        let tls = isEncrypted ? "  tls: starttls\n  ca_file: \(rig.path)/certificate.pem\n" : ""
        #expect(
            try outcome(rig, peer, tls + Self.login, password: "s3cret \"é") == .accepted("250 2.0.0 taken as 1"))
        #expect(try peer.event("message").user == "ann")
    }

    @Test("a login that is refused is a fault until somebody mends it, one that is put off is not", arguments: [
        (nil, "535 5.7.8 Authentication credentials invalid", true),
        ("535 5.7.8 wrong is hunter2", "535 5.7.8 wrong is ${password}", true),
        ("454 4.7.0 not now", "454 4.7.0 not now", false),
    ])
    func loginRefused(reply: String?, told: String, isLasting: Bool) throws {
        let rig = try SenderRig()
        // libcurl tries the next way to log in where one is refused with its first line.
        let plan: SMTPPeer.Plan = reply.map { [.auth: Array(repeating: [.reply($0)], count: 3)] } ?? [:]
        let peer = try SMTPPeer(rig, .init(plans: [plan], password: "right"))
        #expect(
            try outcome(rig, peer, Self.login, password: "hunter2")
                == .notSent(MailFault(reason: "the relay RELAY refused the login: \(told)", isLasting: isLasting)))
    }

    @Test("a relay that offers no login gets nothing where the file names a user")
    func noLogin() throws {
        let rig = try SenderRig()
        let peer = try SMTPPeer(rig)
        let reason = "the relay RELAY offers no login (AUTH), and the surface names a user"
        #expect(
            try outcome(rig, peer, Self.login, password: "hunter2")
                == .notSent(MailFault(reason: reason, isLasting: true)))
        #expect(try peer.eventsSoFar().allSatisfy { $0.event != "mail" })
    }

    @Test("a password that is missing is told before anything is sent")
    func missing() throws {
        let rig = try SenderRig()
        let server = try rig.server(25, Self.login)
        let error = #expect(throws: ConfigurationDirectory.Refusal.self) { try SMTPServer(server.relay) }
        #expect(error?.description.hasPrefix("credential relay is missing") == true)
    }
}
