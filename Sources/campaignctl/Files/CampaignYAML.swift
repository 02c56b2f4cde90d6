import CampaignModel

/// Writes a campaign file for a campaign that was not made from one.
///
/// Every value is in double quotes (YAML 1.1 section 9.1), so that it is read back as it is, whatever YAML would make
/// of its letters.
enum CampaignYAML {
    /// The file, with its keys in their order; what is absent is left out.
    static func text(_ definition: CampaignDefinition) -> String {
        let beforeSchedule = [
            scalar("name", definition.name), scalar("title", definition.title), scalar("type", definition.type),
            scalar("channel", definition.channel), scalar("surface", definition.surface),
            scalar("message", definition.message), scalar("audience", definition.audience),
            list("tags", definition.tags),
        ]
        let afterSchedule = [
            scalar("overlap", definition.overlap), scalar("retries", definition.retries),
            scalar("late_limit", definition.lateLimit), scalar("on_interrupt", definition.onInterrupt),
        ]
        let lines = beforeSchedule.compactMap(\.self) + schedule(definition.schedule) + afterSchedule.compactMap(\.self)
        return lines.map { $0 + "\n" }.joined()
    }

    private static func schedule(_ definition: ScheduleDefinition?) -> [String] {
        guard let definition else { return [] }
        let lines = [
            scalar("start", definition.start), scalar("timezone", definition.timezone),
            scalar("every", definition.every), list("days", definition.days), list("at", definition.at),
            scalar("end", definition.end), scalar("count", definition.count), list("except", definition.except),
            scalar("gap", definition.gap), scalar("month_end", definition.monthEnd), scalar("rrule", definition.rrule),
        ].compactMap(\.self)
        return lines.isEmpty ? ["schedule: {}"] : ["schedule:"] + lines.map { "  " + $0 }
    }

    private static func scalar(_ key: String, _ value: String?) -> String? {
        value.map { "\(key): \(quoted($0))" }
    }

    private static func list(_ key: String, _ values: [String]?) -> String? {
        values.map { "\(key): [\($0.map(quoted).joined(separator: ", "))]" }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where isEscaped(scalar):
                let digits = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// What YAML reads as a line end or refuses as it is (YAML 1.1 section 5.1), and what an editor might act on.
    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isUnsafeToDisplay || scalar == "\u{FEFF}" || scalar.value & 0xFFFE == 0xFFFE
    }
}
