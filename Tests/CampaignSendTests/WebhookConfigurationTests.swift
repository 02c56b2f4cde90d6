import CampaignModel
import Glibc
import SendProtocol
import Testing

/// What the mapping `webhook` of a surface's file may say, and how a fault in it is told.
@Suite struct WebhookConfigurationTests {
    private static let start = "channel: email\nwebhook:\n"
    private static let url = start + "  url: https://example.org/\n"
    private static let odd = "holds a character that no address has; write it as %XX, and a host's name as xn--…"

    /// The file, and what is said of it after its name.
    static let faults: [(String, String)] = [
        ("channel: email\nwebhook: https://example.org\n",
         "2:10: webhook: is a single value, and must be a mapping of keys to values"),
        ("channel: email\nwebhook: {}\n", "2:10: webhook: url is missing; write url: https://example.org/path"),
        (url + "  urll: x\n", "4:3: webhook.urll: unknown key; did you mean url?"),
        (url + "command:\n  run: [/bin/true]\n", "4:1: command: is a second driver beside webhook; a file has one"),
        ("channel: email\ncommand:\n  run: [/bin/true]\nwebhook:\n  url: http://a\n",
         "4:1: webhook: is a second driver beside command; a file has one"),
        // Addresses.
        (start + "  url: ''\n", "3:8: webhook.url: must begin with http:// or https://"),
        (start + "  url: ftp://example.org/\n", "3:8: webhook.url: must begin with http:// or https://"),
        (start + "  url: file:///etc/passwd\n", "3:8: webhook.url: must begin with http:// or https://"),
        (start + "  url: example.org\n", "3:8: webhook.url: must begin with http:// or https://"),
        (start + "  url: https:///path\n", "3:8: webhook.url: has no host that is a name or an IP address"),
        (start + "  url: https://:80/\n", "3:8: webhook.url: has no host that is a name or an IP address"),
        (start + "  url: https://a,b/\n", "3:8: webhook.url: has no host that is a name or an IP address"),
        (start + "  url: https://[::1/\n", "3:8: webhook.url: has no host that is a name or an IP address"),
        (start + "  url: https://a%2eb/\n", "3:8: webhook.url: has no host that is a name or an IP address"),
        (start + "  url: https://user:pass@example.org/\n",
         "3:8: webhook.url: holds a user or a password; give them in headers, as ${NAME} of credentials"),
        (start + "  url: https://user@example.org/\n",
         "3:8: webhook.url: holds a user or a password; give them in headers, as ${NAME} of credentials"),
        (start + "  url: 'https://example.org/#top'\n",
         "3:8: webhook.url: holds a #, and what follows one is never sent"),
        (start + "  url: https://example.org:0/\n",
         "3:8: webhook.url: has a port that is none; 1 to 65535 are allowed"),
        (start + "  url: https://example.org:65536/\n",
         "3:8: webhook.url: has a port that is none; 1 to 65535 are allowed"),
        (start + "  url: https://example.org:+80/\n",
         "3:8: webhook.url: has a port that is none; 1 to 65535 are allowed"),
        (start + "  url: https://exämple.org/\n", "3:8: webhook.url: " + odd),
        (start + "  url: 'https://example.org/a b'\n", "3:8: webhook.url: " + odd),
        (start + "  url: \"https://example.org/\\r\\nX: 1\"\n", "3:8: webhook.url: " + odd),
        (start + "  url: https://example.org/${token}\n", "3:8: webhook.url: " + odd),
        (start + "  url: https://example.org/" + String(repeating: "x", count: 2_029) + "\n",
         "3:8: webhook.url: has 2049 bytes; 2048 at most are allowed"),
        (start + "  url: [http://a]\n", "3:8: webhook.url: is a list, and must be a single value"),
        // The rest but headers.
        (url + "  method: GET\n", "4:11: webhook.method: \"GET\" is not taken; allowed are POST, PUT, PATCH"),
        (url + "  method: post\n", "4:11: webhook.method: \"post\" is not taken; allowed are POST, PUT, PATCH"),
        (url + "  idempotent: yes\n", "4:15: webhook.idempotent: must be true or false"),
        (url + "idempotent: 1\n", "4:13: idempotent: must be true or false"),
        (url + "  idempotent: true\nidempotent: true\n",
         "4:15: webhook.idempotent: stands beside webhook already; one of them is enough"),
        (url + "  connect_timeout: 99ms\n",
         "4:20: webhook.connect_timeout: \"99ms\" is out of range; allowed is 100ms to 5m"),
        (url + "  connect_timeout: 301s\n",
         "4:20: webhook.connect_timeout: \"301s\" is out of range; allowed is 100ms to 5m"),
        (url + "  connect_timeout: 10\n",
         "4:20: webhook.connect_timeout: \"10\" is not a duration; "
            + "write a whole number and ms, s, m, h or d, such as 30s or 72h"),
        (url + "  ca_file: ca.pem\n", "4:12: webhook.ca_file: \"ca.pem\" must be a whole path, from /"),
        // Headers.
        (url + "  headers: [a]\n", "4:12: webhook.headers: is a list, and must be a mapping of keys to values"),
        (url + "  headers:\n    X Y: a\n",
         "5:5: webhook.headers.X Y: is not the name of a header; letters, digits and - are usual"),
        (url + "  headers:\n    'X:Y': a\n",
         "5:5: webhook.headers.X:Y: is not the name of a header; letters, digits and - are usual"),
        (url + "  headers:\n    '': a\n",
         "5:5: webhook.headers.: is not the name of a header; letters, digits and - are usual"),
        (url + "  headers:\n    \"X\\r\\nY\": a\n",
         "5:5: webhook.headers.X\\u{D}\\u{A}Y: is not the name of a header; letters, digits and - are usual"),
        (url + "  headers:\n    É: a\n",
         "5:5: webhook.headers.É: is not the name of a header; letters, digits and - are usual"),
        (url + "  headers:\n    Host: a\n", "5:5: webhook.headers.Host: is set by the sender itself"),
        (url + "  headers:\n    content-type: a\n", "5:5: webhook.headers.content-type: is set by the sender itself"),
        (url + "  headers:\n    Content-Length: 1\n",
         "5:5: webhook.headers.Content-Length: is set by the sender itself"),
        (url + "  headers:\n    Idempotency-Key: 1\n",
         "5:5: webhook.headers.Idempotency-Key: is set by the sender itself"),
        (url + "  headers:\n    Transfer-Encoding: chunked\n",
         "5:5: webhook.headers.Transfer-Encoding: is set by the sender itself"),
        (url + "  headers:\n    CONNECTION: close\n", "5:5: webhook.headers.CONNECTION: is set by the sender itself"),
        (url + "  headers:\n    Expect: a\n", "5:5: webhook.headers.Expect: is set by the sender itself"),
        (url + "  headers:\n    X-A: a\n    x-a: b\n",
         "6:5: webhook.headers.x-a: stands there twice, in other letters"),
        (url + "  headers:\n    X-A: \"a\\nb\"\n", "5:10: webhook.headers.X-A: holds a control character"),
        (url + "  headers:\n    X-A: \"a\\tb\"\n", "5:10: webhook.headers.X-A: holds a control character"),
        (url + "  headers:\n    X-A: ''\n", "5:10: webhook.headers.X-A: must not be empty"),
        (url + "  headers:\n    X-A: ' '\n", "5:10: webhook.headers.X-A: must not be empty"),
        (url + "  headers:\n    X-A: [a]\n", "5:10: webhook.headers.X-A: is a list, and must be a single value"),
        (url + "  headers:\n    X-A: " + String(repeating: "x", count: 8_193) + "\n",
         "5:10: webhook.headers.X-A: has 8193 bytes; 8192 at most are allowed"),
        (url + "  headers:\n    X-A: Bearer ${token}\n",
         "5:10: webhook.headers.X-A: ${token} is not one of credentials, where its name must stand"),
        (url + "  headers:\n    X-A: ${token}${other}\ncredentials: [token]\n",
         "5:10: webhook.headers.X-A: ${other} is not one of credentials, where its name must stand"),
        (url + "  headers:\n    X-A: ${}\ncredentials: [token]\n",
         "5:10: webhook.headers.X-A: ${} is not one of credentials, where its name must stand"),
        (url + "  headers:\n    X-A: ${token\ncredentials: [token]\n",
         "5:10: webhook.headers.X-A: has a ${ without its }; ${NAME} stands for a name of credentials"),
        (url + "  headers:\n" + (1...33).map { "    X-\($0): a\n" }.joined(),
         "5:5: webhook.headers: has 33 headers; 32 at most are allowed"),
    ]

    @Test("a fault in a webhook's settings is refused with its place", arguments: faults)
    func fault(text: String, expected: String) throws {
        let rig = try SenderRig()
        rig.surfaceFile(text)
        guard case .failed(let reason) = try rig.outcome() else { Issue.record("taken: \(text)"); return }
        #expect(reason == "\(rig.configurationPath)/surfaces.d/newsletter.yaml:" + expected)
        #expect(try rig.status() == .ended(.failed(reason: reason), SendProgress()))
    }

    @Test("every key is taken, at its bounds")
    func everyKey() throws {
        let rig = try SenderRig()
        let peer = try WebhookPeer(rig, [[.read, .answer(200)]])
        let headers = (1...32).map { "    X-\($0): $\($0) $ {a} é\n" }.joined()
        rig.webhook(
            peer.port,
            settings: "  method: PUT\n  connect_timeout: 5m\n  ca_file: /etc/none.pem\n  headers:\n" + headers,
            beside: "idempotent: false\ntimeout: 720h\nmax_concurrent: 1\nretries: 0\ncredentials: [a, b]\n")
        #expect(try rig.outcome() == .sent)
        #expect(try peer.request().headers["x-32"] == "$32 $ {a} é")
    }
}
