import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

/// A verb that gives one command to each of several campaigns.
protocol ChangeVerb: AsyncParsableCommand {
    var options: VerbOptions { get }
    var change: ChangeArguments { get }
    var campaigns: CampaignNames { get }
}

extension ChangeVerb {
    func validate() throws {
        if change.revision != nil, campaigns.names.count > 1 {
            throw ValidationError("--revision goes with one name only")
        }
    }

    /// Gives the command to each campaign and prints what it now is.
    func give(_ command: Command, in session: Session) async throws {
        try await changeEach(in: session) { client, name in
            try await client.perform(command, on: name, change.options)
        }
    }

    /// A participle, of what was done or of what is only shown.
    func wouldBe(_ word: String) -> String { change.dryRun ? "would be \(word)" : word }

    /// Changes each campaign and prints what it now is.
    ///
    /// - Parameter word: what became of it, or with --dry-run would, where its status does not tell.
    func changeEach(
        in session: Session, word: (ReceivedChange) -> String? = { _ in nil },
        _ body: (ControlClient, String) async throws -> ReceivedChange
    ) async throws {
        let client = try await session.connect()
        let times = session.times()
        try await session.forEach(campaigns.names) { name in
            let changed = try await body(client, name)
            try session.printChanged(changed, times, isDryRun: change.dryRun, word: word(changed))
        }
    }
}

extension Session {
    /// Prints the campaign as it now is, with what else came of the change, and its alerts for the person.
    func printChanged(_ change: ReceivedChange, _ times: Times, isDryRun: Bool, word: String? = nil) throws {
        let campaign = change.campaign
        guard isJSON else {
            try printLine(campaign.view, times, isDryRun: isDryRun, word: word)
            if let outlook = change.outlook?.view {
                for line in OutlookWords.lines(outlook, of: campaign.view, times, style) {
                    try Output.line("  \(line)")
                }
            }
            if let forecast = change.forecast?.view {
                let zoneName = campaign.view.schedule.definition.timezone
                Output.message("  \(ForecastWords.line(forecast, times, zoneName: zoneName))")
            }
            for note in change.notes { Output.message("  \(note.escapedForDisplay)") }
            tellAlerts(of: campaign.view)
            if change.acknowledged != nil, !campaign.view.alerts.isEmpty {
                Output.message("  What is so now stays until its cause is gone; ack takes away what happened.")
            }
            return
        }
        var object = campaign.json
        object["notes"] = .array(change.notes.map(JSONValue.string))
        if let acknowledged = change.acknowledged {
            object["acknowledged"] = .array(acknowledged.map(JSONValue.string))
        }
        if change.command == .activate { object["forecast"] = change.forecast.map { .object($0.json) } ?? .null }
        try Output.line((change.outlook?.json ?? [:]).adding(object))
    }

    /// Prints the campaign as it now is, and its alerts for the person.
    func printChanged(_ campaign: Received<CampaignView>, _ times: Times, isDryRun: Bool) throws {
        if isJSON { return try Output.line(campaign.json) }
        try printLine(campaign.view, times, isDryRun: isDryRun, word: nil)
        tellAlerts(of: campaign.view)
    }

    private func printLine(_ campaign: CampaignView, _ times: Times, isDryRun: Bool, word: String?) throws {
        if let word {
            try Output.line("\(campaign.name): \(word)")
        } else {
            try Output.line(CampaignWords.line(campaign, times, isDryRun: isDryRun))
        }
    }

    private func tellAlerts(of campaign: CampaignView) {
        for alert in campaign.alerts {
            Output.message("  \(AlertWords.line(alert, Style(isColoured: false)))")
        }
    }
}
