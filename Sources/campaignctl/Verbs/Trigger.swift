import ArgumentParser
import CampaignModel
import ControlAPI

struct Trigger: OrderVerb {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Sends a triggered campaign once, now or at a time to come.",
        discussion: """
            The time lies between the campaign's start and its end. Until it comes, campaignctl cancel with the send's \
            key calls it off. The surface gets the data with the send.

            Example: campaignctl trigger welcome --data '{"email":"ada@example.org"}' --request-id order-1815
            Example: campaignctl trigger welcome --at 2026-12-07T09:00
            """)

    @Argument(help: "The campaign's name.", completion: Names.completion(of: .campaign))
    var name: String

    @Option(
        help: ArgumentHelp(
            "When: a time in the campaign's zone, such as 2026-12-07T09:00, or an instant with Z.",
            discussion: "Default: at once.", valueName: "time"))
    var at: String?

    @Option(
        help: ArgumentHelp(
            "JSON for the surface, \(SendOrder.dataLimitBytes / 1_024) KiB at most.", valueName: "json"))
    var data: String?

    @Option(help: ArgumentHelp("A file with that JSON; - for standard input.", valueName: "file"))
    var dataFile: String?

    @OptionGroup var request: RequestArguments
    @OptionGroup var change: ChangeArguments
    @OptionGroup var options: VerbOptions

    func validate() throws {
        if data != nil, dataFile != nil {
            throw ValidationError("--data-file stands beside --data; use one of them")
        }
    }

    func run() async throws {
        try await options.run { session in
            let at = try at.map { try AskedTime($0) }
            let data = try data ?? dataFile.map(Self.read)
            do {
                try await order(.trigger(at: at, data: data), in: session)
            } catch let failure as Failure where dataFile != nil {
                throw failure.named(Self.dataFileOption, inPlaceOf: "--data")
            }
        }
    }

    private static let dataFileOption = "--data-file"

    private static func read(_ path: String) throws(Failure) -> String {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, limit: SendOrder.dataLimitBytes)
        } catch {
            throw Failure(error, path: path, field: dataFileOption, limit: SendOrder.dataLimitBytes)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let reason = "is not valid UTF-8"
            throw .invalidFile(path, field: dataFileOption, value: nil, reason: reason, text: "\(path): \(reason)")
        }
        return text
    }
}
