import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

/// What names the send that a verb asks for.
struct RequestArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Names this request: the same id never sends twice.",
            discussion: "1 to \(RequestID.maximumLength) of A-Z, a-z, 0-9, ., _, : and -. Default: a new one.",
            valueName: "id"))
    var requestID: String?
}

/// A verb that asks for one send of one campaign.
protocol OrderVerb: AsyncParsableCommand {
    var name: String { get }
    var request: RequestArguments { get }
    var change: ChangeArguments { get }
    var options: VerbOptions { get }
}

extension OrderVerb {
    /// Asks for the send and prints it. An id that nobody gave is told before the call, so that a call whose answer is
    /// lost can be made again.
    func order(_ kind: SendOrder.Kind, in session: Session) async throws {
        let given = try request.requestID.map { try RequestID($0, field: "request_id") }
        let client = try await session.connect()
        var generator = SystemRandomNumberGenerator()
        let id = given ?? RequestID(from: &generator)
        if given == nil, !change.dryRun {
            Output.message("request id: \(id); the same id asks for this send again, and never sends it twice")
        }
        let ordered: (send: Received<SendView>, isRepeated: Bool)
        do {
            ordered = try await client.send(SendOrder(id: id, kind), of: name, change.options)
        } catch {
            var failure = Failure(error, socket: options.socketPath)
            failure.parameters["request_id"] = .string(id.text)
            throw failure
        }
        if session.isJSON {
            var object = ordered.send.json
            object["request_id"] = .string(id.text)
            object["repeated"] = .bool(ordered.isRepeated)
            return try Output.line(object)
        }
        let times = session.times()
        let send = ordered.send.view
        let due = times.text(send.due, zoneName: await times.zoneName(ofCampaign: send.campaign))
        try Output.line(line(send, due: due, isForShow: change.dryRun && !ordered.isRepeated))
        tell(send, isRepeated: ordered.isRepeated)
    }

    /// `welcome: claimed, due 2026-12-07 09:00 Europe/Paris, key …`
    private func line(_ send: SendView, due: String, isForShow: Bool) -> String {
        let what =
            if send.isToCome {
                "\(isForShow ? "would come" : "to come") at \(due)"
            } else {
                "\(isForShow ? "would be " : "")\(SendWords.state(send)), due \(due)"
            }
        return "\(send.campaign): \(what), key \(send.key)"
    }

    private func tell(_ send: SendView, isRepeated: Bool) {
        if let reason = send.reason { Output.message("  \(reason.escapedForDisplay)") }
        if isRepeated {
            Output.message("  This request id was used before: it is that call's send, and nothing is sent again.")
        }
        if send.isToCome, isRepeated || !change.dryRun {
            Output.message("  Until then it can be called off: campaignctl cancel \(send.campaign) --key \(send.key)")
        }
    }
}
