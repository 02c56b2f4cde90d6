import CampaignModel
import SendProtocol

/// A line of a surface's output that tells its progress: a JSON object with `progress`, `total`, `failed` or `note`.
enum ProgressLine {
    /// - Returns: nil for every other line; numbers below 0, fractions and texts in place of numbers make it one.
    static func read(_ line: [UInt8]) -> SendProgress? {
        // Nearly all lines of a log end here, without a JSON parser.
        guard line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) == UInt8(ascii: "{"),
            var progress = try? WireJSON.decode(SendProgress.self, from: line), progress != SendProgress()
        else { return nil }
        let numbers = [progress.done, progress.total, progress.failed].compactMap { $0 }
        guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        progress.note = progress.note?.cutForDisplay
        return progress
    }
}
