import CampaignModel
import Glibc
import SendProtocol
import Testing

/// What will never run gets a record and the outcome failed, and nothing starts.
@Suite struct ConfigurationTests {
    private func reason(_ rig: SenderRig, _ request: SenderRequest? = nil) throws -> String {
        let answers = try rig.answers(request ?? rig.request())
        guard answers.count == 1, case .outcome(.failed(let reason), _) = answers[0] else {
            Issue.record("\(answers)")
            return ""
        }
        #expect(try rig.status() == .ended(.failed(reason: reason), SendProgress()))
        #expect(rig.starts == 0)
        return reason.replacing(rig.path, with: "RIG")
    }

    static let surfaces: [(String, String)] = [
        ("channel: email\ncommand:\n  run: [/bin/true]\ntimout: 1h\n",
         "4:1: timout: unknown key; did you mean timeout?"),
        ("command:\n  run: [/bin/true]\n", "1:1: channel is missing; write channel: email"),
        ("channel: email\n", "1:1: a driver is missing; write one of command, webhook, mail"),
        ("channel: E mail\ncommand:\n  run: [/bin/true]\n", 
         "1:10: channel: \"E mail\" is not a channel; use a-z, 0-9 and -, such as email"),
        ("channel: email\ncommand:\n  run: [true]\n", "3:8: command.run: \"true\" must be a whole path, from /"),
        ("channel: email\ncommand:\n  run: []\n",
         "3:8: command.run: must be a program and its arguments, 64 words at most"),
        ("channel: email\ncommand:\n  runs: [/bin/true]\n", "3:3: command.runs: unknown key; did you mean run?"),
        ("channel: email\ncommand: /bin/true\n",
         "2:10: command: is a single value, and must be a mapping of keys to values"),
        ("channel: email\ncommand:\n  run: [/bin/true]\ntimeout: soon\n",
         "4:10: timeout: \"soon\" is not a duration; write a whole number and ms, s, m, h or d, such as 30s or 72h"),
        ("channel: email\ncommand:\n  run: [/bin/true]\ntimeout: 31d\n",
         "4:10: timeout: \"31d\" is out of range; allowed is 100ms to 720h"),
        ("channel: email\ncommand:\n  run: [/bin/true]\nmax_concurrent: 0\n",
         "4:17: max_concurrent: \"0\" is not a whole number from 1 to 1000"),
        ("channel: email\ncommand:\n  run: [/bin/true]\ncredentials: [../x]\n",
         "4:14: credentials: must be 16 file names at most, without /"),
        ("channel: email\ncommand:\n  run: [/bin/true]\nidempotent: true\n",
         "4:13: idempotent: is for webhook; a program says by its exit status what may be tried again"),
        ("channel: [", "2:1: is not YAML: did not find expected node content"),
    ]

    @Test("a surface file with a fault is refused with its place", arguments: surfaces)
    func surface(text: String, expected: String) throws {
        let rig = try SenderRig()
        rig.surfaceFile(text)
        #expect(try reason(rig) == "RIG/config/surfaces.d/newsletter.yaml:" + expected)
    }

    static let audiences: [(String, String)] = [
        ("fille: /x\n", "1:1: fille: unknown key; did you mean file?"),
        ("file: x\n", "1:7: file: \"x\" must be a whole path, from /"),
        ("file: /x\nreference: y\n", "1:1: must have one of file, command, reference"),
        ("reference: ''\n", "1:12: reference: must not be empty, and hold 64 words at most"),
        ("command: [x]\n", "1:10: command: \"x\" must be a whole path, from /"),
    ]

    @Test("an audience file with a fault is refused with its place", arguments: audiences)
    func audience(text: String, expected: String) throws {
        let rig = try SenderRig()
        rig.surface("true")
        rig.write(text, to: "config/audiences.d/subscribers.yaml")
        #expect(try reason(rig) == "RIG/config/audiences.d/subscribers.yaml:" + expected)
    }

