import Foundation
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("preview --batch", .timeLimit(.minutes(10)))
struct PreviewBatchTests {
    @Test("every schedule case has its right answer")
    func cases() async throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "RecurrenceTests/Fixtures/schedules.jsonl")
        let text = try String(contentsOf: file, encoding: .utf8)
        let cases = try text.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
        #expect(cases.count == 631)
        let run = try await Campaignctl.run(["preview", "--batch"], input: text)
        #expect(run.status == 0)
        #expect(run.standardError == "")
        let answers = run.standardOutput.split(separator: "\n")
        try #require(answers.count == cases.count)
        for (given, line) in zip(cases, answers) {
            let answer = try JSONValue(parsing: line.utf8)
            #expect(answer["id"] == given["id"])
            if given["error"] == .bool(true) {
                #expect(answer["error"]?.stringValue != nil, "\(line)")
                continue
            }
            #expect(answer["occurrences"] == given["expect"], "\(given)")
            if let exhausted = given["exhausted"] { #expect(answer["exhausted"] == exhausted, "\(given)") }
        }
    }

    @Test(
        "a line has one answer, byte for byte",
        arguments: [
            (#"{"id":"a","rrule":"FREQ=DAILY","start":"2026-10-03T02:30:00","timezone":"Australia/Sydney","count":3}"#,
             #"{"id":"a","occurrences":["2026-10-02T16:30:00Z","2026-10-03T16:30:00Z","2026-10-04T15:30:00Z"],"#
                + #""exhausted":false}"#),
            (#"{"timezone": "UTC", "start": "2026-10-03T02:30", "id": 7}"#,
             #"{"id":7,"occurrences":["2026-10-03T02:30:00Z"],"exhausted":true}"#),
            (#"{"id":{"b":1.5,"a":[null,"é\n"]},"start":"2026-10-03T02:30","timezone":"UTC","rrule":null}"#,
             #"{"id":{"a":[null,"é\n"],"b":1.5},"occurrences":["2026-10-03T02:30:00Z"],"exhausted":true}"#),
            (#"{"id":"late","rrule":"FREQ=DAILY;COUNT=2","start":"2026-10-03T02:30","timezone":"UTC","#
                + #""after":"2026-10-04T02:30:00Z"}"#,
             #"{"id":"late","occurrences":[],"exhausted":true}"#),
            (#"{"id":"all","rrule":"FREQ=DAILY;COUNT=2","start":"2026-10-03T02:30","timezone":"UTC","count":2}"#,
             #"{"id":"all","occurrences":["2026-10-03T02:30:00Z","2026-10-04T02:30:00Z"],"exhausted":true}"#),
            (#"{"id":"x","rrule":"FREQ=DAILY","start":"2026-10-03T02:30","timezone":"UTC","#
                + #""exclude":["2026-10-04"],"gap":"skip","end":"2026-10-05T02:30:00Z"}"#,
             #"{"id":"x","occurrences":["2026-10-03T02:30:00Z","2026-10-05T02:30:00Z"],"exhausted":true}"#),
        ])
    func answer(line: String, answer: String) async throws {
        // The last line needs no line end.
        for input in [line, line + "\n", line + "\r\n"] {
            let run = try await Campaignctl.run(["preview", "--batch"], input: input)
            #expect(run.standardOutput == answer + "\n")
            #expect(run.status == 0)
        }
    }

    @Test(
        "a bad line is answered with what is wrong",
        arguments: [
            ("", #"{"id":null,"error":"the line is not JSON: it is empty"}"#),
            ("nonsense", #"{"id":null,"error":"the line is not JSON: byte 1: byte 0x6f is not allowed here"}"#),
            ("[1]", #"{"id":null,"error":"the line is not a JSON object"}"#),
            (#"{"id":1,"id":2}"#, #"{"id":null,"error":"the line is not JSON: byte 8: the key \"id\" comes twice"}"#),
            (#"{"id":1,"cuont":2}"#,
             #"{"id":1,"error":"cuont: is no key here; keys are id, rrule, start, timezone, count, end, gap, except, "#
                + #"exclude, after"}"#),
            (#"{"id":1,"timezone":"UTC"}"#, #"{"id":1,"error":"start: is missing; write 2026-12-07T09:00"}"#),
            (#"{"id":1,"start":"now","timezone":"UTC"}"#,
             #"{"id":1,"error":"start: \"now\" is not a date and time of the years 0001 to 9999; "#
                + #"write 2026-12-07T09:00"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30"}"#,
             #"{"id":1,"error":"timezone: is missing; write a zone's name, such as Europe/Paris or UTC"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","count":0}"#,
             #"{"id":1,"error":"count: \"0\" is not a whole number from 1 to 10000"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","count":99999999999999999999}"#,
             #"{"id":1,"error":"count: \"99999999999999999999\" is not a whole number from 1 to 10000"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","count":2.5}"#,
             #"{"id":1,"error":"count: \"2.5\" is not a whole number from 1 to 10000"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","rrule":5}"#,
             #"{"id":1,"error":"rrule: \"5\" is not a string"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","except":"2026-10-03"}"#,
             #"{"id":1,"error":"except: \"2026-10-03\" is not a list of dates"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","except":["2026-02-30"]}"#,
             #"{"id":1,"error":"except: \"2026-02-30\" is not a date of the years 0001 to 9999; write 2026-12-28"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","except":[],"exclude":[]}"#,
             #"{"id":1,"error":"exclude: stands beside except; use one of them"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","after":"2026-10-03"}"#,
             #"{"id":1,"error":"after: \"2026-10-03\" is not an instant; write 2026-12-07T08:00:00Z"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","gap":"jump"}"#,
             #"{"id":1,"error":"gap: \"jump\" is not known; use shift or skip"}"#),
            (#"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","end":"2026-10-02","after":"2030-01-01T00:00:00Z"}"#,
             #"{"id":1,"error":"end: \"2026-10-02\" comes before the first occurrence, which would be at "#
                + #"2026-10-03T02:30:00Z"}"#),
        ])
    func refusal(line: String, answer: String) async throws {
        let good = #"{"id":"next","start":"2026-10-03T02:30","timezone":"UTC"}"#
        let run = try await Campaignctl.run(["preview", "--batch"], input: "\(line)\n\(good)\n")
        #expect(
            run.standardOutput
                == "\(answer)\n{\"id\":\"next\",\"occurrences\":[\"2026-10-03T02:30:00Z\"],\"exhausted\":true}\n")
        #expect(run.standardError == "")
        #expect(run.status == 0)
    }

    @Test("a rule of 1 MB and one of 10,000 values are refused by name; a line of 3 MB is skipped to its end")
    func large() async throws {
        func line(_ id: String, _ rule: String) -> String {
            #"{"id":"\#(id)","start":"2026-10-03T02:30","timezone":"UTC","rrule":"\#(rule)"}"#
        }
        let values = "FREQ=DAILY;BYHOUR=" + Array(repeating: "1", count: 10_000).joined(separator: ",")
        let lines = [
            line("mega", "FREQ=DAILY;X=" + String(repeating: "A", count: 1_000_000)), line("values", values),
            line("line", String(repeating: "A", count: 3_000_000)), line("good", "FREQ=DAILY;COUNT=1"),
        ]
        let run = try await Campaignctl.run(["preview", "--batch"], input: lines.joined(separator: "\n"))
        let shown = "FREQ=DAILY;X=" + String(repeating: "A", count: 67)
        let ones = "FREQ=DAILY;BYHOUR=" + String(repeating: "1,", count: 31)
        #expect(
            run.standardOutput == """
                {"id":"mega","error":"rrule: \\"\(shown)…\\" has 1000013 bytes; up to 8192 are allowed"}
                {"id":"values","error":"rrule: \\"\(ones)…\\" has 20017 bytes; up to 8192 are allowed"}
                {"id":null,"error":"the line has more than 2097152 bytes, which is the limit"}
                {"id":"good","occurrences":["2026-10-03T02:30:00Z"],"exhausted":true}

                """)
        #expect(run.status == 0)
    }

    @Test("-n is the count of lines that have none")
    func defaultCount() async throws {
        let line = #"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC","rrule":"FREQ=DAILY"}"#
        let run = try await Campaignctl.run(["preview", "--batch", "-n", "1"], input: line)
        #expect(run.standardOutput == #"{"id":1,"occurrences":["2026-10-03T02:30:00Z"],"exhausted":false}"# + "\n")
    }

    @Test("each answer comes before the next question")
    func conversation() throws {
        let process = Process()
        process.executableURL = URL(filePath: Campaignctl.program)
        process.arguments = ["preview", "--batch"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for id in 1...3 {
            let question = #"{"id":\#(id),"start":"2026-10-03T02:30","timezone":"UTC"}"# + "\n"
            try input.fileHandleForWriting.write(contentsOf: Data(question.utf8))
            var answer = Data()
            while answer.last != UInt8(ascii: "\n"), let byte = try output.fileHandleForReading.read(upToCount: 1),
                !byte.isEmpty
            {
                answer += byte
            }
            #expect(
                String(decoding: answer, as: UTF8.self)
                    == "{\"id\":\(id),\"occurrences\":[\"2026-10-03T02:30:00Z\"],\"exhausted\":true}\n")
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test("nobody at the other end of the output ends it quietly; standard input that can't be read is told")
    func streams() async throws {
        let line = #"{"id":1,"start":"2026-10-03T02:30","timezone":"UTC"}"#
        let closed = try await Campaignctl.run(["preview", "--batch"], input: line, closesOutput: true)
        #expect(closed.status == 0)
        #expect(closed.standardError == "")
        let folder = try await ProgramRun.run(
            "/bin/sh", ["-c", "exec \"$0\" preview --batch < /", Campaignctl.program])
        #expect(folder.standardError == "campaignctl: standard input: Is a directory\n")
        #expect(folder.status == 1)
    }
}
