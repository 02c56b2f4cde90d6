internal import CampaignModel
internal import VarlinkKit

extension ControlService {
    /// Shows what would be sent, or that a surface works; nothing of any campaign changes.
    func test(
        _ method: ControlMethod, _ parameters: CallParameters, by peer: VarlinkPeer
    ) async throws(ControlError) -> JSONObject {
        let change = try parameters.change(by: actor(peer))
        let name = try parameters.requiredSlug("name")
        let id = try parameters.requestID("request_id")
        let view =
            if method == .sendProof {
                try await control.proof(
                    of: name, to: try parameters.requiredAddress("to"), id: id, change: change)
            } else {
                try await control.testSurface(name, to: try parameters.address("to"), id: id, change: change)
            }
        return ["test": .object(view.json)]
    }
}
