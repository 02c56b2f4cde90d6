import CampaignEngine
import CampaignModel
import ControlAPI

/// What is sent outside every schedule: proofs and tests; and retries, which are asked for by a send's key alone.
extension ControlHandler {
    func retry(_ key: OccurrenceKey, attempt: Int?, change: Change) async throws(ControlError) -> SendView {
        let name = try await name(ofCampaignWith: key)
        let send = try await asking(name) { () async throws(EngineError) in
            try await engine.retry(
                key, attempt: attempt, by: change.issuer, revision: change.revision, dryRun: change.isDryRun)
        }
        let position = await engine.queuePositions[key]
        return SendView(send, campaign: name, queuePosition: position)
    }

    /// - Throws: ``ControlError/notFound(_:name:why:)`` of a send where nothing has the key.
    func name(ofCampaignWith key: OccurrenceKey) async throws(ControlError) -> Slug {
        let name: Slug?
        do {
            name = try await engine.campaign(with: key)
        } catch {
            throw .held(name: "ledger", why: "\(error)")
        }
        guard let name else { throw .notFound(.send, name: key.text) }
        return name
    }

    func proof(
        of name: Slug, to address: ProofAddress, id: RequestID, change: Change
    ) async throws(ControlError) -> SendTestView {
        let proof = try await asking(name) { () async throws(EngineError) in
            try await engine.proof(of: name, to: address, id: id, by: change.issuer)
        }
        return SendTestView(proof.result, campaign: name, version: proof.version, address: address)
    }

    func testSurface(
        _ name: Slug, to address: ProofAddress?, id: RequestID, change: Change
    ) async throws(ControlError) -> SendTestView {
        let result = try await asking(name) { () async throws(EngineError) in
            try await engine.test(name, to: address, id: id, by: change.issuer)
        }
        return SendTestView(result, campaign: nil, version: nil, address: address)
    }
}
