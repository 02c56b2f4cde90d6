import CampaignModel
import ControlAPI

/// What a person edits of a campaign: the file as its author wrote it, or one that says the same.
struct EditableText {
    let text: String
    /// What the text says.
    private let written: CampaignDefinition
    /// What the campaign has.
    private let present: CampaignDefinition

    /// - Parameter sourceText: the file as its author wrote it; its tags may be older than the campaign's.
    init(_ present: CampaignDefinition, sourceText: String?) {
        self.present = present
        let named = sourceText.map { SourceText.text($0, named: present.name ?? "") }
        if let sourceText = named,
            let written = try? CampaignFile.definition(of: Array(sourceText.utf8), file: "source_text"),
            Self.content(written) == Self.content(present)
        {
            text = sourceText
            self.written = written
        } else {
            text = CampaignYAML.text(present)
            written = present
        }
    }

    /// What the edited file says of the campaign. A name and tags that were left as they stood are the campaign's own.
    ///
    /// - Throws: `FieldError` for the name of another campaign.
    func definition(of edited: CampaignDefinition) throws(FieldError) -> CampaignDefinition {
        var definition = edited
        if edited.name == written.name { definition.name = present.name }
        guard definition.name == present.name else {
            throw FieldError(
                "name", edited.name, "is the name of another campaign; campaignctl duplicate makes one with a new name")
        }
        if (edited.tags ?? []) == (written.tags ?? []) { definition.tags = present.tags }
        return definition
    }

    /// The part that a version holds, as it goes over the wire: there, numbers are numbers.
    private static func content(_ definition: CampaignDefinition) -> CampaignDefinition? {
        var content = definition
        content.name = nil
        content.tags = nil
        return try? CampaignDefinition(json: content.json)
    }
}
