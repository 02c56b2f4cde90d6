import ArgumentParser
import CampaignModel
import ControlAPI

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

    /// Changes each campaign and prints what it now is.
    ///
    /// - Parameter word: what became of it, where its status does not tell.
    func changeEach(
        in session: Session, word: String? = nil,
        _ body: (ControlClient, String) async throws -> Received<CampaignView>
    ) async throws {
        let client = try await session.connect()
        let times = session.times()
        try await session.forEach(campaigns.names) { name in
            try session.printChanged(
                try await body(client, name), times, isDryRun: change.dryRun, word: word)
        }
    }
}

extension Session {
    /// Prints the campaign as it now is, and its alerts for the person.
    func printChanged(
        _ campaign: Received<CampaignView>, _ times: Times, isDryRun: Bool, word: String? = nil
    ) throws {
        if isJSON { return try Output.line(campaign.json) }
        if let word {
            try Output.line("\(campaign.view.name): \(isDryRun ? "would be " : "")\(word)")
        } else {
            try Output.line(CampaignWords.line(campaign.view, times, isDryRun: isDryRun))
        }
        for alert in campaign.view.alerts {
            Output.message("  \(alert.severity.rawValue): \(alert.text.escapedForDisplay) (\(alert.code))")
        }
    }
}
