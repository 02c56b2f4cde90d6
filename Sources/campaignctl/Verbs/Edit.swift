import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct Edit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Opens a campaign's file in your editor and applies what you changed.",
        discussion: """
            The file is the draft's, else the live version's, as its author wrote it. The editor is $VISUAL, else \
            $EDITOR, else editor or vi. Where the campaign was changed meanwhile, or the file is refused, the edited \
            text is kept and its path told.

            Example: campaignctl edit spring-newsletter --reason "new title"
            """)

    @Argument(help: "The campaign's name.")
    var name: String

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var options: VerbOptions

    private typealias Shown = (campaign: Received<CampaignView>, definition: CampaignDefinition, sourceText: String?)

    func run() async throws {
        try await options.run { session in
            let shown = try await show(in: session)
            let original = EditableText(shown.definition, sourceText: shown.sourceText)
            let copy = try TemporaryCopy(named: "\(try Slug(name, field: "name")).yaml", of: original.text)
            let applied: (campaign: Received<CampaignView>, outcome: AppliedCampaign.Outcome)
            do {
                let editing = Result { () throws(Failure) in try Editor.edit(copy.path) }
                if isUnchanged(copy, original) {
                    copy.remove()
                    try editing.get()
                    return try session.printApplied((shown.campaign, .unchanged), session.times(), isDryRun: false)
                }
                try editing.get()
                applied = try await apply(copy, original, shown.campaign.view.revision, in: session)
            } catch {
                if error is Output.Closed { throw error }
                try keep(copy, after: Failure(error, socket: options.socketPath), in: session)
            }
            copy.remove()
            try session.printApplied(applied, session.times(), isDryRun: false)
        }
    }

    /// The draft, else the live version. The connection ends with it: the daemon keeps none that is idle for as long as
    /// a person may take.
    private func show(in session: Session) async throws -> Shown {
        let client = try await session.connect()
        var shown = try await client.show(name)
        if shown.campaign.view.draftVersion != nil { shown = try await client.show(name, version: .draft) }
        await client.close()
        return shown
    }

    private func isUnchanged(_ copy: TemporaryCopy, _ original: EditableText) -> Bool {
        (try? FileBytes.read(copy.path, limit: CampaignFile.sizeLimit)) == Array(original.text.utf8)
    }

    /// Applies the edited file, if the campaign is still as it was shown.
    private func apply(
        _ copy: TemporaryCopy, _ original: EditableText, _ revision: Int, in session: Session
    ) async throws -> (campaign: Received<CampaignView>, outcome: AppliedCampaign.Outcome) {
        let file = try CampaignFile(copy.path)
        do {
            let definition = try original.definition(of: file.definition)
            let client = try await session.connect()
            return try await client.apply(
                definition, sourceText: file.text, ChangeOptions(revision: revision, reason: reason))
        } catch {
            throw file.located(Failure(error, socket: options.socketPath))
        }
    }

    /// Tells why the edited text was not applied, and where it is.
    private func keep(_ copy: TemporaryCopy, after failure: Failure, in session: Session) throws -> Never {
        var failure = failure
        if copy.exists { failure.parameters["file"] = .string(copy.path) } else { copy.remove() }
        do { try session.report(failure, about: name) } catch is Output.Closed {}
        if copy.exists, !session.isJSON {
            Output.message("campaignctl: the edited text is kept in \(copy.path)")
        }
        throw failure.status.exitCode
    }
}
