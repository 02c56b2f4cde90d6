import CampaignModel
import SendProtocol
import Testing

/// A surface's log, with its repeated lines folded.
@Suite struct ProgramLogTests {
    static let logs: [(String, [String])] = [
        ("echo a; echo a; echo b", ["a", "the line before came 1 more time", "b"]),
        ("echo a; echo a; echo a", ["a", "the line before came 2 more times"]),
        ("echo a; echo b; echo a; echo b", ["a", "b", "a", "b"]),
        ("echo; echo; echo; printf 'a\\na'", ["", "the line before came 2 more times", "a",
                                             "the line before came 1 more time"]),
        // Each begins like the other, as far as a line is kept.
        ("for n in 20000 20000 20001; do head -c $n /dev/zero | tr '\\0' x; echo; done",
         ["xx", "the line before came 1 more time", "xx"]),
        ("echo a; echo '{\"progress\": 1}'; echo a", ["a", "the line before came 1 more time"]),
        ("yes a | head -n 20005", ["a"] + [10_000, 10_000, 4].map { "the line before came \($0) more times" }),
        // The last line that is told, its repeats, and another one with its own.
        ("seq 9999; yes a | head -n 3; echo b; echo b",
         (1...9_999).map { "\($0)" } + ["a", "4 more lines of its output, 4 bytes, are left out here"]),
    ]

    @Test("a line that comes again at once is told once, with a count", arguments: logs)
    func folded(script: String, expected: [String]) throws {
        let rig = try SenderRig()
        rig.surface(script)
        #expect(try rig.outcome() == .sent)
        let log = try #require(rig.text("stderr")).split(separator: "\n")
        let lines = log.map { line in
            String(line.dropFirst("newsletter: ".count).split(separator: "  ", omittingEmptySubsequences: false)[0])
        }
        #expect(lines.map { $0.hasPrefix("xx") ? "xx" : $0 } == expected)
    }

    @Test("a line is told when it comes, whether or not it comes again")
    func notDelayed() throws {
        let rig = try SenderRig()
        let told = try Fifo(rig.path + "/told")
        let gate = try Fifo(rig.path + "/gate", isGate: true)
        rig.surface("echo first; echo first; echo '{\"progress\": 1}'; read go < \"$RIG/gate\"")
        let peer = try rig.start(rig.request(), stderr: rig.path + "/told")
        #expect(try told.line().hasPrefix("newsletter: first  "))
        gate.release()
        #expect(try peer.outcome()?.0 == .sent)
        #expect(try told.line().hasPrefix("newsletter: the line before came 1 more time  "))
    }
}
