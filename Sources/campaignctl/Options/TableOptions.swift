import ArgumentParser
import CampaignModel
import Spelling

/// How a list is printed for people.
struct TableOptions: ParsableArguments {
    @Flag(help: "Leave the line of headings out.")
    var noHeaders = false

    @Option(
        help: ArgumentHelp(
            "Only these columns, in this order, with commas between them, such as name,next.", valueName: "columns"))
    var columns: String?

    @Flag(help: "Do not cut cells to the terminal's width.")
    var full = false

    /// - Parameter head: the headings of all columns.
    /// - Throws: where a column is asked for that the table lacks, or one beside JSON.
    func validate(_ head: [String], isJSON: Bool) throws {
        let given = [("--no-headers", noHeaders), ("--columns", columns != nil), ("--full", full)].first(where: \.1)
        if isJSON, let given { throw ValidationError("\(given.0) stands beside --json; use one of them") }
        for name in names where !head.contains(where: { Self.name($0) == name }) {
            let all = head.map(Self.name)
            let hint = NearestWord.of(name, in: all).map { "did you mean \($0)?" }
                ?? "there are \(all.joined(separator: ", "))"
            throw ValidationError("--columns: there is no column \"\(name.escapedForDisplay)\"; \(hint)")
        }
    }

    /// The places of the columns that are printed.
    func places(in head: [String]) -> [Int] {
        columns == nil ? Array(head.indices) : names.compactMap { name in head.firstIndex { Self.name($0) == name } }
    }

    private var names: [String] {
        columns?.split(separator: ",", omittingEmptySubsequences: false).map { Self.name(String($0)) } ?? []
    }

    /// `AT A TIME` is written `at-a-time`, in letters of any case.
    private static func name(_ heading: String) -> String { heading.lowercased().replacing(" ", with: "-") }
}
