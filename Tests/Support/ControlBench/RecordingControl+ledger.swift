import CampaignModel
import ControlAPI

/// What is done with the ledger as a whole.
extension RecordingControl {
    func acceptClock(by issuer: Issuer) async throws(ControlError) -> Bool {
        try await answered(.acceptClock(issuer), "accept-clock") { $0.isChanged }
    }

    func adoptLedger(by issuer: Issuer) async throws(ControlError) -> Bool {
        try await answered(.adoptLedger(issuer), "adopt-ledger") { $0.isChanged }
    }

    func backup(by issuer: Issuer, to take: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Int {
        let pieces = try await answered(.backup(issuer), "backup") { $0.copy }
        for piece in pieces { try await take(piece) }
        return pieces.joined().count
    }
}
