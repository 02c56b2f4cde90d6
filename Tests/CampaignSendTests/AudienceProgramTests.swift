import CampaignModel
import Glibc
import SendProtocol
import Testing

/// `count` and `sample` of an audience that a program lists.
@Suite struct AudienceProgramTests {
    @Test("a program's output is read like a file, in both formats")
    func output() throws {
        let rig = try SenderRig()
        rig.audienceProgram("printf 'email,is\\nann,%s\\nbob,%s' \"$1\" \"$2\"")
        #expect(try rig.count() == .counted(2))
        #expect(try rig.lines() == ["email=ann is=first", "email=bob is=second"])
        rig.audienceProgram("echo '{\"email\":\"ann\"}'")
        #expect(try rig.lines() == ["email=ann"])
        rig.audienceProgram("true")
        #expect(try rig.count() == .counted(0))
        rig.audienceProgram("echo a; echo '\"'")
        #expect(
            try rig.count() == .failed("the output of RIG/list.sh: line 2 begins a quoted value that never ends"))
    }

    @Test("the program gets nothing to read, the environment without what is the sender's own, and no descriptor")
    func environment() throws {
        let rig = try SenderRig()
        rig.audienceProgram("""
            readlink /proc/self/fd/0 > "$RIG/input"; ls /proc/self/fd > "$RIG/fds"; env > "$RIG/env"; pwd > "$RIG/pwd"
            """)
        let answers = try rig.answers(
            .count(SenderRig.subscribers),
            environment: ["NOTIFY_SOCKET=/run/none", "STATE_DIRECTORY=/x", "CAMPAIGND_FAULT=kill@nowhere", "KEPT=1"])
        #expect(answers == [.count(.counted(0))])
        #expect(rig.text("input") == "/dev/null\n")
        // 3 is the folder that ls itself reads.
        #expect(rig.text("fds") == "0\n1\n2\n3\n")
        #expect(rig.text("pwd") == "/\n")
        let lines = try #require(rig.text("env")).split(separator: "\n")
        #expect(lines.contains("KEPT=1"))
        for name in ["NOTIFY_SOCKET", "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY", "CAMPAIGND_FAULT"] {
            #expect(!lines.contains { $0.hasPrefix(name) })
        }
    }

    @Test("what the program says on standard error is logged under the audience's name, its list never")
    func log() throws {
        let rig = try SenderRig()
        rig.audienceProgram("echo 'reading 1 list' >&2; echo email; echo ann@example.org; printf 'done' >&2")
        #expect(try rig.count(log: ["subscribers: reading 1 list", "subscribers: done"]) == .counted(1))
    }

    static let ends: [(String, String)] = [
        ("echo a; echo 1; exit 3", "ended with 3; it must end with 0 once it has written the whole list"),
        ("exit 75", "ended with 75 (EX_TEMPFAIL); it must end with 0 once it has written the whole list"),
        ("echo a; kill -9 $$", "was killed by SIGKILL; it must end with 0 once it has written the whole list"),
        // Half a line is the end of a program that failed, not a fault in its list.
        ("echo '{\"a\":1}'; printf '{\"a\"'; exit 1",
         "ended with 1; it must end with 0 once it has written the whole list"),
    ]

    @Test("a program that fails has no count and no sample that reaches its end", arguments: ends)
    func failing(script: String, reason: String) throws {
        let rig = try SenderRig()
        rig.audienceProgram(script)
        #expect(try rig.count() == .failed("RIG/list.sh " + reason))
        #expect(try rig.sample() == .failed("RIG/list.sh " + reason))
    }

    @Test("a program that can't be run is named")
    func unusable() throws {
        let rig = try SenderRig()
        let see = "see command in audiences.d/subscribers.yaml"
        rig.audienceFile("command: [\(rig.path)/missing]\n")
        #expect(try rig.count() == .failed("RIG/missing did not start: No such file or directory; \(see)"))
        rig.write("echo a\n", to: "headless", mode: 0o755)
        rig.audienceFile("command: [\(rig.path)/headless]\n")
        #expect(
            try rig.sample() == .failed(
                "RIG/headless did not start: Exec format error (a script needs #! in its first line); \(see)"))
    }

    @Test("a program that hangs is killed at the deadline, with all that it started")
    func hanging() throws {
        let rig = try SenderRig()
        let life = try Fifo(rig.path + "/life")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.audienceProgram("""
            trap '' TERM
            exec 9> "$RIG/life"
            (setsid sh -c 'while :; do read go < "$0/gate"; done' "$RIG" &)
            echo a; echo 1; \(HangingProgram.script)
            """)
        let reason = "the output of RIG/list.sh was not read to its end within 300ms"
        #expect(try rig.count(options: ["--audience-timeout", "300ms"]) == .failed(reason))
        try life.end()
        // Enough is enough, though the program goes on.
        #expect(try rig.lines(1) == ["a=1"])
        withExtendedLifetime(gate) {}
    }

    @Test("a list without an end is cut off: at the deadline, or once the sample is full")
    func endless() throws {
        let rig = try SenderRig()
        rig.audienceProgram("exec yes line")
        let reason = "the output of RIG/list.sh was not read to its end within 100ms"
        #expect(try rig.count(options: ["--audience-timeout", "100ms"]) == .failed(reason))
        #expect(try rig.lines(2) == ["line=line", "line=line"])
        rig.audienceProgram("exec cat /dev/zero")
        #expect(
            try rig.count() == .failed(
                "the output of RIG/list.sh: line 1 begins a record of more than 1048576 bytes"))
    }

    static let leftBehind = [
        "(trap '' TERM HUP; exec 9> \"$RIG/life\"; echo begun >&9; while :; do read go < \"$RIG/gate\"; done) &",
        "setsid sh -c 'exec 9> \"$0/life\"; echo begun >&9; while :; do read go < \"$0/gate\"; done' \"$RIG\" &",
        "(setsid sh -c 'exec 9> \"$0/life\"; echo begun >&9; while :; do read go < \"$0/gate\"; done' \"$RIG\" &) &",
    ]

    @Test("children that a program leaves behind end with it, also where they hold its output open",
          arguments: leftBehind)
    func childrenLeftBehind(script: String) throws {
        let rig = try SenderRig()
        let life = try Fifo(rig.path + "/life")
        let ready = try Fifo(rig.path + "/ready", isGate: true)
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.audienceProgram(script + "\necho a; echo 1; echo 2; read go < \"$RIG/ready\"")
        let peer = try rig.start(.count(SenderRig.subscribers))
        #expect(try life.line() == "begun")
        ready.release()
        #expect(try peer.answersToEnd() == [.count(.counted(2))])
        try life.end()
        withExtendedLifetime(gate) {}
    }

    @Test("a peer that hangs up ends the work early, and all that it started")
    func hangUp() throws {
        let hanging = try HangingProgram(.count(SenderRig.subscribers))
        let peer = hanging.peer
        peer.hangUp()
        try hanging.life.end()
        #expect(hanging.rig.wait(for: peer) == 0)
    }

    @Test("TERM to the sender ends the program and is told")
    func terminated() throws {
        let hanging = try HangingProgram(.sample(SenderRig.subscribers, limit: 5))
        let peer = hanging.peer
        kill(peer.process, SIGTERM)
        #expect(try peer.answersToEnd() == [.sample(.failed("the sender was stopped by SIGTERM"))])
        try hanging.life.end()
    }

    @Test("the program dies with its sender")
    func deathWithSender() throws {
        let hanging = try HangingProgram(.count(SenderRig.subscribers))
        let peer = hanging.peer
        kill(peer.process, SIGKILL)
        try hanging.life.end()
    }

    /// How many, a first line, and how awk prints the others.
    static let largeLists: [(Int, String, String)] = [
        (200_000, "email,name", #"user%d@example.org,\"User, %d\"\n"#),
        (50_000, "", #"{\"email\":\"user%d@example.org\",\"n\":%d}\n"#),
    ]

    @Test("hundreds of thousands of recipients are counted in flat memory", arguments: largeLists)
    func flatMemory(count: Int, header: String, format: String) throws {
        let rig = try SenderRig()
        // When awk has ended, the sender has read all but what a pipe holds.
        rig.audienceProgram("""
            echo '\(header)'
            awk 'BEGIN { for (n = 0; n < \(count); n++) printf "\(format)", n, n }'
            grep VmHWM /proc/$PPID/status > "$RIG/peak"
            """)
        #expect(try rig.count() == .counted(count))
        let peak = try #require(rig.text("peak")).split(separator: " ").compactMap { Int($0) }
        #expect(try #require(peak.first) < 40 * 1_024, "KiB of resident memory")
    }
}
