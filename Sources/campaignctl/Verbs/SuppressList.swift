import ArgumentParser
import CampaignModel
import ControlAPI
import Recurrence
import VarlinkKit

struct SuppressList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the addresses that want no mail, as CSV.",
        discussion: """
            The columns are address, reason and at. A value that a spreadsheet would take for a formula has a ' before \
            it; --json has each as it is. With addresses, or - for those of standard input, only these are listed, \
            and the exit status is 1 where one of them is not there.

            Example: campaignctl suppress list >suppressed.csv && cat suppressed.csv
            Example: campaignctl suppress list ann@example.org
            """)

    @OptionGroup var addresses: OptionalAddressArguments
    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    static let columns = ["address", "reason", "at"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
    }

    func run() async throws {
        // While a pager stands at its first page nobody reads; the daemon waits for a reader half a minute.
        try await options.run { session in
            let asked = try addresses.read()
            let client = try await session.connect()
            let places = tableOptions.places(in: Self.columns)
            var hasHead = session.isJSON || tableOptions.noHeaders
            var found: Set<String> = []
            var rest = asked[...]
            repeat {
                let part = rest.prefix(Suppression.orderLimit)
                rest = rest.dropFirst(Suppression.orderLimit)
                for try await entries in client.suppressed(part.map(\.suppression.address)) {
                    if !hasHead { try Output.line(CSVLine.text(places.map { Self.columns[$0] })) }
                    hasHead = true
                    if !asked.isEmpty { found.formUnion(entries.map(\.view.address)) }
                    try Output.lines(
                        entries.map { session.isJSON ? JSONValue.object($0.json).description : line($0.view, places) })
                }
            } while !rest.isEmpty
            try tellMissing(asked, found, session)
        }
    }

    private func tellMissing(_ asked: [NumberedSuppression], _ found: Set<String>, _ session: Session) throws {
        let missing = asked.map(\.suppression.address).filter { !found.contains($0.trimmed.lowercased()) }
        guard !missing.isEmpty else { return }
        if !session.isJSON {
            for address in missing { Output.message("campaignctl: \(address.escapedForDisplay) is not suppressed") }
        }
        throw ExitStatus.refused.exitCode
    }

    private func line(_ entry: Suppression, _ places: [Int]) -> String {
        let values = [entry.address, entry.reason ?? "", entry.at?.description ?? ""]
        return CSVLine.text(places.map { values[$0] })
    }
}
