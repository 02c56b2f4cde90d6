import CampaignEngine
import CampaignModel
import CampaignStore
import Recurrence

/// The ledger's file, changed by somebody else: it is refused in a short sentence or served, row by row; what can be
/// read is sound, and what could be read before a daemon worked on it can be read afterwards.
///
/// The first byte chooses whether a write-ahead log lies beside the file, and what the sender does; edits follow (see
/// `LedgerEdit`).
enum LedgerFuzz {
    static func run(_ bytes: [UInt8]) async throws {
        let first = bytes.first ?? 0
        let manners = FuzzSender.Manner.allCases
        try await run(
            LedgerEdit.read(bytes.dropFirst()), hasLog: first & 1 == 1,
            manner: manners[Int(first >> 1) % manners.count])
    }

    private static func run(_ edits: [LedgerEdit], hasLog: Bool, manner: FuzzSender.Manner) async throws {
        let folder = try FuzzFolder()
        defer { folder.remove() }
        try LedgerEditor(folder: folder, seed: LedgerSeed.shared.get(), edits: edits, hasLog: hasLog).write()
        guard let store = try open(folder) else { return }
        do {
            let before = try readableCampaigns(store)
            try await LedgerDay(store: store, manner: manner).live(edits)
            // Damage to bytes may be noticed late.
            if edits.allSatisfy(\.isSoundToFile) { try checkStillReadable(before, store) }
        } catch {
            try? store.close()
            throw error
        }
        try? store.close()
    }

    private static func open(_ folder: FuzzFolder) throws -> Store? {
        do {
            return try Store.open(at: folder.ledger, holding: folder.lock(), machineID: nil)
        } catch let error as StoreError {
            try checkRefusal(error)
            return nil
        }
    }

    // MARK: What can be read

    /// The seed's, and names that an edit may have given.
    private static let names = [
        "draft", "planned", "waits-for-message", "sent", "running", "daily", "hourly", "asked", "paused", "failed",
        "stopped", "fenced", "late", "gone", "x", "hello",
    ].map(LedgerSeed.slug)

    /// The campaigns that can be read, each of them sound.
    private static func readableCampaigns(_ store: Store) throws -> [Slug] {
        var found: [Slug] = []
        for name in names {
            do {
                guard let state = try store.campaign(named: name) else { continue }
                try checkSound(state)
                found.append(name)
            } catch let error as LedgerError {
                try checkLedgerError(error)
            }
        }
        return found
    }

    private static func checkSound(_ state: CampaignState) throws(Finding) {
        let violations = state.campaign.violations
        try check(violations.isEmpty, "\(state.campaign.name) \(violations)")
        for send in state.openSends + [state.newestScheduled].compactMap(\.self) {
            try check(send.violations.isEmpty, "\(send.key) \(send.violations)")
        }
    }

    /// A row that is unsound only now was written so.
    private static func checkStillReadable(_ before: [Slug], _ store: Store) throws {
        for name in before {
            do {
                guard let state = try store.campaign(named: name) else { continue }
                try checkSound(state)
            } catch let error as LedgerError {
                throw Finding(description: "\(name) can't be read any more: \(error)")
            }
        }
    }
}

/// What the ledger's errors are to be: short.
func checkLedgerError(_ error: LedgerError) throws(Finding) {
    switch error {
    case .failed(let text): try checkRefusal(Finding(description: text))
    case .unsound(let row, let reason): try checkRefusal(Finding(description: "\(row) \(reason)"))
    case .keyTaken, .nameTaken: break
    }
}

extension LedgerEdit {
    fileprivate var isSoundToFile: Bool {
        switch self {
        case .fileByte, .logByte, .cut: false
        case .cell, .copied, .removed, .command, .wait: true
        }
    }
}
