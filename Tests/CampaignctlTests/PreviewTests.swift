import CampaignModel
import ControlAPI
import Foundation
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("preview", .timeLimit(.minutes(10)))
struct PreviewTests {
    static let sydney = ["--rrule", "FREQ=DAILY", "--start", "2026-10-03T02:30", "--timezone", "Australia/Sydney"]

    @Test("a rule needs no daemon: a table on standard output, what is said about it on standard error")
    func rule() async throws {
        let run = try await Campaignctl.run(["preview", "-n", "3"] + Self.sydney)
        #expect(run.status == 0)
        #expect(
            run.standardOutput == """
                LOCAL                 ZONE              UTC                   MARK
                Sat 2026-10-03 02:30  Australia/Sydney  2026-10-02T16:30:00Z
                Sun 2026-10-04 03:30  Australia/Sydney  2026-10-03T16:30:00Z  gap: shifted
                Mon 2026-10-05 02:30  Australia/Sydney  2026-10-04T15:30:00Z

                """)
        #expect(
            run.standardError == """
                every day at 02:30, Australia/Sydney
                Rule: FREQ=DAILY
                More follow: -n shows more, --after goes on from an instant.

                """)
    }

    @Test("each mark, in UTC where asked")
    func marks() async throws {
        let cases: [([String], String)] = [
            (["--rrule", "FREQ=DAILY;COUNT=3", "--start", "2026-10-24T02:00", "--timezone", "Europe/Berlin"], """
                UTC                   MARK
                2026-10-24T00:00:00Z
                2026-10-25T00:00:00Z  fold: first
                2026-10-26T01:00:00Z

                """),
            (["--every", "month", "--days", "31", "--start", "2027-01-31T09:00", "-n", "2"], """
                UTC                   MARK
                2027-01-31T09:00:00Z
                2027-02-28T09:00:00Z  month end

                """),
            (["--every", "month", "--days", "31", "--month-end", "omit", "--start", "2027-01-31T09:00", "-n", "2"], """
                UTC                   MARK
                2027-01-31T09:00:00Z
                2027-03-31T09:00:00Z

                """),
            (Self.sydney + ["--gap", "skip", "-n", "2"], """
                UTC                   MARK
                2026-10-02T16:30:00Z
                2026-10-04T15:30:00Z

                """),
        ]
        for (arguments, table) in cases {
            let run = try await Campaignctl.run(["preview", "--utc"] + arguments)
            #expect(run.standardOutput == table)
            #expect(run.status == 0)
        }
    }

    @Test("with --json one object a line, and nothing else")
    func json() async throws {
        let run = try await Campaignctl.run(["preview", "--json", "-n", "2"] + Self.sydney)
        #expect(
            run.standardOutput == """
                {"instant":"2026-10-02T16:30:00Z","local":"2026-10-03T02:30:00","mark":null,\
                "nominal":"2026-10-03T02:30:00","timezone":"Australia/Sydney"}
                {"instant":"2026-10-03T16:30:00Z","local":"2026-10-04T03:30:00","mark":"gap: shifted",\
                "nominal":"2026-10-04T02:30:00","timezone":"Australia/Sydney"}

                """)
        #expect(run.standardError == "")
    }

    @Test(
        "options say the schedule's keys, and where it goes on",
        arguments: [
            (["--every", "2 weeks", "--days", "monday, friday", "--at", "09:00,17:30", "--end", "2026-12-18",
              "--except", "2026-12-11", "--start", "2026-12-04T09:00"],
             ["2026-12-04T09:00:00Z", "2026-12-04T17:30:00Z", "2026-12-14T09:00:00Z", "2026-12-14T17:30:00Z",
              "2026-12-18T09:00:00Z", "2026-12-18T17:30:00Z"]),
            (["--rrule", "FREQ=YEARLY", "--start", "1990-07-01T09:00", "--timezone", "Europe/Paris", "-n", "2",
              "--after", "2150-07-01T07:00:00Z"], ["2151-07-01T07:00:00Z", "2152-07-01T07:00:00Z"]),
            (["--start", "2020-01-01T09:00"], ["2020-01-01T09:00:00Z"]),
            (["--start", "2020-01-01T09:00", "--after", "2020-01-01T09:00:00Z"], []),
        ])
    func options(arguments: [String], instants: [String]) async throws {
        let run = try await Campaignctl.run(["preview", "--json"] + arguments)
        #expect(run.status == 0)
        let lines = run.standardOutput.split(separator: "\n")
        #expect(try lines.map { try JSONValue(parsing: $0.utf8)["instant"]?.stringValue } == instants)
    }

    @Test("without a start it begins at this second")
    func now() async throws {
        let before = Instant(secondsSinceEpoch: Int64(time(nil)))
        for start in [[], ["--start", "now"]] {
            let run = try await Campaignctl.run(["preview", "--every", "week", "-n", "1", "--json"] + start)
            let object = try JSONValue(parsing: run.standardOutput.dropLast().utf8)
            let first = try #require(object["instant"]?.stringValue.flatMap { Instant($0) })
            #expect(first >= before && first <= Instant(secondsSinceEpoch: Int64(time(nil))))
        }
    }

    @Test("a file is shown as if it were activated now, in its own zone, else --timezone's, else the default one")
    func file() async throws {
        let folder = try TestFolder()
        let zoned = try folder.file(
            "zoned.yaml",
            "name: spring\nschedule:\n  start: 2126-12-07T09:00\n  timezone: Europe/Paris\n  every: day\n  count: 2\n")
        let table = """
            LOCAL                 ZONE          UTC                   MARK
            Sat 2126-12-07 09:00  Europe/Paris  2126-12-07T08:00:00Z
            Sun 2126-12-08 09:00  Europe/Paris  2126-12-08T08:00:00Z

            """
        let plain = try await Campaignctl.run(["preview", "-f", zoned])
        #expect(plain.standardOutput == table)
        #expect(
            plain.standardError
                == "every day at 09:00, Europe/Paris, 2 times\nRule: FREQ=DAILY;COUNT=2\nNo more follow.\n")
        let other = try await Campaignctl.run(["preview", "-f", zoned, "--timezone", "Asia/Tokyo"])
        #expect(other.standardOutput == table)
        #expect(other.standardError.contains("--timezone is not used: the file names Europe/Paris.\n"))

        let zoneless = try folder.file("zoneless.yaml", "name: spring\nschedule:\n  start: 2126-12-07T09:00\n")
        let tokyo = try await Campaignctl.run(["preview", "-f", zoneless, "--timezone", "Asia/Tokyo", "--json"])
        #expect(tokyo.standardOutput.contains(#""instant":"2126-12-07T00:00:00Z""#))
        let utc = try await Campaignctl.run(
            ["preview", "-f", "-"], input: "name: a\nschedule: {start: 2126-12-07T09:00}\n")
        #expect(utc.standardOutput.contains("Sat 2126-12-07 09:00  UTC   2126-12-07T09:00:00Z\n"))
        #expect(
            utc.standardError.contains(
                "No timezone is named; UTC is taken, as campaignd does unless its default_timezone is another.\n"))

        let past = try folder.file("past.yaml", "name: spring\nschedule:\n  start: 2020-01-01T09:00\n")
        let nothing = try await Campaignctl.run(["preview", "-f", past, "--utc"])
        #expect(nothing.standardOutput == "")
        #expect(nothing.standardError.contains("Nothing is to come: its start was 2020-01-01 09:00 UTC, "))
        #expect(nothing.standardError.hasSuffix(" days ago.\n"))
        #expect(nothing.status == 0)
    }

    @Test("what is too close for campaignd is told")
    func spacing() async throws {
        let run = try await Campaignctl.run(
            ["preview", "--every", "minute", "--start", "2026-10-03T02:30", "--timezone", "UTC", "-n", "1"])
        #expect(!run.standardError.contains("apart"))
        let close = try await Campaignctl.run(
            ["preview", "--rrule", "FREQ=SECONDLY;INTERVAL=30", "--start", "2026-10-03T02:30", "-n", "1"])
        #expect(
            close.standardError.contains(
                "Two occurrences are 30 s apart; campaignd refuses less than 1m unless its min_spacing is another.\n"))
        #expect(close.status == 0)
    }

    @Test("a campaign is asked for at the daemon")
    func campaign() async throws {
        var campaign = Sample.campaign(named: "spring", .active)
        campaign.isPaused = true
        let control = RecordingControl(campaigns: [campaign])
        let first = Occurrence(
            nominal: LocalDateTime("2026-12-07T09:00")!, local: LocalDateTime("2026-12-07T09:00")!,
            instant: Sample.instant, mark: nil)
        let second = Occurrence(
            nominal: LocalDateTime("2027-03-28T02:30")!, local: LocalDateTime("2027-03-28T03:30")!,
            instant: Instant("2027-03-28T01:30:00Z")!, mark: .gapShifted)
        control.set(occurrences: [first, second])
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["preview", "spring"], server: server)
            #expect(
                run.standardOutput == """
                    LOCAL                 ZONE          UTC                   MARK
                    Mon 2026-12-07 09:00  Europe/Paris  2026-12-07T08:00:00Z
                    Sun 2027-03-28 03:30  Europe/Paris  2027-03-28T01:30:00Z  gap: shifted

                    """)
            #expect(
                run.standardError == """
                    once on 7 December 2026 at 09:00, Europe/Paris
                    It is paused: what falls due until it is resumed is skipped.
                    No more follow.

                    """)
            let json = try await Campaignctl.run(
                ["preview", "spring", "--json", "-n", "1", "--draft", "--after", "2026-01-01T00:00:00Z"],
                server: server)
            #expect(
                json.standardOutput
                    == JSONValue.object(OccurrenceView(first, timezone: "Europe/Paris").json).description + "\n")
            #expect(json.standardError == "")
            let after = Instant("2026-01-01T00:00:00Z")
            #expect(
                control.asked == [
                    .preview(Slug("spring")!, PreviewQuery()), .show(Slug("spring")!, .current),
                    .preview(Slug("spring")!, PreviewQuery(version: .draft, after: after, limit: 1)),
                ])
            let missing = try await Campaignctl.run(["preview", "winter"], server: server)
            #expect(missing.standardError == "campaignctl: there is no campaign \"winter\"\n")
            #expect(missing.status == 3)
        }
    }

    @Test("as many as may be asked for come in one answer")
    func many() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "spring", .active)])
        let limit = OccurrencePage.allowedLimits.upperBound
        let local = LocalDateTime("2026-12-07T09:00")!
        control.set(
            occurrences: (0..<limit).map {
                Occurrence(nominal: local, local: local, instant: Sample.instant + Int64($0), mark: .monthEnd)
            })
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["preview", "spring", "--json", "-n", "\(limit)"], server: server)
            #expect(run.standardOutput.split(separator: "\n").count == limit)
        }
    }

    @Test(
        "options that exclude each other, or say nothing, are usage errors",
        arguments: [
            [], ["spring", "-f", "a"], ["spring", "--rrule", "FREQ=DAILY"], ["-f", "a", "--batch"],
            ["spring", "--batch"], ["--end", "2026-12-31"], ["spring", "--gap", "skip"], ["-f", "a", "--live"],
            ["spring", "--timezone", "UTC"], ["spring", "--live", "--version", "1"], ["spring", "--version", "0"],
            ["spring", "-n", "0"], ["spring", "-n", "10001"], ["spring", "-n", "x"], ["spring", "--after", "tomorrow"],
            ["--batch", "--after", "2026-12-31T00:00:00Z"], ["--start", "now", "--gap", "jump"],
            ["--every", "month", "--month-end", "round"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await Campaignctl.run(["preview"] + arguments)
        #expect(run.status == 2)
        #expect(run.standardOutput == "")
        #expect(run.standardError.contains("Usage: campaignctl preview"))
    }
}
