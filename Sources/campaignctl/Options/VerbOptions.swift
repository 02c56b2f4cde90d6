import ArgumentParser
import ControlAPI

/// What every verb takes.
struct VerbOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "campaignd's socket.", discussion: "Default: $CAMPAIGND_SOCKET, else \(ControlClient.defaultSocket).",
            valueName: "path"), completion: .file())
    var socket: String?

    @Flag(help: "Print JSON: one object, or one object a line.")
    var json = false

    @Flag(help: "Show times in UTC instead of the campaign's zone.")
    var utc = false

    @Option(
        help: ArgumentHelp(
            "Colours: auto, always or never.",
            discussion: "auto: on a terminal that has them, and where $NO_COLOR is not set.", valueName: "when"))
    var color = Colours.auto

    @Flag(help: "Do not show long output through $PAGER, else less, on a terminal.")
    var noPager = false

    enum Colours: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }

    /// The socket where none is named.
    static var defaultSocket: String { Terminal.variable("CAMPAIGND_SOCKET") ?? ControlClient.defaultSocket }

    var socketPath: String { socket ?? Self.defaultSocket }

    var isColoured: Bool {
        switch color {
        case .auto: !json && Terminal.hasColours
        case .always: !json
        case .never: false
        }
    }
}
