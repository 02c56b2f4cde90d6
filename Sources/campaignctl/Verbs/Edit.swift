import ArgumentParser
import CampaignModel
import ControlAPI
import VarlinkKit

struct Edit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Opens a campaign's file in your editor and applies what you changed.",
        discussion: """
            The file is the draft's, else the live version's, as its author wrote it. The editor is $VISUAL, else \
            $EDITOR, else editor or vi. On a terminal a file that is refused is opened again with what is wrong in \
            lines that begin with #|; saved as it is, nothing is changed. Then, where the campaign was changed \
            meanwhile, and where campaignd can't be reached, the edited text is kept and its path told.

            Example: campaignctl edit spring-newsletter --reason "new title"
            """)

    @Argument(help: "The campaign's name.", completion: Names.completion(of: .campaign))
    var name: String

    @Option(help: ArgumentHelp("Why, for the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var options: VerbOptions

    private typealias Applied = (campaign: Received<CampaignView>, outcome: AppliedCampaign.Outcome)

    func run() async throws {
        try await options.run { session in
            let shown = try await show(in: session)
            let original = EditableText(shown.definition, sourceText: shown.sourceText)
            let copy = try TemporaryCopy(named: "\(try Slug(name, field: "name")).yaml", of: original.text)
            let applied: Applied
            do {
                applied = try await edit(copy, original, shown.campaign, in: session)
            } catch {
                if error is Output.Closed { throw error }
                try keep(copy, after: Failure(error, socket: options.socketPath), in: session)
            }
            copy.remove()
            try session.printApplied(applied, session.times(), isDryRun: false)
        }
    }

    /// Opens the editor until the file is taken, or is left as it was.
    private func edit(
        _ copy: TemporaryCopy, _ original: EditableText, _ campaign: Received<CampaignView>, in session: Session
    ) async throws -> Applied {
        var before = original.text
        var refusal: Failure?
        while true {
            let editing = Result { () throws(Failure) in try Editor.edit(copy.path) }
            let text = copy.text
            let clean = text.map(Remarks.removed)
            if clean == before {
                if let refusal { throw refusal }
                // What it may have written beside the file is of no use to anybody.
                copy.remove()
                try editing.get()
                return (campaign, .unchanged)
            }
            try editing.get()
            if let clean, clean != text { try copy.write(clean) }
            do {
                return try await apply(copy, original, campaign.view.revision, in: session)
            } catch {
                guard let failure = error as? Failure, failure.parameters["error"] == "InvalidField", let clean,
                    !session.isJSON, Terminal.canAsk
                else { throw error }
                before = clean
                refusal = failure
                try copy.write(Remarks.added(failure.sentences(of: copy.path), at: failure.line, to: before))
            }
        }
    }

    /// The draft, else the live version. The connection ends with it: the daemon keeps none that is idle for as long as
    /// a person may take.
    private func show(in session: Session) async throws -> ShownCampaign {
        let client = try await session.connect()
        var shown = try await client.show(name)
        if shown.campaign.view.draftVersion != nil { shown = try await client.show(name, version: .draft) }
        await client.close()
        return shown
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

extension Failure {
    /// The line of the file that is wrong, from 1.
    fileprivate var line: Int? { parameters["line"]?.intValue.map(Int.init) }

    /// What is said of the file, without its path.
    fileprivate func sentences(of path: String) -> [String] {
        lines.map { $0.replacing(path + ":", with: "line ") }
    }
}
