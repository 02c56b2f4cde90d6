import ArgumentParser
import CampaignModel
import ControlAPI

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Shows what is being sent as it goes on: progress, rate and forecast.",
        discussion: """
            On a terminal each open send is a line that is drawn again every second; one that has ended stays as a \
            line with its outcome. Without names the whole daemon stands above them: how much is being sent and waits, \
            what is due next, and what a person should look at. Elsewhere each change is a line, with --json an \
            object: the send with rate (recipients a second) and ends_at (the forecast), null where they are not known \
            yet. The rate is that of the last 30 seconds. Triggers to come are left out unless they are named by their \
            key.

            With names or keys it ends by itself, with 0, when none of those sends is open any more, however they \
            ended; else with Ctrl-C, as by that signal (130). It goes on over a restart of campaignd, and exits with 4 \
            when campaignd is away for a minute. A send that begins and ends between two looks, a second apart, is not \
            seen.

            Example: campaignctl watch spring-newsletter
            """)

    @Argument(
        help: ArgumentHelp("Campaigns' names, or sends' keys. Default: all that is being sent.", valueName: "name|key"),
        completion: Names.completion(of: .campaign))
    var names: [String] = []

    @OptionGroup var options: VerbOptions

    func run() async throws {
        try await options.run { session in
            let scope = try WatchScope(names)
            let display: any WatchDisplay
            if !session.isJSON, Terminal.canRedraw {
                ScreenSignals.install()
                let screen = LiveScreen(
                    measure: { Terminal.size }, wasMoved: { ScreenSignals.takeContinued() },
                    write: { try Output.bytes($0) })
                display = LiveWatchDisplay(
                    screen: screen, style: session.style, times: session.times(), showsOverview: !scope.isNamed)
            } else {
                display = LineWatchDisplay(isJSON: session.isJSON)
            }
            try await WatchLoop(scope: scope, time: MachineWatchTime(), display: display) {
                try await session.connect()
            }.run()
        }
    }
}
