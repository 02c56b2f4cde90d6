import CampaignModel
import Foundation
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

/// The same bad schedule through each way in: an option, a batch, a file that is previewed, and one that is created.
@Suite("Bad schedules", .timeLimit(.minutes(10)))
struct BadScheduleTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var rule = "FREQ=DAILY"
        var start = "2026-12-07T09:00"
        var timezone = "UTC"
        var end: String?
        var except: String?
        /// The key that is named.
        let key: String
        /// The value as it is shown.
        let value: String
        let reason: String
        /// Only who has zone data can tell: the daemon, at `create`.
        var needsZones = false

        var testDescription: String { "\(key): \(value.prefix(60)) \(reason)" }
        var sentence: String { "\(key): \"\(value)\" \(reason)" }

        var members: [(String, String)] {
            var members = [("rrule", rule), ("start", start), ("timezone", timezone)]
            if let end { members.append(("end", end)) }
            return members
        }
    }

    private static func rule(_ rule: String, _ reason: String, end: String? = nil) -> Case {
        Case(rule: rule, end: end, key: "rrule", value: rule, reason: "is refused: \(reason)")
    }

    private static func zone(_ zone: String) -> Case {
        Case(
            timezone: zone, key: "timezone", value: zone,
            reason: "is not the name of a zone; write one of the database, such as Europe/Paris", needsZones: true)
    }

    private static func start(_ start: String) -> Case {
        Case(
            start: start, key: "start", value: start,
            reason: "is not a date and time of the years 0001 to 9999; write 2026-12-07T09:00")
    }

    static let cases: [Case] = [
        rule("FREQ=DAILY;BYFOO=1", "BYFOO: \"1\" stands in a part that rules do not have; parts are FREQ, INTERVAL, "
            + "COUNT, UNTIL, BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSECOND, BYSETPOS, "
            + "WKST, RSCALE, SKIP"),
        rule("FREQ=DAILY;INTERVAL=2;INTERVAL=3",
            "INTERVAL: \"3\" is given a second time; each part may stand once"),
        rule("FREQ=DAILY;INTERVAL=0", "INTERVAL: \"0\" is not an interval; intervals are 1 to 999999999"),
        rule("FREQ=DAILY;BYMONTH=13", "BYMONTH: \"13\" is not a month; months are 1 to 12"),
        rule("FREQ=DAILY;COUNT=3;UNTIL=20271231",
            "COUNT: \"3\" stands together with UNTIL; one of them is allowed"),
        rule("FREQ=DAILY;COUNT=99999999999999999999",
            "COUNT: \"99999999999999999999\" is not a count; counts are 1 to 999999999"),
        rule("FREQ=DAILY;INTERVAL=18446744073709551617",
            "INTERVAL: \"18446744073709551617\" is not an interval; intervals are 1 to 999999999"),
        rule("FREQ=DAILY;BYHOUR=-1", "BYHOUR: \"-1\" is not an hour; hours are 0 to 23"),
        rule("FREQ=DAILY;UNTIL=00001231", "UNTIL: \"00001231\" is not a date or time; 20261231, 20261231T235959 "
            + "(local) and 20261231T235959Z (UTC) are allowed, years 0001 to 9999"),
        rule("FREQ=DAILY;UNTIL=100001231", "UNTIL: \"100001231\" is not a date or time; 20261231, 20261231T235959 "
            + "(local) and 20261231T235959Z (UTC) are allowed, years 0001 to 9999"),
        rule("FREQ=FORTNIGHTLY", "FREQ: \"FORTNIGHTLY\" is not a frequency; SECONDLY, MINUTELY, HOURLY, DAILY, WEEKLY, "
            + "MONTHLY and YEARLY are allowed"),
        Case(rule: "", key: "rrule", value: "", reason: "is empty; a rule such as FREQ=DAILY is needed"),
        Case(rule: "FREQ=DAILY;UNTIL=20271231", end: "2027-12-31", key: "end", value: "2027-12-31",
            reason: "stands beside UNTIL; use one of them"),
        Case(rule: "FREQ=DAILY;BYHOUR=" + Array(repeating: "1", count: 10_000).joined(separator: ","), key: "rrule",
            value: "FREQ=DAILY;BYHOUR=" + String(repeating: "1,", count: 31) + "…",
            reason: "has 20017 bytes; up to 8192 are allowed"),
        Case(rule: "FREQ=DAILY;X=" + String(repeating: "A", count: 100_000), key: "rrule",
            value: "FREQ=DAILY;X=" + String(repeating: "A", count: 67) + "…",
            reason: "has 100013 bytes; up to 8192 are allowed"),
        zone(""), zone("../../etc/passwd"), zone("/etc/passwd"), zone("posix/../x"), zone("Europe/Paris\u{7}"),
        Case(timezone: "Europe/Pari", key: "timezone", value: "Europe/Pari",
            reason: "is not in the zone database; the nearest name there is Europe/Paris", needsZones: true),
        start("0000-01-01T00:00"), start("10000-01-01T00:00"), start("2026-02-30T09:00"), start("2026-12-07T24:00"),
        start("99999999999999999999-01-01T00:00"),
        Case(end: "10000-01-01", key: "end", value: "10000-01-01",
            reason: "is not a date of the years 0001 to 9999; write 2027-03-31, or 2027-03-31T18:00"),
        Case(end: "2026-12-06", key: "end", value: "2026-12-06",
            reason: "comes before the first occurrence, which would be at 2026-12-07T09:00:00Z", needsZones: true),
        Case(rule: "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", key: "", value: "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
            reason: "never occurs; no date and time from the start to the year 9999 fits all of its parts",
            needsZones: true),
    ]

    @Test("an option is refused by its name, with 1", arguments: cases)
    func option(test: Case) async throws {
        let arguments = test.members.flatMap { ["--\($0.0)", $0.1] }
        let run = try await Campaignctl.run(["preview"] + arguments)
        #expect(run.standardError == "campaignctl: --\(named(test, "rrule"))\(tail(test))\n")
        #expect(run.standardOutput == "")
        #expect(run.status == 1)
        let json = try await Campaignctl.run(["preview", "--json"] + arguments)
        #expect(json.standardError == "")
        #expect(json.standardOutput.contains(#""error":"InvalidField","field":"--"#))
        #expect(json.status == 1)
    }

    @Test("a batch refuses the line by its key, and goes on", arguments: cases)
    func batch(test: Case) async throws {
        var members = JSONObject(test.members.map { ($0.0, JSONValue.string($0.1)) })
        members["id"] = 1
        let run = try await Campaignctl.run(["preview", "--batch"], input: JSONValue.object(members).description)
        let answer = try JSONValue(parsing: run.standardOutput.dropLast().utf8)
        #expect(answer["id"] == 1)
        #expect(answer["error"]?.stringValue == named(test, "rrule"))
        #expect(run.status == 0)
    }

    @Test("a file that is previewed is refused with its place", arguments: cases)
    func file(test: Case) async throws {
        let folder = try TestFolder()
        let file = try folder.file("c.yaml", yaml(test))
        let run = try await Campaignctl.run(["preview", "-f", file])
        let field = test.key.isEmpty ? "schedule" : "schedule."
        let line = 3 + (test.members.firstIndex { $0.0 == test.key } ?? 0)
        let place = test.key.isEmpty ? "3:3" : "\(line):\(test.key.count + 5)"
        #expect(run.standardError == "campaignctl: \(file):\(place): \(field)\(test.sentenceEscaped)\(tail(test))\n")
        #expect(run.standardOutput == "")
        #expect(run.status == 1)
    }

    @Test("a file is not created: by campaignctl itself, or by the daemon's rules", arguments: cases)
    func create(test: Case) async throws {
        let folder = try TestFolder()
        let file = try folder.file("c.yaml", yaml(test))
        let control = RecordingControl()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["create", "-f", file], server: server)
            guard test.needsZones else {
                #expect(run.status == 1)
                #expect(run.standardError.contains("schedule.\(test.sentenceEscaped)\(tail(test))\n"))
                #expect(control.asked == [])
                return
            }
            guard case .create(let definition, _, _)? = control.asked.first else {
                Issue.record("nothing was asked of the daemon")
                return
            }
            let rules = Rules(settings: Settings(), catalogue: Catalogue(), zones: SystemZones())
            let error = #expect(throws: FieldError.self) {
                try rules.judge(try CampaignContent(definition), at: Instant("2026-12-01T00:00:00Z")!)
            }
            let field = test.key.isEmpty ? "schedule" : "schedule."
            #expect(error?.description == field + test.sentenceEscaped)
        }
    }

    @Test("a file with a rule of 1 MB is refused by its size")
    func megabyte() async throws {
        let folder = try TestFolder()
        let rule = "FREQ=DAILY;X=" + String(repeating: "A", count: 1_000_000)
        let file = try folder.file("c.yaml", "name: a\nschedule: {rrule: \"\(rule)\"}\n")
        for verb in ["preview", "create"] {
            let run = try await Campaignctl.run([verb, "-f", file])
            #expect(run.standardError == "campaignctl: \(file): has 1000043 bytes; 131072 at most are allowed\n")
            #expect(run.status == 1)
        }
    }

    private func yaml(_ test: Case) -> String {
        // A JSON string is a YAML one.
        let lines = test.members.map { "  \($0.0): \(JSONValue.string($0.1))\n" }
        return "name: a\nschedule:\n" + lines.joined()
    }

    /// A start may be `now` but in a batch.
    private func tail(_ test: Case) -> String { test.key == "start" ? ", or now" : "" }

    private func named(_ test: Case, _ whole: String) -> String {
        (test.key.isEmpty ? whole : "") + test.sentenceEscaped
    }
}

extension BadScheduleTests.Case {
    /// The sentence as a terminal gets it.
    var sentenceEscaped: String { sentence.escapedForDisplay }
}
