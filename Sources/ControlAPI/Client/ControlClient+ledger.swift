internal import VarlinkKit

extension ControlClient {
    /// A large ledger is copied and looked through before its first byte comes.
    static let backupTimeout: Duration = .seconds(600)

    /// - Returns: false where the clock was believed already.
    public func acceptClock(reason: String?) async throws -> Bool {
        try await change(.acceptClock, reason)
    }

    /// - Returns: false where the ledger was this machine's already.
    public func adoptLedger(reason: String?) async throws -> Bool {
        try await change(.adoptLedger, reason)
    }

    private func change(_ method: ControlMethod, _ reason: String?) async throws -> Bool {
        let fields = JSONFields(try await call(method, ["reason": JSONValue(reason)]))
        return try fields.required("changed", fields.flag)
    }

    /// The ledger as it is at one moment, piece by piece. A copy that ends before its size is reached is an error.
    public func backup() -> LedgerCopy {
        LedgerCopy(replies: callMore(.backup, [:], timeout: Self.backupTimeout))
    }
}
