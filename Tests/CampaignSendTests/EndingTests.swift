import CampaignModel
import Glibc
import SendProtocol
import Testing

/// Sends that are ended before they are done.
@Suite struct EndingTests {
    /// Ends at TERM like most programs, having told so.
    static let obedient = """
        trap 'echo term > "$RIG/told"; exit 0' TERM
        echo begun > "$RIG/told"
        read go < "$RIG/gate"
        """
    /// Ends at KILL alone.
    static let stubborn = "trap '' TERM; echo begun > \"$RIG/told\"; while :; do read go < \"$RIG/gate\"; done"

    @Test("a cancelled send gets TERM and ends as cancelled, whatever its surface then says")
    func cancel() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo '{\"progress\": 3}'; " + Self.obedient)
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        let answers = try rig.answers(.cancel(rig.key, reason: "wrong list"))
        guard case .attempts(rig.key, let reports)? = answers.last, case .running? = reports.first?.status else {
            Issue.record("\(answers)")
            return
        }
        let outcome = AttemptOutcome.cancelled(reason: "wrong list")
        #expect(try peer.outcome()?.0 == outcome)
        #expect(try told.line() == "term")
        #expect(try rig.status() == .ended(outcome, SendProgress(done: 3)))
        // A cancelled attempt says nothing of the next one.
        rig.surface("true")
        #expect(try rig.answers(rig.request(2)).last == .outcome(.sent, SendProgress()))
        withExtendedLifetime(gate) {}
    }

    @Test("cancelling what does not run changes nothing")
    func cancelNothing() throws {
        let rig = try SenderRig()
        #expect(try rig.answers(.cancel(rig.key, reason: "x")) == [.attempts(rig.key, [])])
        #expect(rig.names("state").isEmpty)
        rig.surface("true")
        try rig.answers(rig.request())
        let sent = AttemptReport(number: 1, status: .ended(.sent, SendProgress()))
        #expect(try rig.answers(.cancel(rig.key, reason: "x")) == [.attempts(rig.key, [sent])])
        #expect(try rig.status() == sent.status)
    }

    @Test("a surface that ignores TERM is killed after the grace")
    func stubbornSurface() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface(Self.stubborn)
        let peer = try rig.start(rig.request(), options: ["--grace", "50ms"])
        #expect(try told.line() == "begun")
        try rig.answers(.cancel(rig.key, reason: "now"))
        #expect(try peer.outcome()?.0 == .cancelled(reason: "now"))
        withExtendedLifetime(gate) {}
    }

    @Test("TERM to a sender ends its surface and leaves it interrupted", arguments: [SIGTERM, SIGINT, SIGHUP])
    func signal(number: CInt) throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface(Self.obedient)
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        kill(peer.process, number)
        let names = [SIGTERM: "SIGTERM", SIGINT: "SIGINT", SIGHUP: "SIGHUP"]
        let outcome = AttemptOutcome.interrupted(reason: "the sender was stopped by \(names[number]!)")
        #expect(try peer.outcome()?.0 == outcome)
        #expect(try told.line() == "term")
        #expect(rig.wait(for: peer) == 0)
        #expect(try rig.status() == .ended(outcome, SendProgress()))
        withExtendedLifetime(gate) {}
    }

    @Test("a surface that takes longer than its timeout is ended, and nobody knows how far it came")
    func timeout() throws {
        let rig = try SenderRig()
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("read go < \"$RIG/gate\"", settings: "timeout: 100ms\n")
        let outcome = AttemptOutcome.interrupted(reason: "the surface was ended after its timeout of 100ms")
        #expect(try rig.answers(rig.request()).last == .outcome(outcome, SendProgress()))
        #expect(try rig.status() == .ended(outcome, SendProgress()))
        withExtendedLifetime(gate) {}
    }

    static let unknown = AttemptOutcome.interrupted(reason: "the sender ended before it knew the outcome")

    /// What is known after the sender was killed at each of its points, and how often the surface was started.
    static let points: [(String, AttemptStatus, ClosedRange<Int>)] = [
        ("request-read", .none, 0...0),
        ("accepted", .ended(unknown, SendProgress()), 0...0),
        ("accepted-told", .ended(unknown, SendProgress()), 0...0),
        ("surface-started", .ended(unknown, SendProgress()), 0...1),
        ("outcome-written", .ended(.sent, SendProgress()), 1...1),
        ("outcome-told", .ended(.sent, SendProgress()), 1...1),
    ]

    @Test("a sender killed at any point is told truly, and its surface never starts twice", arguments: points)
    func killed(point: String, status: AttemptStatus, starts: ClosedRange<Int>) throws {
        let rig = try SenderRig()
        // At surface-started it must not end by itself, so that its death is the sender's.
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface(point == "surface-started" ? "read go < \"$RIG/gate\"" : "true")
        let peer = try rig.start(rig.request(), environment: ["CAMPAIGND_FAULT=kill@\(point)"])
        let answers = try peer.answersToEnd()
        #expect(rig.wait(for: peer) == 128 + SIGKILL)
        #expect(answers.contains(.accepted) == !["request-read", "accepted"].contains(point))
        #expect(answers.contains(.outcome(.sent, SendProgress())) == (point == "outcome-told"))

        // Following waits until the surface is gone too.
        let attempt = Attempt(key: rig.key, number: 1)
        let followed = try rig.answers(.follow(attempt)).last
        switch status {
        case .ended(let outcome, let progress): #expect(followed == .outcome(outcome, progress))
        default: #expect(followed == .status(attempt, status))
        }
        #expect(try rig.status() == status)
        #expect(starts.contains(rig.starts))
        if status != .none {
            #expect(try rig.answers(rig.request()) == [.status(attempt, status)])
            #expect(starts.contains(rig.starts))
            #expect(!rig.names(try rig.keyFolder()).contains("1.work"))
        } else {
            #expect(try rig.answers(rig.request()).last == .outcome(.sent, SendProgress()))
            #expect(rig.starts == 1)
        }
        withExtendedLifetime(gate) {}
    }

    @Test("a surface dies with its sender, and is called running until it has")
    func deathWithSender() throws {
        let rig = try SenderRig()
        let life = try Fifo(rig.path + "/life")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("trap '' TERM; exec 9> \"$RIG/life\"; echo begun >&9; while :; do read go < \"$RIG/gate\"; done")
        let peer = try rig.start(rig.request())
        #expect(try life.line() == "begun")
        let follower = try rig.start(.follow(Attempt(key: rig.key, number: 1)))
        #expect(try follower.answer() == .progress(SendProgress()))
        kill(peer.process, SIGKILL)
        try life.end()
        #expect(try follower.outcome()?.0 == Self.unknown)
        withExtendedLifetime(gate) {}
    }

    @Test("a child that outlives a killed sender's surface keeps the attempt running: it may still send")
    func survivingChild() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("(read go < \"$RIG/gate\") & echo begun > \"$RIG/told\"; wait")
        let peer = try rig.start(rig.request())
        #expect(try told.line() == "begun")
        kill(peer.process, SIGKILL)
        #expect(rig.wait(for: peer) == 128 + SIGKILL)
        #expect(try rig.status() == .running(SendProgress()))
        gate.release()
        guard case .outcome(.interrupted, _)? = try rig.answers(.follow(Attempt(key: rig.key, number: 1))).last else {
            Issue.record("not interrupted")
            return
        }
    }
}
