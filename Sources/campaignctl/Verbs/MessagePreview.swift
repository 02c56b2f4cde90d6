import ArgumentParser
import CampaignModel
import ControlAPI
import Spelling
import VarlinkKit

struct MessagePreview: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Writes a message as one recipient would get it; only operators may.",
        discussion: """
            It is made as a send makes it, of the recipient's columns as the list has them now, and goes to nobody. \
            Date and Message-ID are of now. What it goes over, and to whom, a campaign says, or --surface and \
            --audience; without them it is the only way that campaigns with this message have.

            On a terminal it is shown through a pager; to a file or a pipe go the bytes as they are, an .eml file.

            Example: campaignctl message preview spring-2026 --recipient ada@example.org -o ada.eml
            Example: campaignctl message preview spring-2026 --recipient ada@example.org --campaign spring-newsletter
            """)

    @Argument(help: "The message's name.", completion: Names.completion(of: .message))
    var name: String

    @Option(help: ArgumentHelp("Whose message it is to be, as the audience has them.", valueName: "address"))
    var recipient: String

    @Option(
        help: ArgumentHelp("The campaign whose surface and audience it is made for.", valueName: "name"),
        completion: Names.completion(of: .campaign))
    var campaign: String?

    @Option(
        help: ArgumentHelp("The surface; with --audience.", valueName: "name"),
        completion: Names.completion(of: .surface))
    var surface: String?

    @Option(
        help: ArgumentHelp("The audience; with --surface.", valueName: "name"),
        completion: Names.completion(of: .audience))
    var audience: String?

    @Option(help: ArgumentHelp("The revision with this number; the newest one unless named.", valueName: "n"))
    var revision: Int?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A file to make, mode 0600, in place of standard output.", valueName: "file"),
        completion: .file())
    var output: String?

    @Flag(help: "Replace the file if it is there.")
    var force = false

    @OptionGroup var options: VerbOptions

    func validate() throws {
        if let revision, revision < 1 {
            throw ValidationError("--revision: \(revision) is out of range; allowed is 1 and more")
        }
        if (surface == nil) != (audience == nil) {
            throw ValidationError("--surface and --audience go together")
        }
        if campaign != nil, surface != nil {
            throw ValidationError("--campaign stands beside --surface and --audience; use the one or the others")
        }
        if force, output == nil { throw ValidationError("--force goes with --output") }
    }

    func run() async throws {
        try await options.run(isPaged: output == nil) { session in
            let address = try ProofAddress(recipient, field: "recipient")
            let client = try await session.connect()
            let (preview, bytes) = try await client.previewMessage(
                name, revision: revision, recipient: address, campaign: campaign, surface: surface, audience: audience)
            for line in PreviewWarnings(of: preview.view).lines { Output.message(line) }
            if let output {
                var file = try NewFile(output, mode: 0o600, replaces: force)
                defer { file.discard() }
                try file.append(bytes)
                try file.finish()
            }
            if session.isJSON {
                var object = preview.json
                object["file"] = JSONValue(output)
                object["eml"] = output == nil ? .string(String(decoding: bytes, as: UTF8.self)) : .null
                try Output.line(object)
            } else if let output {
                try Output.line("\(output): \(bytes.count) bytes")
            } else if Terminal.isOutputTerminal {
                try Output.lines(Self.shown(bytes))
            } else {
                try Output.bytes(bytes)
            }
        }
    }

    /// Nothing in it reaches the terminal as anything but a text.
    private static func shown(_ bytes: [UInt8]) -> [String] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self).escapedForDisplay
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
