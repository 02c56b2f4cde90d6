import CampaignModel
import Glibc
import Mail
import Recurrence
import SendProtocol
import SendRecords
import SystemdKit

/// Adds addresses to those that want no mail, takes them out, and tells them.
struct SuppressionVerbs {
    let sender: Sender

    private var list: SuppressionList { sender.state.suppressions }
    private var connection: Connection { sender.connection }

    /// For a peer to take one batch, as of recipients' results.
    private static let batchPatience = Duration.seconds(600)

    func change(_ order: SuppressionOrder) -> CInt {
        var entries: [Suppression] = []
        var outcome = SuppressionOutcome(changed: 0, unchanged: 0)
        for (index, entry) in order.entries.enumerated() {
            do throws(MailAddressError) {
                var entry = entry
                entry.address = try MailAddress(entry.address).canonical
                entries.append(entry)
            } catch {
                outcome.note(error, at: index)
            }
        }
        guard outcome.invalidCount == 0 || order.skipsInvalid, !entries.isEmpty else { return end(outcome) }
        do throws(SuppressionFault) {
            (outcome.changed, outcome.unchanged) = try list.change(
                order.kind, entries, at: Instant(secondsSinceEpoch: Int64(time(nil))), isDryRun: order.isDryRun)
            return end(outcome)
        } catch {
            return refuse(error)
        }
    }

    func tell(_ addresses: [String]) -> CInt {
        var asked: [String] = []
        var outcome = SuppressionOutcome(changed: 0, unchanged: 0)
        for (index, address) in addresses.enumerated() {
            do throws(MailAddressError) {
                asked.append(try MailAddress(address).canonical)
            } catch {
                outcome.note(error, at: index)
            }
        }
        guard outcome.invalidCount == 0 else { return end(outcome) }
        var batch: [Suppression] = []
        var isWanted = true
        do throws(SuppressionFault) {
            try list.read(asked) { entry in
                batch.append(entry)
                if batch.count == ProtocolLimits.resultsPerAnswer {
                    isWanted = deliver(batch)
                    batch.removeAll(keepingCapacity: true)
                }
                return isWanted
            }
        } catch {
            return refuse(error)
        }
        guard isWanted, batch.isEmpty || deliver(batch) else { return Sender.Exit.done }
        connection.send(.suppressedEnd)
        return Sender.Exit.done
    }

    /// - Returns: whether the peer has taken it.
    private func deliver(_ batch: [Suppression]) -> Bool {
        connection.send(.suppressed(batch))
        connection.finish(within: Self.batchPatience)
        // Half a batch that is not taken is worth nothing, nor is what would follow it.
        if connection.wantsToWrite { connection.lose() }
        return !connection.isLost
    }

    private func end(_ outcome: SuppressionOutcome) -> CInt {
        connection.send(.suppression(outcome))
        return Sender.Exit.done
    }

    private func refuse(_ fault: SuppressionFault) -> CInt {
        if case .disk(let error) = fault { return sender.busy(error) }
        Sender.complain("not done: \(fault)")
        connection.send(.refused(reason: fault.description.cutForDisplay))
        return Sender.Exit.trouble
    }
}

extension SuppressionOutcome {
    fileprivate mutating func note(_ error: MailAddressError, at index: Int) {
        invalidCount += 1
        if invalid.count < Self.toldLimit {
            invalid.append(InvalidAddress(index: index, reason: error.reason.cutForDisplay))
        }
    }
}
