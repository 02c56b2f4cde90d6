internal import CampaignModel
internal import VarlinkKit

extension ControlService {
    /// What is done with the ledger as a whole.
    func tend(
        _ method: ControlMethod, _ call: VarlinkCall, _ replies: VarlinkReplies, by peer: VarlinkPeer
    ) async throws -> JSONObject {
        let issuer = try CallParameters(call).change(by: actor(peer)).issuer
        switch method {
        case .acceptClock: return ["changed": .bool(try await control.acceptClock(by: issuer))]
        case .adoptLedger: return ["changed": .bool(try await control.adoptLedger(by: issuer))]
        default:
            try call.requireMore()
            let size = try await control.backup(by: issuer) { piece in
                try await replies.send(["part": .string(Base64.encode(piece))])
            }
            return ["part": "", "size": JSONValue(size)]
        }
    }
}
