import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

/// What became of each recipient of one send.
extension Sends {
    static let recipientColumns = ["email", "state", "reason", "attempt", "at"]

    func printRecipients(of key: OccurrenceKey, in session: Session) async throws {
        let client = try await session.connect()
        let places = tableOptions.places(in: Self.recipientColumns)
        var hasHead = session.isJSON || tableOptions.noHeaders
        var left = limit ?? .max
        for try await part in client.recipients(of: key, states: state.compactMap(\.ofRecipient)) {
            if part.isKept == false {
                return Output.message("No results are kept of the recipients of \(key).")
            }
            if !hasHead { try Output.line(CSVLine.text(places.map { Self.recipientColumns[$0] })) }
            hasHead = true
            let wanted = part.results.prefix(left)
            try Output.lines(
                wanted.map { session.isJSON ? JSONValue.object($0.json).description : line($0.view, places) })
            left -= wanted.count
            if left == 0 { return }
        }
    }

    private func line(_ result: RecipientResultView, _ places: [Int]) -> String {
        let values = [
            result.email, result.state.rawValue, result.reason ?? "", "\(result.attempt)", result.at.description,
        ]
        return CSVLine.text(places.map { values[$0] })
    }
}
