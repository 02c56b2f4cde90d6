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

    /// The id that was given, or a new one.
    func id() throws -> RequestID {
        if let requestID { return try RequestID(requestID, field: "request_id") }
        var generator = SystemRandomNumberGenerator()
        return RequestID(from: &generator)
    }

    /// Makes the call. An id that nobody gave is told where no answer came, so that the call can be made again; a
    /// refusal has asked for nothing.
    ///
    /// - Parameter what: send, proof or test.
    func asking<Answer>(
        _ id: RequestID, for what: String, in session: Session, _ call: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await call()
        } catch {
            if !(error is VarlinkErrorReply) { tell(id, for: what, in: session) }
            var failure = Failure(error, socket: session.options.socketPath)
            failure.parameters["request_id"] = .string(id.text)
            throw failure
        }
    }

    /// Tells an id that nobody gave. As JSON the answer, and a failure too, has it itself.
    func tell(_ id: RequestID, for what: String, in session: Session) {
        guard requestID == nil, !session.isJSON else { return }
        Output.message("request id: \(id); the same id asks for this \(what) again, and never sends it twice")
    }
}

/// A verb that asks for one send of one campaign.
protocol OrderVerb: AsyncParsableCommand {
    var name: String { get }
    var request: RequestArguments { get }
    var change: ChangeArguments { get }
    var options: VerbOptions { get }
}

extension OrderVerb {
    /// Asks for the send and prints it.
    func order(_ kind: SendOrder.Kind, in session: Session) async throws {
        let id = try request.id()
        let client = try await session.connect()
        let ordered = try await request.asking(id, for: "send", in: session) {
            try await client.send(SendOrder(id: id, kind), of: name, change.options)
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
        if !change.dryRun { request.tell(id, for: "send", in: session) }
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
