import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI

/// What people do with the ledger as a whole.
extension ControlHandler {
    func acceptClock(by issuer: Issuer) async throws(ControlError) -> Bool {
        try await tending { () async throws(EngineError) in try await engine.acceptClock(by: issuer) }
    }

    func adoptLedger(by issuer: Issuer) async throws(ControlError) -> Bool {
        try await tending { () async throws(EngineError) in try await engine.adoptLedger(by: issuer) }
    }

    func backup(by issuer: Issuer, to take: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Int {
        let size = try await copier.copy(to: take)
        let now = clock.read().now
        let event = Event(
            .backedUp, at: now, campaign: nil, actor: issuer.actor,
            text: "a copy of the ledger was given away: \(size) bytes")
        // The copy is out of the house by now: that it can't be noted takes nothing back.
        try? await engine.note(event, at: now)
        return size
    }

    private func tending<Value>(_ ask: () async throws(EngineError) -> Value) async throws(ControlError) -> Value {
        do {
            return try await ask()
        } catch {
            throw .held(name: "ledger", why: "\(error)")
        }
    }
}
