import ArgumentParser
import ControlAPI

struct Metrics: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Tells campaignd in numbers, for a monitor.",
        discussion: """
            Example: campaignctl metrics | grep lateness
            Example: campaignctl metrics --output campaignd.prom && cat campaignd.prom
            """)

    @Option(
        help: ArgumentHelp(
            "openmetrics, or prometheus for its older text format.",
            discussion: "Default: openmetrics; prometheus with --output."))
    var format: MetricsText.Format?

    @Option(
        help: ArgumentHelp(
            "Write them to this file, whole or not at all, as node_exporter's textfile collector reads it.",
            valueName: "file"), completion: .file())
    var output: String?

    @OptionGroup var options: VerbOptions

    func validate() throws {
        if output == "" { throw ValidationError("--output is empty; name a file") }
        guard options.json, format != nil || output != nil else { return }
        throw ValidationError("--json goes beside neither --format nor --output")
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let families = try await session.connect().metrics().view
            if session.isJSON {
                for family in families { try Output.line(family.json) }
                return
            }
            let text = MetricsText(format: format ?? (output == nil ? .openmetrics : .prometheus)).text(of: families)
            if let output {
                var file = try NewFile(output, mode: 0o644, replaces: true)
                defer { file.discard() }
                try file.append(Array(text.utf8))
                try file.finish()
            } else {
                try Output.bytes(Array(text.utf8))
            }
        }
    }
}

extension MetricsText.Format: ExpressibleByArgument {}
