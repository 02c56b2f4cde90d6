import CampaignModel
import Glibc
import SendProtocol
import Testing

/// Whom a webhook trusts, and with what.
@Suite struct WebhookTrustTests {
    @Test("a server whose certificate is signed by the file's authority gets the request")
    func trusted() throws {
        let rig = try SenderRig()
        let certificate = try rig.certificate(for: "IP:127.0.0.1")
        let peer = try WebhookPeer(rig, [[.read, .answer(200)]], certificate: certificate)
        rig.webhook(peer.port, scheme: "https", settings: "  ca_file: \(rig.path)/certificate.pem\n")
        #expect(try rig.outcome() == .sent)
        #expect(try peer.request().headers["idempotency-key"] == rig.key.text)
    }

    /// The name in the certificate, the setting in the file, and what the reason must have.
    static let untrusted: [(String, String?, String)] = [
        ("IP:127.0.0.1", nil, "certificate"),
        ("DNS:other.example", "certificate.pem", "127.0.0.1"),
        ("IP:127.0.0.1", "missing.pem", "missing.pem"),
    ]

    @Test("a server that can't prove who it is gets nothing, and the send is tried again", arguments: untrusted)
    func refused(name: String, authorities: String?, word: String) throws {
        let rig = try SenderRig()
        let certificate = try rig.certificate(for: name)
        let peer = try WebhookPeer(rig, [[.read, .answer(200)]], certificate: certificate)
        rig.webhook(
            peer.port, scheme: "https", settings: authorities.map { "  ca_file: \(rig.path)/\($0)\n" } ?? "")
        guard case .temporary(let reason, nil) = try rig.outcome() else { Issue.record("not temporary"); return }
        #expect(reason.hasPrefix("nothing of the request was written: "))
        #expect(reason.contains(word), "\(reason)")
        if authorities != "missing.pem" {
            // In TLS 1.3 the server ends its part of the handshake first, and reads the refusal where a request
            // would be.
            #expect(["no handshake", "no request but 0 bytes"].contains(try peer.line()))
        }
    }

    // MARK: Credentials

    private static let token = "s3cret \"quoted\" é"

    /// A rig with a folder of credentials that a header takes two of.
    private func rig(_ credentials: [String: String]) throws -> SenderRig {
        let rig = try SenderRig()
        rig.makeFolder(rig.path + "/credentials")
        for (name, text) in credentials { rig.write(text, to: "credentials/\(name)", mode: 0o400) }
        return rig
    }

    private static let headers = """
          headers:
            Authorization: Bearer ${push-token}/${user.name}!$
            X-Again: ${push-token}

        """
    private static let listed = "credentials: [push-token, user.name, spare]\n"

    @Test("a credential goes into its header and into nothing that stays or is told")
    func secret() throws {
        let rig = try rig(["push-token": Self.token + "\r\n", "user.name": "ann"])
        let quoted = String(decoding: WireJSON.encode(Self.token), as: UTF8.self)
        let echo = "bad token: \(Self.token); as JSON \(quoted)"
        let note = "{\"note\":\"a \\u0073\(quoted.dropFirst(2).dropLast())\"}"
        let answers: [WebhookPeer.Step] = [
            .answer(401, body: echo), .answer(400, body: note), .answer(200, body: echo),
        ]
        let peer = try WebhookPeer(rig, answers.map { [.read, $0] })
        rig.webhook(peer.port, settings: Self.headers, beside: Self.listed)
        let environment = ["CREDENTIALS_DIRECTORY=\(rig.path)/credentials"]
        #expect(
            try rig.outcome(1, environment: environment)
                == .failed(reason: "the webhook answered 401: bad token: ${push-token}; as JSON \"${push-token}\""))
        let headers = try peer.request().headers
        #expect(headers["authorization"] == "Bearer \(Self.token)/ann!$")
        #expect(headers["x-again"] == Self.token)
        let told = try rig.answers(rig.request(2), environment: environment)
        #expect(told.contains(.progress(SendProgress(note: "a ${push-token}"))))
        #expect(try rig.outcome(3, environment: environment) == .sent)
        let folder = try rig.keyFolder()
        let kept = rig.names(folder).compactMap { rig.text(folder + "/" + $0) } + [try #require(rig.text("stderr"))]
        #expect(kept.count == 10)
        for text in kept { #expect(!text.contains("3cret")) }
        #expect(kept[9].contains("newsletter: answered 200: bad token: ${push-token}; as"))
    }

    private static let advice = """
        add LoadCredential=push-token:/path/of/its/file by a drop-in (systemctl edit campaign-send@.service)
        """

    /// The credential's content, nil for none, and what is said.
    static let unusableOnes: [(String?, String)] = [
        (nil, "credential push-token is missing; " + advice),
        ("", "credential push-token is empty"),
        ("\n", "credential push-token is empty"),
        ("a\nb\n", "credential push-token holds a control character or bytes that are no text; "
            + "it is to be one line"),
        ("a\r\nX-Evil: 1", "credential push-token holds a control character or bytes that are no text; "
            + "it is to be one line"),
        ("a\u{0}", "credential push-token holds a control character or bytes that are no text; "
            + "it is to be one line"),
        (String(repeating: "x", count: 65_537), "credential push-token has more than 65536 bytes"),
        (String(repeating: "x", count: 8_192), "header Authorization has 8205 bytes with its credentials; "
            + "it must not be blank, and 8192 at most are allowed"),
    ]

    @Test("a credential that can't be used fails its send for good, before anything is accepted",
          arguments: unusableOnes)
    func unusable(content: String?, reason: String) throws {
        let rig = try rig(content.map { ["push-token": $0, "user.name": "ann"] } ?? ["user.name": "ann"])
        let mute = try MuteListener()
        rig.webhook(mute.port, settings: Self.headers, beside: Self.listed)
        let environment = ["CREDENTIALS_DIRECTORY=\(rig.path)/credentials"]
        let outcome = AttemptOutcome.failed(reason: reason)
        #expect(try rig.answers(rig.request(), environment: environment) == [.outcome(outcome, SendProgress())])
        #expect(try rig.status() == .ended(outcome, SendProgress()))
        #expect(!mute.wasReached)
    }

    @Test("without a folder of credentials the first one is missing")
    func noFolder() throws {
        let rig = try rig([:])
        rig.webhook(1, settings: Self.headers, beside: Self.listed)
        #expect(
            try rig.outcome() == .failed(
                reason: "credential push-token is missing, as all are: $CREDENTIALS_DIRECTORY is not set; "
                    + Self.advice))
    }
}
