import CampaignModel
import ControlAPI
import Recurrence

/// Occurrences as a calendar file (RFC 5545): one event each, at its instant in UTC, since a rule would be expanded by
/// the calendar program's own zone data and its own idea of a gap.
struct ICSFile {
    let occurrences: [PlannedView]
    let now: Instant

    /// The longest line, without its end, in octets (section 3.1).
    private static let lineLimit = 75

    /// The file's lines, folded and ended with CRLF.
    var text: String {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//campaignd//campaignctl \(Release.version)//EN"]
        lines += ["CALSCALE:GREGORIAN", "METHOD:PUBLISH", "X-WR-CALNAME:Campaigns"]
        lines += occurrences.flatMap(event) + ["END:VCALENDAR"]
        return lines.map { Self.folded($0) + "\r\n" }.joined()
    }

    private func event(_ planned: PlannedView) -> [String] {
        let occurrence = planned.occurrence
        let start = Self.instant(occurrence.instant)
        var about = ["Campaign \(planned.campaign), \(planned.status.rawValue)"]
        about.append("\(occurrence.local.words) \(occurrence.timezone)")
        if let audience = planned.audience { about.append("Audience \(audience)") }
        if let mark = occurrence.mark { about.append(mark) }
        return [
            "BEGIN:VEVENT",
            // The same occurrence in a later file is the same event.
            "UID:\(planned.campaignID)-\(start)@campaignd",
            "DTSTAMP:\(Self.instant(now))", "DTSTART:\(start)",
            "SUMMARY:\(Self.escaped(planned.title ?? planned.campaign))",
            "DESCRIPTION:\(Self.escaped(about.joined(separator: "\n")))",
            "STATUS:\(planned.status == .draft ? "TENTATIVE" : "CONFIRMED")",
            // It takes nobody's time.
            "TRANSP:TRANSPARENT", "END:VEVENT",
        ]
    }

    /// `20261207T080000Z` (section 3.3.5, form 2).
    private static func instant(_ instant: Instant) -> String {
        instant.description.filter { $0 != "-" && $0 != ":" }
    }

    /// Section 3.3.11; control characters but a line's end are in no text there.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", ";", ",": escaped += "\\\(scalar)"
            case "\n": escaped += "\\n"
            case _ where scalar.properties.generalCategory == .control: break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A line that is too long goes on in the next one, after a space; no character is cut.
    private static func folded(_ line: String) -> String {
        var folded = ""
        var room = lineLimit
        for scalar in line.unicodeScalars {
            let size = UTF8.width(scalar)
            if size > room {
                folded += "\r\n "
                room = lineLimit - 1
            }
            folded.unicodeScalars.append(scalar)
            room -= size
        }
        return folded
    }
}
