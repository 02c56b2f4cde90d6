import CampaignModel
import Glibc
import SendProtocol
import Testing

@Suite struct RecordTests {
    static let ends: [(String, AttemptOutcome)] = [
        ("exit 0", .sent),
        ("exit 1", .failed(reason: "the surface ended with 1")),
        ("exit 67", .failed(reason: "the surface ended with 67 (EX_NOUSER)")),
        ("exit 75", .temporary(reason: "the surface ended with 75 (EX_TEMPFAIL)", retryAfterSeconds: nil)),
        ("kill -9 $$", .interrupted(reason: "the surface was killed by SIGKILL")),
        ("kill -15 $$", .interrupted(reason: "the surface was killed by SIGTERM")),
    ]

    @Test("a query tells how an attempt ended, with its progress", arguments: ends)
    func ended(script: String, outcome: AttemptOutcome) throws {
        let rig = try SenderRig()
        rig.surface("echo '{\"progress\": 2, \"failed\": 1}'; \(script)")
        let progress = SendProgress(done: 2, failed: 1)
        #expect(try rig.answers(rig.request()).last == .outcome(outcome, progress))
        #expect(try rig.status() == .ended(outcome, progress))
    }

    @Test("a query answers for each key in the order asked, for all attempts of each")
    func manyKeys() throws {
        let rig = try SenderRig()
        rig.surface("exit 75")
        try rig.answers(rig.request(1))
        try rig.answers(rig.request(3))
        let others = (0..<999).map { OccurrenceKey("abcdefghijklmnop/\($0)")! }
        let answers = try rig.answers(.query(others + [rig.key]))
        #expect(answers.prefix(999) == ArraySlice(others.map { SenderAnswer.attempts($0, []) }))
        let reason = "the surface ended with 75 (EX_TEMPFAIL)"
        let status = AttemptStatus.ended(.temporary(reason: reason, retryAfterSeconds: nil), SendProgress())
        #expect(answers.last == .attempts(rig.key, [1, 3].map { AttemptReport(number: $0, status: status) }))
    }

    @Test("a running attempt is told with its progress so far")
    func running() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo '{\"total\": 7}'; echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"")
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        #expect(try peer.answer() == .accepted)
        #expect(try peer.answer() == .progress(SendProgress(total: 7)))
        #expect(try rig.status() == .running(SendProgress(total: 7)))
        gate.release()
        #expect(try peer.outcome()?.0 == .sent)
    }

    static let damages: [(String, String, String)] = [
        ("1.outcome", "", "the file with the outcome is damaged"),
        ("1.outcome", "\0\0\0\0", "the file with the outcome is damaged"),
        ("1.outcome", "{\"state\":\"se", "the file with the outcome is damaged"),
        ("1.outcome", "{\"state\":\"running\"}", "the file with the outcome is damaged"),
        ("1.attempt", "", "the record of the attempt is damaged"),
        ("1.attempt", "{\"attempt\":{\"key\":\"another\",\"number\":1}}", "the record of the attempt is damaged"),
    ]

    @Test("a torn or wrong file is told as interrupted, and the attempt is not made again", arguments: damages)
    func damaged(name: String, text: String, reason: String) throws {
        let rig = try SenderRig()
        rig.surface("true")
        try rig.answers(rig.request())
        rig.write(text, to: try rig.keyFolder() + "/" + name)
        let status = AttemptStatus.ended(.interrupted(reason: reason), SendProgress())
        #expect(try rig.status() == status)
        #expect(try rig.answers(rig.request()) == [.status(Attempt(key: rig.key, number: 1), status)])
        #expect(rig.starts == 1)
    }

    @Test("a torn progress file costs the last line alone")
    func tornProgress() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"")
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        rig.write("{\"progress\":1}\nrubbish\n{\"progress\":2}\n{\"progr", to: try rig.keyFolder() + "/1.progress")
        #expect(try rig.status() == .running(SendProgress(done: 2)))
        gate.release()
        #expect(try peer.outcome()?.0 == .sent)
    }

    @Test("a state directory that can't be read is busy, not empty")
    func unreadable() throws {
        let rig = try SenderRig()
        rig.write("", to: "state/keys")
        let attempt = Attempt(key: rig.key, number: 1)
        for request in [SenderRequest.query([rig.key]), rig.request(), .revoke(attempt, reason: ""), .follow(attempt)] {
            guard case .busy? = try rig.answers(request).last else {
                Issue.record("not busy")
                continue
            }
        }
    }

    @Test("a revoked attempt never begins, and says why")
    func revoked() throws {
        let rig = try SenderRig()
        rig.surface("true")
        let attempt = Attempt(key: rig.key, number: 1)
        let status = AttemptStatus.ended(.revoked(reason: "stopped by ann\\u{A}"), SendProgress())
        #expect(try rig.answers(.revoke(attempt, reason: "stopped by ann\n")) == [.status(attempt, status)])
        #expect(try rig.answers(.revoke(attempt, reason: "again")) == [.status(attempt, status)])
        #expect(try rig.answers(rig.request()) == [.status(attempt, status)])
        #expect(try rig.status() == status)
        #expect(rig.starts == 0)
        // A person's retry takes the next number.
        #expect(try rig.answers(rig.request(2)).last == .outcome(.sent, SendProgress()))
    }

    @Test("a revocation that comes too late changes nothing")
    func revokedLate() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo begun > \"$RIG/told\"; read go < \"$RIG/gate\"")
        let attempt = Attempt(key: rig.key, number: 1)
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        let running = SenderAnswer.status(attempt, .running(SendProgress()))
        #expect(try rig.answers(.revoke(attempt, reason: "late")) == [running])
        gate.release()
        #expect(try peer.outcome()?.0 == .sent)
        let sent = SenderAnswer.status(attempt, .ended(.sent, SendProgress()))
        #expect(try rig.answers(.revoke(attempt, reason: "late")) == [sent])
    }

    @Test("following an attempt that is not there, or has ended, answers at once")
    func followEnded() throws {
        let rig = try SenderRig()
        rig.surface("true")
        let attempt = Attempt(key: rig.key, number: 1)
        #expect(try rig.answers(.follow(attempt)) == [.status(attempt, .none)])
        try rig.answers(rig.request())
        #expect(try rig.answers(.follow(attempt)) == [.outcome(.sent, SendProgress())])
        let other = Attempt(key: rig.key, number: 2)
        #expect(try rig.answers(.follow(other)) == [.status(other, .none)])
    }

    @Test("a follower sees the progress and the end, and its own end costs the send nothing")
    func follow() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("""
            echo begun > "$RIG/told"; read go < "$RIG/gate"
            echo '{"progress": 4}'; read go < "$RIG/gate"
            """)
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        let attempt = Attempt(key: rig.key, number: 1)
        let left = try rig.start(.follow(attempt))
        #expect(try left.answer() == .progress(SendProgress()))
        left.hangUp()
        #expect(rig.wait(for: left) == 0)
        let follower = try rig.start(.follow(attempt))
        #expect(try follower.answer() == .progress(SendProgress()))
        gate.release()
        #expect(try follower.answer() == .progress(SendProgress(done: 4)))
        gate.release()
        #expect(try follower.answersToEnd() == [.outcome(.sent, SendProgress(done: 4))])
        #expect(try peer.outcome()?.0 == .sent)
    }
}
