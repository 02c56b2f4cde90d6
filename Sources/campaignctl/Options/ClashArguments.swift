import ArgumentParser
import CampaignModel
import ControlAPI

/// What a clash is.
struct ClashArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How near two sends to one audience are a clash: 24h, 90m.", valueName: "span"))
    var clashWithin = "24h"

    /// Long enough for any rule of how often people may be written to.
    private static let allowed =
        Duration.seconds(SimulationQuery.allowedClashSeconds.lowerBound)
        ... Duration.seconds(SimulationQuery.allowedClashSeconds.upperBound)

    func validate() throws {
        do {
            _ = try Duration(text: clashWithin, field: "--clash-within", allowed: Self.allowed)
        } catch {
            throw ValidationError(error.description)
        }
    }

    /// Of a text that was validated.
    var seconds: Int64 { Duration(text: clashWithin)?.secondsRoundedUp ?? Int64(SimulationQuery.defaultClashSeconds) }
}
