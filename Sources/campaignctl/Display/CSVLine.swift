import CampaignModel

/// A line of CSV as RFC 4180 quotes it, for spreadsheets and for programs that read lines: it ends with a line feed
/// alone, and no value has a line end.
///
/// Others have written the values: a person who gave an address, a relay that refused it. A spreadsheet takes one that
/// begins with `=`, `+`, `-` or `@` for a formula, which may start programs or send what stands beside it elsewhere
/// (CWE-1236); such a value gets a `'` before it. An address may begin so, and is then another one here: whoever needs
/// it exactly reads JSON.
enum CSVLine {
    private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]

    /// Without its end.
    static func text(_ values: [String]) -> String { values.map(field).joined(separator: ",") }

    /// A value as it was before ``text(_:)``, but for characters that were made safe to show.
    static func withoutMark(_ value: String) -> String {
        guard value.first == "'", value.unicodeScalars.dropFirst().first(where: { $0 != " " })
            .map(formulaStarts.contains) ?? false
        else { return value }
        return String(value.dropFirst())
    }

    private static func field(_ value: String) -> String {
        var text = value.escapedForDisplay
        if text.unicodeScalars.first(where: { $0 != " " }).map(formulaStarts.contains) ?? false { text = "'" + text }
        guard text.utf8.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
