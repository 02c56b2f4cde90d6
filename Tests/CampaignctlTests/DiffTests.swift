import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl diff", .timeLimit(.minutes(10)))
struct DiffTests {
    private static func change(_ definition: inout CampaignDefinition) {
        definition.title = "Soldes d’hiver"
        definition.audience = nil
        definition.retries = "3"
        definition.tags = ["other"]
        definition.schedule?.start = "2026-12-08T09:00"
        definition.schedule?.every = "2 weeks"
        definition.schedule?.days = ["monday", "friday"]
    }

    @Test("what the draft changes is told key by key as in a campaign file, without tags")
    func lines() async throws {
        let control = RecordingControl()
        control.set(diff: try Sample.diff(Self.change), of: "spring")
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["diff", "spring"], server: server)
            #expect(
                run.standardOutput == """
                    --- spring, version 2 (live)
                    +++ spring, version 4 (draft)
                    -title: Soldes d’été 🎉
                    +title: Soldes d’hiver
                    -audience: subscribers
                     schedule:
                    -  start: 2026-12-07T09:00
                    +  start: 2026-12-08T09:00
                    +  every: 2 weeks
                    +  days: [monday, friday]
                    +retries: 3

                    """)
            #expect(run.status == 0)
        }
    }

    @Test("with --json it is one object with all the changes")
    func json() async throws {
        let control = RecordingControl()
        control.set(diff: try Sample.diff { $0.title = nil }, of: "spring")
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["diff", "spring", "--json"], server: server)
            #expect(
                run.standardOutput == #"{"changes":[{"draft":null,"field":"title","live":"Soldes d’été 🎉"}],"#
                    + #""draft_version":4,"live_version":2}"# + "\n")
        }
    }

    @Test("a draft that says the same prints nothing")
    func same() async throws {
        let control = RecordingControl()
        control.set(diff: try Sample.diff { _ in }, of: "spring")
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["diff", "spring"], server: server)
            #expect((run.standardOutput, run.standardError, run.status) == ("", "", 0))
        }
    }

    @Test("without both a live version and a draft it is refused with 1, and an unknown name gives 3")
    func refused() async throws {
        let control = RecordingControl()
        control.refuse(
            "alone",
            .invalidState(
                name: "alone", status: .active, command: nil, allowed: [.modify, .stop],
                why: "it has no draft beside its live version"))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["diff", "alone", "--json"], server: server)
            #expect(run.standardOutput.contains(#""error":"InvalidState""#))
            #expect(run.status == 1)
            #expect(try await Campaignctl.run(["diff", "nobody"], server: server).status == 3)
        }
    }
}
