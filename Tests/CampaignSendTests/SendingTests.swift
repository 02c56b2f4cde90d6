import CampaignModel
import Glibc
import SendProtocol
import Testing

@Suite struct SendingTests {
    @Test("a send is accepted, tells its progress and ends as sent")
    func happyPath() throws {
        let rig = try SenderRig()
        rig.surface("""
            cat > "$RIG/request"
            echo '{"progress": 1, "total": 3}'
            echo '{"progress": 3, "note": "all of them"}'
            """)
        let answers = try rig.answers(rig.request())
        let last = SendProgress(done: 3, total: 3, note: "all of them")
        #expect(answers.first == .accepted)
        #expect(answers.last == .outcome(.sent, last))
        #expect(answers.dropFirst().contains(.progress(last)))
        #expect(rig.starts == 1)
        #expect(try rig.status() == .ended(.sent, last))
    }

    @Test("a note with control characters that JSON spells out is shown safely too")
    func escapedNote() throws {
        let rig = try SenderRig()
        rig.surface("printf '%s\\n' '{\"note\": \"a\\u001b[1mb\"}'")
        #expect(try rig.answers(rig.request()).last == .outcome(.sent, SendProgress(note: "a\\u{1B}[1mb")))
    }

    @Test("the surface gets the request as one line, its variables, and nothing that is the sender's own")
    func environment() throws {
        let rig = try SenderRig()
        rig.surface("cat > \"$RIG/request\"; env > \"$RIG/env\"; pwd > \"$RIG/pwd\"; ls /proc/self/fd > \"$RIG/fds\"")
        try rig.answers(
            rig.request(data: "{\"n\":\n12345678901234567890.10}"),
            environment: [
                "NOTIFY_SOCKET=/run/none", "WATCHDOG_USEC=1000000", "LISTEN_PID=1", "LISTEN_FDS=1", "LISTEN_FDNAMES=a",
                "STATE_DIRECTORY=/nowhere", "CAMPAIGND_FAULT=kill@nowhere", "AUDIENCE=other", "KEPT=1",
                "CREDENTIALS_DIRECTORY=/run/credentials/x",
            ])
        let work = rig.statePath + "/keys/" + rig.names("state/keys")[0] + "/1.work"
        let lines = Set(try #require(rig.text("env")).split(separator: "\n").map(String.init))
        let expected = [
            "CAMPAIGN_NAME=spring", "CAMPAIGN_VERSION=3", "CAMPAIGN_CHANNEL=email", "OCCURRENCE_KEY=\(rig.key)",
            "OCCURRENCE_TIME=2026-12-07T08:00:00Z", "AUDIENCE=\(rig.path)/list.csv", "MESSAGE_FILE=\(work)/spring.yaml",
            "KEPT=1", "CREDENTIALS_DIRECTORY=/run/credentials/x",
        ]
        for variable in expected { #expect(lines.contains(variable)) }
        let own = ["NOTIFY_", "WATCHDOG_", "LISTEN_", "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "CAMPAIGND_FAULT"]
        for name in own {
            #expect(!lines.contains { $0.hasPrefix(name) })
        }
        #expect(rig.text("pwd") == work + "\n")
        #expect(rig.text("request") == """
            {"attempt":1,"audience":{"file":"\(rig.path)/list.csv","name":"subscribers"},\
            "campaign":{"channel":"email","name":"spring","title":"Soldes d’été","version":3},\
            "due":"2026-12-07T08:00:00Z","key":"\(rig.key)",\
            "message":{"attachments":["\(work)/logo.png"],"file":"\(work)/spring.yaml","headers":[],\
            "name":"spring-2026","revision":4,"subject":"Hello","text":"Bonjour\\n"},\
            "nominal":"2026-12-07T09:00:00","origin":"schedule","surface":"newsletter","test":false,\
            "timezone":"Europe/Paris","data":{"n": 12345678901234567890.10}}

            """)
        // 3 is the folder that ls itself reads.
        #expect(rig.text("fds") == "0\n1\n100\n2\n3\n")
    }

    @Test("a notice of alerts may have no audience, and the surface is told of none")
    func withoutAudience() throws {
        let rig = try SenderRig()
        rig.surface("cat > \"$RIG/request\"; env > \"$RIG/env\"")
        unlink(rig.configurationPath + "/audiences.d/subscribers.yaml")
        let answers = try rig.answers(rig.request(hasAudience: false), environment: ["AUDIENCE=other"])
        #expect(answers.last == .outcome(.sent, SendProgress()))
        #expect(rig.text("env")?.contains("AUDIENCE=") == false)
        #expect(rig.text("request")?.hasPrefix("{\"attempt\":1,\"audience\":null,\"campaign\":{") == true)
        #expect(rig.text("request")?.contains("\"origin\":\"alerts\"") == true)
    }

    @Test("the message's files lie in a private folder exactly as they were put, and are gone afterwards")
    func messageFiles() throws {
        let rig = try SenderRig()
        rig.surface("""
            cp "$MESSAGE_FILE" "$RIG/copy"
            cp "${MESSAGE_FILE%/*}/logo.png" "$RIG/logo"
            stat -c %a . "$MESSAGE_FILE" > "$RIG/modes"
            mkdir -p made/here && touch made/here/too
            """)
        #expect(try rig.answers(rig.request()).last == .outcome(.sent, SendProgress()))
        #expect(rig.read("copy") == Array("subject: Hello\r\n\u{0}".utf8) + [255])
        #expect(rig.read("logo") == [137, 80, 0, 255])
        #expect(rig.text("modes") == "700\n600\n")
        #expect(rig.names(try rig.keyFolder()) == ["1.attempt", "1.outcome", "1.progress"])
    }

    @Test("files of the state directory are private under any umask", arguments: ["000", "777"])
    func modes(mask: String) throws {
        let rig = try SenderRig()
        rig.surface("true")
        let words = ["/bin/sh", "-c", "umask \(mask); exec \"$0\" \"$@\"", SenderRig.program, "--connection", "3",
                     "--state-dir", rig.statePath, "--config-dir", rig.configurationPath]
        let peer = try rig.connect(words)
        try peer.send(rig.request())
        #expect(try peer.answersToEnd().last == .outcome(.sent, SendProgress()))
        let folder = try rig.keyFolder()
        let files = rig.names(folder).map { ("\(folder)/\($0)", 0o600) }
        for (name, mode) in [("state/keys", 0o700), (folder, 0o700)] + files {
            var status = stat()
            #expect(stat(rig.path + "/" + name, &status) == 0)
            #expect(status.st_mode & 0o7777 == mode_t(mode), "\(name)")
        }
    }

    @Test("a message's file has a whole path, though the state directory was named by a part of one")
    func wholePath() throws {
        let rig = try SenderRig()
        rig.surface("cp \"$MESSAGE_FILE\" \"$RIG/message\"")
        let words = ["/bin/sh", "-c", "cd \(rig.path); exec \"$0\" \"$@\"", SenderRig.program, "--connection", "3",
                     "--state-dir", "state", "--config-dir", rig.configurationPath]
        let peer = try rig.connect(words)
        try peer.send(rig.request())
        #expect(try peer.answersToEnd().last == .outcome(.sent, SendProgress()))
        #expect(rig.text("message") != nil)
    }

    @Test("the connection that systemd passes is taken, and root's files alone are then trusted")
    func passedSocket() throws {
        let rig = try SenderRig()
        rig.surface("true")
        let script = "export LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=connection; exec \"$0\" \"$@\""
        let words = ["/bin/sh", "-c", script, SenderRig.program, "--state-dir", rig.statePath]
        let peer = try rig.connect(words, environment: ["CONFIGURATION_DIRECTORY=\(rig.configurationPath)"])
        try peer.send(rig.request())
        guard case .outcome(let outcome, _)? = try peer.answersToEnd().last else {
            Issue.record("no outcome")
            return
        }
        if getuid() == 0 {
            #expect(outcome == .sent)
        } else {
            guard case .failed(let reason) = outcome else { Issue.record("\(outcome)"); return }
            #expect(reason.contains("must be root"))
        }
    }

    @Test("an attempt that was made is never made again, and none after one that was sent")
    func repeated() throws {
        let rig = try SenderRig()
        rig.surface("true")
        try rig.answers(rig.request(1))
        let sent = AttemptStatus.ended(.sent, SendProgress())
        let known = [SenderAnswer.status(Attempt(key: rig.key, number: 1), sent)]
        #expect(try rig.answers(rig.request(1)) == known)
        #expect(try rig.answers(rig.request(2)) == known)
        #expect(rig.starts == 1)
        #expect(try rig.status(2) == .none)
    }

    @Test("nothing of a key starts while an attempt of it runs")
    func whileRunning() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo '{\"progress\": 5}'; echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"")
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        #expect(try peer.answer() == .accepted)
        #expect(try peer.answer() == .progress(SendProgress(done: 5)))
        let running = SenderAnswer.status(Attempt(key: rig.key, number: 1), .running(SendProgress(done: 5)))
        #expect(try rig.answers(rig.request(1)) == [running])
        #expect(try rig.answers(rig.request(2)) == [running])
        gate.release()
        #expect(try peer.outcome()?.0 == .sent)
        #expect(rig.starts == 1)
    }

    @Test("after a failure the next attempt runs, and the failed one stays as it was")
    func nextAttempt() throws {
        let rig = try SenderRig()
        rig.surface("exit 75")
        try rig.answers(rig.request(1))
        rig.surface("true")
        #expect(try rig.answers(rig.request(2)).last == .outcome(.sent, SendProgress()))
        let reason = "the surface ended with 75 (EX_TEMPFAIL)"
        #expect(try rig.status(1) == .ended(.temporary(reason: reason, retryAfterSeconds: nil), SendProgress()))
        #expect(try rig.status(2) == .ended(.sent, SendProgress()))
    }

    @Test("two attempts of a key at one moment: one starts")
    func race() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"")
        let peers = try (1...6).map { try rig.start(rig.request($0)) }
        #expect(try told.line() == "begun")
        let first = try peers.map { try $0.answer() }
        #expect(first.filter { $0 == .accepted }.count == 1)
        #expect(first.filter { if case .status(_, .running)? = $0 { true } else { false } }.count == 5)
        gate.release()
        for peer in peers { _ = try peer.answersToEnd() }
        #expect(rig.starts == 1)
    }

    @Test("a lost connection ends no send")
    func lostConnection() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"; echo '{\"progress\": 9}'")
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        peer.hangUp()
        let follower = try rig.start(.follow(Attempt(key: rig.key, number: 1)))
        #expect(try follower.answer() == .progress(SendProgress()))
        gate.release()
        #expect(try follower.outcome()?.0 == .sent)
        #expect(rig.wait(for: peer) == 0)
        #expect(try rig.status() == .ended(.sent, SendProgress(done: 9)))
    }

    @Test("half a request and an end of file start nothing", arguments: [0, 4, 8, 100, 5_000])
    func halfRequest(length: Int) throws {
        let rig = try SenderRig()
        rig.surface("true")
        var bytes = try rig.request(data: "\"" + String(repeating: "x", count: 6_000) + "\"").frame().bytes
        bytes.removeLast(bytes.count - length)
        let peer = try rig.start()
        peer.write(bytes)
        peer.endWriting()
        #expect(try peer.answersToEnd().isEmpty)
        #expect(rig.wait(for: peer) == 0)
        #expect(try rig.status() == .none)
        #expect(rig.names("state").isEmpty)
    }

    @Test("a peer that ends its side after the request still gets the answers")
    func halfClosed() throws {
        let rig = try SenderRig()
        rig.surface("true")
        let peer = try rig.start(rig.request())
        peer.endWriting()
        #expect(try peer.answersToEnd() == [.accepted, .outcome(.sent, SendProgress())])
    }

    @Test("rubbish is refused and leaves nothing")
    func rubbish() throws {
        let rig = try SenderRig()
        let peer = try rig.start()
        peer.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        let reason = "the message's head has 1195725856 bytes; allowed are 1 to 1048576"
        #expect(try peer.answersToEnd() == [.refused(reason: reason)])
        #expect(rig.names("state").isEmpty)
    }

    @Test("another user's connection is refused", .enabled(if: getuid() == 0, "needs root to become another user"))
    func otherUser() throws {
        let rig = try SenderRig()
        rig.surface("true")
        let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = rig.path + "/socket"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0 && listen(listener, 1) == 0)
        chmod(path, 0o777)
        chmod(rig.path, 0o755)
        let talk = "socket(S,AF_UNIX,SOCK_STREAM,0); connect(S,sockaddr_un($ARGV[0])) or die $!; print while <S>;"
        _ = try rig.spawn(
            ["/usr/bin/setpriv", "--reuid=65534", "--clear-groups", "perl", "-MSocket", "-e", talk, path],
            connection: listener)
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        let words = [
            SenderRig.program, "--connection", "3", "--state-dir", rig.statePath, "--config-dir", rig.configurationPath,
        ]
        let id = try rig.spawn(words, connection: connection)
        #expect(rig.wait(for: SenderPeer(descriptor: -1, process: id)) == 77)
        #expect(rig.text("stderr")?.contains("only root, user 0 and campaignd may ask") == true)
    }
}
