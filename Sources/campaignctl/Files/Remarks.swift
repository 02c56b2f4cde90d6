import CampaignModel

/// What a refused file is told, as comments in it, so that a person mends it where it is wrong. They are lines of their
/// own with a mark that no campaign file of ours has; each look at the file takes them out.
enum Remarks {
    private static let mark = "#| "
    private static let heading =
        "\(mark)This was refused, and nothing was changed. Mend it and save, or save it as it is to give up."

    /// The text without remarks.
    static func removed(from text: String) -> String {
        lines(of: text).filter { !$0.hasPrefix(mark) }.joined(separator: "\n")
    }

    /// The text with what is wrong above its line, or at the beginning where it has none.
    ///
    /// - Parameters:
    ///   - text: without remarks.
    ///   - line: from 1.
    static func added(_ sentences: [String], at line: Int?, to text: String) -> String {
        var lines = lines(of: text).map(String.init)
        let remarks = sentences.map { mark + $0.escapedForDisplay }
        let index = min(max(0, (line ?? 1) - 1), lines.count)
        lines.insert(contentsOf: remarks, at: index)
        return ([heading] + lines).joined(separator: "\n")
    }

    private static func lines(of text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}
