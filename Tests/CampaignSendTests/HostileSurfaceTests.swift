import CampaignModel
import Glibc
import SendProtocol
import Testing

@Suite struct HostileSurfaceTests {
    @Test("a flood of output is cut and counted, and the sender does not grow")
    func flood() throws {
        let rig = try SenderRig()
        rig.surface("""
            seq -f 'line %.0f of output that is not progress' 100001 400000
            head -c 20000000 /dev/zero | tr '\\0' 'x'
            echo
            grep VmHWM /proc/$PPID/status > "$RIG/peak"
            """)
        #expect(try rig.answers(rig.request()).last == .outcome(.sent, SendProgress()))
        let log = try #require(rig.text("stderr"))
        let lines = log.split(separator: "\n")
        #expect(lines.count == 10_001)
        #expect(lines[0].hasPrefix("newsletter: line 100001 of output that is not progress  "))
        #expect(lines[0].contains("CAMPAIGN=spring") && lines[0].contains("OCCURRENCE_KEY=\(rig.key)"))
        // 290,000 lines of 42 bytes and the long one.
        let rest = "newsletter: 290001 more lines of its output, 32180000 bytes, are left out here"
        #expect(lines[10_000].hasPrefix(rest))
        let peak = try #require(rig.text("peak")).split(separator: " ").compactMap { Int($0) }
        #expect(try #require(peak.first) < 100 * 1_024, "KiB of resident memory")
    }

    @Test("a long line and binary output are shown cut and escaped")
    func binary() throws {
        let rig = try SenderRig()
        rig.surface("""
            printf 'a\\033[2Jb\\000\\377c\\n'
            head -c 100000 /dev/zero | tr '\\0' 'x'; echo
            printf 'last without an end' >&2
            """)
        #expect(try rig.answers(rig.request()).last == .outcome(.sent, SendProgress()))
        let lines = try #require(rig.text("stderr")).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.contains { $0.hasPrefix("newsletter: a\\u{1B}[2Jb\\u{0}\u{FFFD}c  ") })
        #expect(lines.contains { $0.hasPrefix("newsletter: xxxx") && $0.contains("x… (100000 bytes in all)  ") })
        #expect(lines.contains { $0.hasPrefix("newsletter: last without an end  ") })
        #expect(lines.allSatisfy { $0.utf8.count < 2_400 })
    }

    @Test("a flood of progress is passed on in few steps, the last one always")
    func progressFlood() throws {
        let rig = try SenderRig()
        rig.surface("""
            i=0
            while [ $i -lt 20000 ]; do i=$((i + 1)); echo "{\\"progress\\": $i}"; done
            """)
        let answers = try rig.answers(rig.request())
        #expect(answers.last == .outcome(.sent, SendProgress(done: 20_000)))
        #expect(answers.count < 2_000)
        #expect(rig.text("stderr") == "")
        #expect(try #require(rig.text(rig.keyFolder() + "/1.progress")).hasSuffix("{\"progress\":20000}\n"))
    }

    @Test("a request that its surface does not read is no failure", arguments: ["exec 0<&-; exit 0", "exit 0"])
    func unreadInput(script: String) throws {
        let rig = try SenderRig()
        rig.surface(script)
        // More than any pipe holds.
        let data = "\"" + String(repeating: "x", count: 65_000) + "\""
        #expect(try rig.answers(rig.request(data: data)).last == .outcome(.sent, SendProgress()))
    }

    static let leftBehind = [
        "(trap '' TERM HUP; exec 9> \"$RIG/life\"; echo begun >&9; while :; do read go < \"$RIG/gate\"; done) &",
        "setsid sh -c 'exec 9> \"$0/life\"; echo begun >&9; while :; do read go < \"$0/gate\"; done' \"$RIG\" &",
        // Its parent ends first, so that it is an orphan of another session.
        "(setsid sh -c 'exec 9> \"$0/life\"; echo begun >&9; while :; do read go < \"$0/gate\"; done' \"$RIG\" &) &",
    ]

    @Test("children left behind are dead before the outcome is told, and keep no lock", arguments: leftBehind)
    func childrenLeftBehind(script: String) throws {
        let rig = try SenderRig()
        let life = try Fifo(rig.path + "/life")
        let ready = try Fifo(rig.path + "/ready", isGate: true)
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface(script + "\nread go < \"$RIG/ready\"")
        let peer = try rig.start(rig.request())
        #expect(try life.line() == "begun")
        ready.release()
        #expect(try peer.outcome()?.0 == .sent)
        try life.end()
        #expect(try rig.status() == .ended(.sent, SendProgress()))
        withExtendedLifetime(gate) {}
    }

    static let unusable: [(String, String)] = [
        ("missing", "No such file or directory"), ("plain", "Permission denied"),
        ("folder", "Permission denied"), ("headless", "Exec format error (a script needs #! in its first line)"),
        ("lost", "No such file or directory"),
    ]

    @Test("a program that can't be run fails for good, with the reason", arguments: unusable)
    func unusableProgram(name: String, reason: String) throws {
        let rig = try SenderRig()
        rig.write("#!/bin/sh\n", to: "plain", mode: 0o644)
        rig.makeFolder(rig.path + "/folder")
        rig.write("true\n", to: "headless", mode: 0o755)
        rig.write("#!/no/such/interpreter\n", to: "lost", mode: 0o755)
        rig.surfaceFile("channel: email\ncommand:\n  run: [\(rig.path)/\(name)]\n")
        let outcome = AttemptOutcome.failed(
            reason: "the surface's program \(rig.path)/\(name) did not start: \(reason)")
        #expect(try rig.answers(rig.request()) == [.accepted, .outcome(outcome, SendProgress())])
        #expect(try rig.status() == .ended(outcome, SendProgress()))
    }
}
