import CampaignModel
import Recurrence
import Testing
import VarlinkKit

@testable import ControlAPI
@testable import ControlBench

@Suite("What became of each recipient, over the control socket", .timeLimit(.minutes(10)))
struct RecipientResultTests {
    private let control = RecordingControl()
    private let key = OccurrenceKey(Sample.send("spring").key)!

    init() {
        control.set(sends: [Sample.send("spring")])
        control.set(results: Self.parts, of: key.text)
    }

    private static let parts = [
        [result("ann@example.org", .accepted, "250 2.0.0 Ok"), result("bob@example.org", .refused, "550 no")],
        [result("no address", .invalid, nil)],
    ]

    private static func result(_ address: String, _ state: RecipientState, _ reason: String?) -> RecipientResult {
        RecipientResult(address: address, state: state, reason: reason, attempt: 2, at: Sample.instant)
    }

    @Test("parts come as they are told, and the last reply says that there is something")
    func parts() async throws {
        try await ControlServer.run(control) { client, _ in
            var parts: [[RecipientResultView]] = []
            var isKept: [Bool?] = []
            for try await part in client.recipients(of: key) {
                parts.append(part.results.map(\.view))
                isKept.append(part.isKept)
            }
            #expect(parts == Self.parts.map { $0.map(RecipientResultView.init) } + [[]])
            #expect(isKept == [nil, nil, true])
            // It has ended: the connection takes another call.
            _ = try await client.status()
            #expect(control.asked.first == .recipients(key, nil))
        }
    }

    @Test("states are chosen by the daemon, and nothing kept is told")
    func chosen() async throws {
        try await ControlServer.run(control) { client, _ in
            var found: [String] = []
            for try await part in client.recipients(of: key, states: [.refused, .unknown]) {
                found += part.results.map(\.view.email)
            }
            #expect(found == ["bob@example.org"])
            #expect(control.asked.last == .recipients(key, [.refused, .unknown]))
            control.set(results: [], of: key.text)
            for try await part in client.recipients(of: key) {
                #expect(part.results.isEmpty)
                #expect(part.isKept == false)
            }
        }
    }

    @Test("a key that nothing has, and a sender that does not answer, are told")
    func errors() async throws {
        try await ControlServer.run(control) { client, _ in
            await #expect(throws: ControlError.notFound(.send, name: "a/b").reply) {
                for try await _ in client.recipients(of: OccurrenceKey("a/b")!) {}
            }
            let held = ControlError.held(name: "launcher-down", why: "the sender does not answer")
            control.refuse(key.text, held)
            await #expect(throws: held.reply) { for try await _ in client.recipients(of: key) {} }
        }
    }

    @Test("who asks without more, or for a state that there is not, is told so")
    func wrong() async throws {
        try await ControlServer.run(control) { client, _ in
            await #expect(throws: VarlinkErrorReply.expectedMore) {
                _ = try await client.connection.call("org.campaignd.Recipients", ["key": .string(key.text)])
            }
            let more = client.connection.callMore(
                "org.campaignd.Recipients", ["key": .string(key.text), "states": ["sent"]])
            await #expect(throws: VarlinkErrorReply.self) { for try await _ in more {} }
            #expect(control.asked == [])
        }
    }

    @Test("a viewer may not see them")
    func viewer() async {
        let service = ControlService(control: control, access: { AccessTests.policy }, userName: { _ in nil })
        let call = VarlinkCall(method: "org.campaignd.Recipients", parameters: ["key": .string(key.text)], more: true)
        await #expect(throws: ControlError.accessDenied(needs: .operator).reply) {
            try await service.handle(
                call, from: VarlinkPeer(pid: 1, uid: 1000, gid: 501),
                replies: VarlinkReplies(acceptsMore: true) { _ throws(VarlinkErrorReply) in })
        }
        #expect(control.asked == [])
    }

    @Test("a result is read back as it was, and one without an address is none")
    func view() throws {
        for result in Self.parts.joined() {
            let view = RecipientResultView(result)
            #expect(try RecipientResultView(json: view.json) == view)
        }
        var json = RecipientResultView(Self.parts[0][0]).json
        json["email"] = nil
        #expect(throws: ViewError("email", expected: "there")) { try RecipientResultView(json: json) }
    }
}
