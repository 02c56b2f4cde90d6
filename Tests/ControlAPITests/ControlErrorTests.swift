import CampaignModel
import ControlAPI
import Testing

@testable import ControlBench
import VarlinkKit

@Suite("Errors")
struct ControlErrorTests {
    static let all: [ControlError] = [
        .notFound(.campaign, name: "spring"),
        .invalidState(
            name: "spring", status: .completed, command: .activate, allowed: [.duplicate, .archive],
            why: "it has ended; duplicate it instead"),
        .invalidField(FieldError("schedule.at", "25:00", "is not a time of day; hours are 00 to 23")),
        .checksFailed(name: "spring", [Sample.alert("spring", .messageMissing), Sample.alert("spring", .noEnd)]),
        .nameTaken("spring"), .conflict(name: "spring", revision: 7), .accessDenied(needs: .operator),
        .accessDenied(needs: .viewer), .held(name: "launcher-down", why: "the sender does not answer"),
    ]

    @Test(
        "each is one sentence",
        arguments: zip(
            all,
            [
                "there is no campaign \"spring\"",
                "spring is completed and can't be changed by activate: it has ended; duplicate it instead; "
                    + "allowed are duplicate, archive",
                "schedule.at: \"25:00\" is not a time of day; hours are 00 to 23",
                "spring is not ready: the send failed: mailbox full; retry it (message-missing)",
                "the name spring belongs to another campaign, perhaps an archived one",
                "spring was changed meanwhile and has revision 7 now; look at it and try again",
                "you may not change campaigns, nor see recipients; root and the group campaignd may",
                "you may not see campaigns; root and the groups campaignd and campaignd-view may",
                "held by launcher-down: the sender does not answer",
            ]))
    func sentence(error: ControlError, sentence: String) {
        #expect(error.description == sentence)
        #expect(error.reply.parameters["text"] == .string(sentence))
    }

    @Test("a refusal of the lifecycle keeps what it says")
    func refusals() throws {
        let name = Slug("spring")!
        #expect(
            ControlError(.invalidState(.draft, command: .stop, allowed: [.delete], why: "no"), campaign: name)
                == .invalidState(name: "spring", status: .draft, command: .stop, allowed: [.delete], why: "no"))
        #expect(
            ControlError(.notFound("nothing of spring is being sent"), campaign: name).description
                == "nothing of spring is being sent")
        let held = ControlError(.held(name: "versions", why: "full"), campaign: name)
        #expect(held == .held(name: "versions", why: "full"))
    }

    @Test("a state in which there is nothing to look at names no command")
    func withoutCommand() {
        let error = ControlError.invalidState(
            name: "spring", status: .active, command: nil, allowed: [.modify, .stop],
            why: "it has no draft beside its live version")
        #expect(
            error.description == "spring is active: it has no draft beside its live version; allowed are modify, stop")
    }

    @Test("an error on the wire names all its parameters")
    func wire() {
        #expect(
            VarlinkReply(Self.all[1].reply).json.description
                == #"{"error":"org.campaignd.InvalidState","parameters":{"allowed":["duplicate","archive"],"#
                + #""name":"spring","status":"completed","text":"spring is completed and can't be changed by "#
                + #"activate: it has ended; duplicate it instead; allowed are duplicate, archive"}}"#)
    }
}
