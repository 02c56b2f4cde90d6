import ArgumentParser
import ControlAPI

/// What every verb takes.
struct VerbOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "campaignd's socket.", discussion: "Default: $CAMPAIGND_SOCKET, else \(ControlClient.defaultSocket).",
            valueName: "path"))
    var socket: String?

    @Flag(help: "Print JSON: one object, or one object a line.")
    var json = false

    @Flag(help: "Show times in UTC instead of the campaign's zone.")
    var utc = false

    var socketPath: String { socket ?? Terminal.variable("CAMPAIGND_SOCKET") ?? ControlClient.defaultSocket }
}
