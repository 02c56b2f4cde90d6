import CampaignModel
import ControlAPI
import Spelling

/// What a person is to know who looks at a message that was made for one recipient.
struct PreviewWarnings {
    let lines: [String]

    init(of preview: MessagePreviewView) {
        let audience = preview.audience
        var lines: [String] = []
        if let fault = preview.listFault { lines.append("Audience \(audience): \(fault.escapedForDisplay).") }
        switch preview.found {
        case 0 where preview.columns.isEmpty: 
            lines.append("Audience \(audience) has no recipients: all columns but email are empty.")
        case 0: lines.append("Audience \(audience) does not have this recipient: all columns but email are empty.")
        case 1: break
        default: lines.append("Audience \(audience) has this recipient \(preview.found) times; the first counts.")
        }
        for tag in preview.unknownTags {
            let meant = NearestWord.of(tag, in: preview.columns).map { "; did you mean {{\($0.escapedForDisplay)}}?" }
            lines.append("{{\(tag.escapedForDisplay)}} is no column of audience \(audience)\(meant ?? ".")")
        }
        self.lines = lines
    }
}
