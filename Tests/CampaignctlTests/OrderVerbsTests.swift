import CampaignModel
import ControlAPI
import Glibc
import ProgramRun
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl trigger and send-now", .timeLimit(.minutes(10)))
struct OrderVerbsTests {
    static let actor = EventActor(uid: getuid(), name: "tester")

    private func control(_ ordered: OrderedSend...) -> RecordingControl {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "welcome", .active)])
        for answer in ordered { control.set(ordered: answer) }
        return control
    }

    private static func claimed() -> SendView {
        var send = Sample.send("welcome", key: "\(Sample.id)/now/a")
        send.state = .claimed
        send.attempts = 0
        return send
    }

    @Test("a trigger to come is told with its time, its key, and how to call it off")
    func toCome() async throws {
        let send = Sample.triggerToCome("welcome")
        let control = control(OrderedSend(send: send, isRepeated: false))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(
                [
                    "trigger", "welcome", "--at", "2026-12-07T10:00", "--data", #"{"a":1}"#, "--request-id", "order-1",
                    "--reason", "as agreed",
                ], server: server)
            #expect(
                run.standardOutput
                    == "welcome: to come at 2026-12-07 10:00 Europe/Paris, key \(Sample.id)/trigger/order-1\n")
            #expect(
                run.standardError == "  Until then it can be called off: campaignctl cancel welcome --key "
                    + "\(Sample.id)/trigger/order-1\n")
            #expect(run.status == 0)
            let order = SendOrder(
                id: RequestID("order-1")!, .trigger(at: .local(LocalDateTime("2026-12-07T10:00")!), data: #"{"a":1}"#))
            #expect(
                control.asked.first
                    == .send(order, Slug("welcome")!, Change(actor: Self.actor, reason: "as agreed")))
        }
    }

    @Test("a request id that nobody gave is told with the answer, and where none comes, but not of a refusal")
    func madeID() async throws {
        let control = control(OrderedSend(send: Self.claimed(), isRepeated: false))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["send-now", "welcome", "--again"], server: server)
            #expect(
                run.standardOutput
                    == "welcome: claimed, due 2026-12-07 09:00 Europe/Paris, key \(Sample.id)/now/a\n")
            guard case .send(let order, _, _)? = control.asked.first else {
                Issue.record("no send was asked for")
                return
            }
            #expect(order.kind == .sendNow(again: true))
            #expect(
                run.standardError
                    == "request id: \(order.id); the same id asks for this send again, and never sends it twice\n")

            control.refuse("welcome", .held(name: "ledger", why: "the disk is full"))
            let refused = try await Campaignctl.run(["trigger", "welcome", "--json"], server: server)
            guard case .send(let second, _, _)? = control.asked.last else {
                Issue.record("no send was asked for")
                return
            }
            #expect(second.id != order.id)
            #expect(refused.standardError == "")
            let object = try JSONValue(parsing: refused.standardOutput.dropLast().utf8)
            #expect(object["error"] == "Held")
            #expect(object["request_id"]?.stringValue == second.id.text)
            #expect(refused.status == 1)
            let plain = try await Campaignctl.run(["trigger", "welcome"], server: server)
            #expect(!plain.standardError.contains("request id"))
        }
        let folder = try TestFolder()
        try await SilentSocket.run(in: folder.path) { silent in
            let run = try await Campaignctl.run(["trigger", "welcome"], socket: silent.path)
            #expect(run.standardError.hasPrefix("request id: "))
            #expect(run.standardError.contains("\ncampaignctl: the server ended the connection before it answered; "))
            #expect(run.status == 4)
        }
    }

    @Test("a repeated request says that its send is the first one's")
    func repeated() async throws {
        var sent = Sample.send("welcome", key: "\(Sample.id)/now/a")
        sent.state = .failed
        sent.reason = "mailbox full"
        let control = control(OrderedSend(send: sent, isRepeated: true))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(
                ["send-now", "welcome", "--request-id", "a", "--dry-run"], server: server)
            #expect(
                run.standardOutput
                    == "welcome: failed, due 2026-12-07 09:00 Europe/Paris, key \(Sample.id)/now/a\n")
            #expect(
                run.standardError == """
                      mailbox full
                      This request id was used before: it is that call's send, and nothing is sent again.

                    """)
        }
    }

    @Test("what is only for show says what would be, and tells no request id")
    func dryRun() async throws {
        for (send, line) in [
            (Self.claimed(), "welcome: would be claimed, due 2026-12-07 08:00 UTC, key \(Sample.id)/now/a\n"),
            (
                Sample.triggerToCome("welcome"),
                "welcome: would come at 2026-12-07 09:00 UTC, key \(Sample.id)/trigger/order-1\n"
            ),
        ] {
            let control = control(OrderedSend(send: send, isRepeated: false))
            try await ControlServer.run(control) { _, server in
                let run = try await Campaignctl.run(["trigger", "welcome", "--dry-run", "--utc"], server: server)
                #expect((run.standardOutput, run.standardError) == (line, ""))
            }
        }
    }

    @Test("with --json it is the send with its request id and whether it is repeated")
    func json() async throws {
        let send = Sample.triggerToCome("welcome")
        let control = control(OrderedSend(send: send, isRepeated: false))
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(
                ["trigger", "welcome", "--json", "--request-id", "order-1"], server: server)
            var object = send.json
            object["request_id"] = "order-1"
            object["repeated"] = false
            #expect(run.standardOutput == JSONValue.object(object).description + "\n")
            #expect(run.standardError == "")
        }
    }

    @Test("data may come from a file or standard input, and is bounded")
    func files() async throws {
        let folder = try TestFolder()
        let good = try folder.file("good.json", "{\"a\": \"é\"}\n")
        let large = try folder.file("large.json", [UInt8](repeating: 49, count: SendOrder.dataLimitBytes + 1))
        let binary = try folder.file("binary.json", [0xFF])
        let control = RecordingControl(campaigns: [Sample.campaign(named: "welcome", .active)])
        try await ControlServer.run(control) { _, server in
            for arguments in [["--data-file", good], ["--data-file", "-"]] {
                control.set(ordered: OrderedSend(send: Self.claimed(), isRepeated: false))
                let run = try await Campaignctl.run(
                    ["trigger", "welcome", "--request-id", "a"] + arguments, server: server,
                    input: "{\"a\": \"é\"}\n")
                #expect(run.status == 0)
            }
            let order = SendOrder(id: RequestID("a")!, .trigger(at: nil, data: "{\"a\": \"é\"}\n"))
            let asked = control.asked.filter { $0 == .send(order, Slug("welcome")!, Change(actor: Self.actor)) }
            #expect(asked.count == 2)
            for (file, sentence) in [
                (large, "\(large): has 65537 bytes; 65536 at most are allowed"),
                (binary, "\(binary): is not valid UTF-8"),
            ] {
                let run = try await Campaignctl.run(["trigger", "welcome", "--data-file", file], server: server)
                #expect(run.standardError == "campaignctl: \(sentence)\n")
                #expect(run.status == 1)
            }
        }
    }

    @Test(
        "what can't be taken is refused",
        arguments: [
            (
                ["--at", "tomorrow"],
                "--at: \"tomorrow\" is not a time; write 2026-12-07T09:00, in the campaign's zone, or "
                    + "2026-12-07T08:00:00Z"
            ),
            (
                ["--request-id", "a b"],
                "--request-id: \"a b\" is no request id; use 1 to 64 of A-Z, a-z, 0-9, ., _, : and -"
            ),
            (
                ["--request-id", "a", "--data", "{a: secret}"],
                "--data: is not JSON: byte 1: byte 0x61 is not allowed here"
            ),
        ])
    func refused(arguments: [String], sentence: String) async throws {
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["trigger", "welcome"] + arguments, server: server)
            #expect((run.standardOutput, run.standardError) == ("", "campaignctl: \(sentence)\n"))
            #expect(run.status == 1)
            #expect(control.asked == [])
        }
    }

    @Test("they take one name, and one source of data", arguments: [
        ["trigger"], ["trigger", "a", "b"], ["send-now", "a", "b"], ["trigger", "a", "--data", "1", "--data-file", "f"],
        ["send-now", "a", "--data", "1"],
    ])
    func usage(arguments: [String]) async throws {
        let run = try await Campaignctl.run(arguments)
        #expect(run.status == 2)
        #expect(run.standardError.contains("Usage: campaignctl"))
    }

    @Test("without a daemon no request id is told")
    func unreachable() async throws {
        let run = try await Campaignctl.run(["send-now", "welcome"])
        #expect(!run.standardError.contains("request id"))
        #expect(run.status == 4)
    }

    @Test("sends and show tell a trigger to come in words")
    func words() async throws {
        let control = RecordingControl(campaigns: [Sample.campaign(named: "welcome", .active)])
        control.set(sends: [Sample.triggerToCome("welcome")])
        try await ControlServer.run(control) { _, server in
            let sends = try await Campaignctl.run(["sends", "--utc"], server: server)
            #expect(sends.standardOutput.contains("welcome   2026-12-07 09:00 UTC  to come  0 "))
            let show = try await Campaignctl.run(["show", "welcome", "--utc"], server: server)
            #expect(show.standardOutput.contains("Last sends: 2026-12-07 09:00 UTC  to come\n"))
        }
    }
}
