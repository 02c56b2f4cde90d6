import ArgumentParser
import CampaignModel
import ControlAPI

struct SurfaceList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists surfaces, with what they are sending.",
        discussion: "Example: campaignctl surface list")

    @OptionGroup var tableOptions: TableOptions
    @OptionGroup var options: VerbOptions

    private static let columns = ["NAME", "CHANNEL", "RUNNING", "QUEUED", "AT A TIME", "RETRIES", "RATE", "TIMEOUT"]

    func validate() throws {
        try tableOptions.validate(Self.columns, isJSON: options.json)
    }

    func run() async throws {
        try await options.run(isPaged: true) { session in
            let surfaces = try await session.connect().surfaces()
            if session.isJSON {
                for surface in surfaces { try Output.line(surface.json) }
                return
            }
            if surfaces.isEmpty { return Output.message("No surface is set up.") }
            var table = Table(Self.columns, style: session.style, tableOptions)
            for surface in surfaces.map(\.view) {
                try table.add([
                    Table.Cell(surface.name), Table.Cell(surface.channel), Table.Cell("\(surface.running)"),
                    Table.Cell("\(surface.queued)"), Table.Cell("\(surface.maxConcurrent)"),
                    Table.Cell(surface.retries.map { "\($0)" } ?? "-"), Table.Cell(surface.rate ?? "-"),
                    Table.Cell(Duration.seconds(surface.timeout).text),
                ])
            }
            try table.flush()
        }
    }
}
