import CampaignModel
import ControlAPI
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("What was meant", .timeLimit(.minutes(10)))
struct SuggestionTests {
    @Test(
        "a verb that there is none of is told with the nearest one, and with the page that has all",
        arguments: [
            (["lst"], "there is no verb \"lst\"; did you mean list?\n  See 'campaignctl --help' for all of them.\n"),
            (
                ["message", "pusblish", "x"],
                "there is no verb \"message pusblish\"; did you mean publish?\n"
                    + "  See 'campaignctl message --help' for all of them.\n"
            ),
            (["qqqqqq"], "there is no verb \"qqqqqq\"\n  See 'campaignctl --help' for all of them.\n"),
            (["\u{1B}[31m"], "there is no verb \"\\u{1B}[31m\"\n  See 'campaignctl --help' for all of them.\n"),
        ])
    func verbs(arguments: [String], sentence: String) async throws {
        let run = try await Campaignctl.run(arguments)
        #expect(run.standardError == "campaignctl: " + sentence)
        #expect((run.standardOutput, run.status) == ("", 2))
    }

    @Test(
        "a word that an option does not take is told with the nearest one that it takes",
        arguments: [
            (["list", "--status", "activ"], "'--status <status>'. Did you mean 'active'? Please provide one of"),
            (["sends", "--state", "faild"], "'--state <state>'. Did you mean 'failed'? Please provide one of"),
            (["list", "--sort", "nam"], "'--sort <sort>'. Did you mean 'name'? Please provide one of 'name', 'next'"),
            (["list", "--color", "x"], "'--color <when>'. Please provide one of 'auto', 'always' or 'never'.\n"),
            (["list", "--limit", "x"], "'--limit <n>'\n"),
        ])
    func values(arguments: [String], words: String) async throws {
        let run = try await Campaignctl.run(arguments)
        let value = arguments.last ?? ""
        #expect(run.standardError.hasPrefix("campaignctl: The value '\(value)' is invalid for \(words)"))
        #expect((run.standardOutput, run.status) == ("", 2))
    }

    @Test(
        "all usage errors begin alike",
        arguments: [
            ["list", "--stats", "x"], ["show"], ["list", "--status", "activ"], ["list", "--limit", "0"],
            ["edit", "a", "b"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await Campaignctl.run(arguments)
        #expect(run.standardError.hasPrefix("campaignctl: "), "\(run.standardError)")
        #expect((run.standardOutput, run.status) == ("", 2))
    }

    @Test("a name that nothing has is told with the nearest one, as JSON too; without one near nothing is added")
    func names() async throws {
        let control = RecordingControl(campaigns: [
            Sample.campaign(named: "spring-newsletter"), Sample.campaign(named: "weekly"),
        ])
        try await ControlServer.run(control) { _, server in
            let show = try await Campaignctl.run(["show", "spring-newsleter"], server: server)
            #expect(
                show.standardError
                    == "campaignctl: there is no campaign \"spring-newsleter\"; did you mean spring-newsletter?\n")
            #expect(show.status == 3)
            let json = try await Campaignctl.run(["stop", "--json", "weekyl", "winter"], server: server)
            let objects = try json.standardOutput.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
            #expect(objects.map { $0["suggestion"] } == ["weekly", nil])
            #expect(objects.map { $0["text"] } == [
                "there is no campaign \"weekyl\"; did you mean weekly?", "there is no campaign \"winter\"",
            ])
            #expect(json.status == 3)
        }
    }

    @Test("a file whose campaign is there already is pointed to apply")
    func taken() async throws {
        let folder = try TestFolder()
        let file = try folder.file("it's.yaml", "name: spring\n")
        let control = RecordingControl()
        control.refuse("spring", .nameTaken("spring"))
        let sentence = "the name spring belongs to another campaign, perhaps an archived one"
        try await ControlServer.run(control) { _, server in
            let create = try await Campaignctl.run(["create", "-f", file], server: server)
            let quoted = file.replacing("'", with: #"'\''"#)
            #expect(
                create.standardError
                    == "campaignctl: \(sentence); to change that one: campaignctl apply -f '\(quoted)'\n")
            #expect(create.status == 1)
            let copy = try await Campaignctl.run(["duplicate", "spring", "autumn"], server: server)
            #expect(copy.standardError == "campaignctl: \(sentence)\n")
        }
    }
}
