import CampaignModel
import Glibc
import SendProtocol
import SendRecords
import SystemdKit

/// Tells what became of each recipient of a key, out of the key's folder: a batch at a time, and no faster than the
/// peer takes them.
struct RecipientsVerb {
    let sender: Sender

    /// For a peer to take one batch. The daemon has a dozen or two ahead before it takes another one, and gives its own
    /// reader 30 s for each.
    private static let batchPatience = Duration.seconds(600)
    /// Of so many results that are not asked for, one is a chance to see that the peer has gone.
    private static let unaskedResults = 1_000

    func run(_ key: OccurrenceKey, states: Set<RecipientState>?) -> CInt {
        do throws(SystemError) {
            guard let folder = try sender.state.folder(of: key) else { return end(isKept: false) }
            let history = try RecipientHistory(of: folder, boot: try Machine.bootID())
            if history.isEmpty { return end(isKept: false) }
            return try tell(history, states)
        } catch {
            return sender.busy(error)
        }
    }

    private func tell(_ history: RecipientHistory, _ states: Set<RecipientState>?) throws(SystemError) -> CInt {
        var batch: [RecipientResult] = []
        var unasked = 0
        var isWanted = true
        try history.results { result in
            if states?.contains(result.state) ?? true {
                batch.append(result.cutForAnswer)
                if batch.count == ProtocolLimits.resultsPerAnswer {
                    isWanted = deliver(batch)
                    batch.removeAll(keepingCapacity: true)
                }
            } else {
                unasked += 1
                if unasked.isMultiple(of: Self.unaskedResults) { isWanted = !sender.connection.hasEnded }
            }
            return isWanted
        }
        guard isWanted, batch.isEmpty || deliver(batch) else { return Sender.Exit.done }
        return end(isKept: true)
    }

    /// - Returns: whether the peer has taken it.
    private func deliver(_ batch: [RecipientResult]) -> Bool {
        sender.connection.deliver(.recipients(batch), within: Self.batchPatience)
    }

    private func end(isKept: Bool) -> CInt {
        sender.connection.send(.recipientsEnd(isKept: isKept))
        return Sender.Exit.done
    }
}