    @Test("an unknown surface, an unknown audience and a wrong channel are named")
    func unknown() throws {
        let rig = try SenderRig()
        #expect(try reason(rig) == "surface newsletter is not known: there is no RIG/config/surfaces.d/newsletter.yaml")
        let second = try SenderRig()
        second.surface("true")
        unlink(second.path + "/config/audiences.d/subscribers.yaml")
        #expect(
            try reason(second)
                == "audience subscribers is not known: there is no RIG/config/audiences.d/subscribers.yaml")
        let third = try SenderRig()
        third.surface("true")
        #expect(
            try reason(third, third.request(channel: "sms"))
                == "surface newsletter is for channel email, the campaign's is sms")
    }

    @Test("a file that others may write is refused", arguments: [mode_t(0o664), 0o646, 0o666])
    func writable(mode: mode_t) throws {
        let rig = try SenderRig()
        rig.surface("true")
        chmod(rig.path + "/config/surfaces.d/newsletter.yaml", mode)
        let octal = String(mode, radix: 8)
        #expect(
            try reason(rig) == "RIG/config/surfaces.d/newsletter.yaml is refused: "
                + "its mode is \(octal), and only its owner may write it (chmod go-w)")
    }

    @Test("a folder that others may write is refused, whatever lies in it")
    func writableFolder() throws {
        let rig = try SenderRig()
        rig.surface("true")
        chmod(rig.path + "/config/audiences.d", 0o777)
        #expect(
            try reason(rig) == "RIG/config/audiences.d is refused: "
                + "its mode is 777, and only its owner may write it (chmod go-w)")
    }

    @Test("a file of another user is refused", .enabled(if: getuid() == 0, "needs root to give a file away"))
    func owner() throws {
        let rig = try SenderRig()
        rig.surface("true")
        chown(rig.path + "/config/surfaces.d/newsletter.yaml", 65_534, 65_534)
        #expect(
            try reason(rig) == "RIG/config/surfaces.d/newsletter.yaml is refused: "
                + "its owner is user 65534 and must be root or user 0")
    }

    @Test("a pipe or a folder in a file's place is refused and holds nobody up")
    func noFile() throws {
        let rig = try SenderRig()
        mkfifo(rig.path + "/config/surfaces.d/newsletter.yaml", 0o600)
        #expect(try reason(rig) == "RIG/config/surfaces.d/newsletter.yaml is refused: it is no plain file")
        let second = try SenderRig()
        second.makeFolder(second.configurationPath + "/surfaces.d/newsletter.yaml")
        #expect(try reason(second) == "RIG/config/surfaces.d/newsletter.yaml is refused: it is no plain file")
    }

    @Test(
        "data that is not JSON fails its attempt",
        arguments: ["", "{\"a\":", "{\"a\":01}", "[\"\\u12\"]", "{} {}", "{\"a\":[1,]}", "nul"])
    func badData(text: String) throws {
        let rig = try SenderRig()
        rig.surface("true")
        #expect(try reason(rig, rig.request(data: text)) == "bad request: data is not JSON")
    }

    @Test("a request that can't be read fails its attempt")
    func badRequest() throws {
        let second = try SenderRig()
        let frame = try second.request().frame()
        let broken = try Frame(head: frame.head, body: Array(frame.body.dropLast()))
        let peer = try second.start()
        peer.write(broken.bytes)
        guard case .outcome(.failed(let reason), _)? = try peer.answer() else { Issue.record("no outcome"); return }
        #expect(reason == "bad request: message.parts[2] has 4 bytes; the body has too few")
        #expect(try second.status() == .ended(.failed(reason: reason), SendProgress()))
    }

    @Test("the surface gets an audience's reference or name where there is no file")
    func audienceVariable() throws {
        for (text, expected) in [("reference: list 7\n", "list 7"), ("command: [/bin/echo, a]\n", "subscribers")] {
            let rig = try SenderRig()
            rig.surface("echo \"$AUDIENCE\" > \"$RIG/audience\"")
            rig.write(text, to: "config/audiences.d/subscribers.yaml")
            try rig.answers(rig.request())
            #expect(rig.text("audience") == expected + "\n")
        }
    }

    static let usages: [([String], String)] = [
        (["--what"], "campaign-send: --what: is not an option of campaign-send"),
        (["--grace"], "campaign-send: --grace: needs a value"),
        (["--grace", "x"],
         "campaign-send: --grace: \"x\" is not a duration; "
            + "write a whole number and ms, s, m, h or d, such as 30s or 72h"),
        (["--audience-timeout", "10s"],
         "campaign-send: --audience-timeout: \"10s\" is out of range; allowed is 10ms to 9s"),
        (["--connection", "2"], "campaign-send: --connection: \"2\" is not a descriptor; allowed are 3 to 1023"),
    ]

    @Test("wrong options end with 2 and are named", arguments: usages)
    func usage(options: [String], expected: String) throws {
        let rig = try SenderRig()
        let peer = try rig.start(options: options)
        #expect(rig.wait(for: peer) == 2)
        #expect(rig.text("stderr") == expected + "\ncampaign-send: see campaign-send --help\n")
    }
}
