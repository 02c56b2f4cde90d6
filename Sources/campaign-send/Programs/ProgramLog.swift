import CampaignModel
import Glibc
import SendProtocol
import SystemdKit

/// What a surface or an audience's program prints for people: into the journal, with the campaign's fields where there
/// is one, or to standard error where there is no journal.
/// Cut by line and in all, and what was cut is counted. A line that comes again and again is told once, with a count.
final class ProgramLog {
    private let journal: Journal
    private let speaker: Slug
    private let fields: [JournalField]
    private var lines = 0
    private var bytes = 0
    private var leftOutLines = 0
    private var leftOutBytes = 0
    private var isStalled = false
    /// The last line that was told, and how often it came again since; nil where the last one was left out.
    private var last: (line: [UInt8], whole: Int)?
    private var repeats = 0

    /// One program's output. A line a recipient is too much for a log, and progress does not count.
    static let lineLimit = 10_000
    static let byteLimit = 4 * 1_024 * 1_024
    /// A line that comes this often without another one between is told of, so that a log which goes on does not look
    /// like one that has ended.
    static let repeatLimit = 10_000
    /// Whoever reads standard error gets this long once; after that what it does not take is left out.
    private static let patience = Duration.seconds(1)

    /// The log of a send.
    convenience init(_ request: SendRequest) {
        self.init(
            speaker: request.surface,
            fields: [
                JournalField("CAMPAIGN", request.campaign.name.text),
                JournalField("CAMPAIGN_VERSION", "\(request.campaign.version)"),
                JournalField("OCCURRENCE_KEY", request.attempt.key.text),
            ])
    }

    /// - Parameter speaker: the surface or audience whose program it is; its name stands before each line.
    init(speaker: Slug, fields: [JournalField] = []) {
        journal = Journal.standard(identifier: "campaign-send")
        self.speaker = speaker
        self.fields = fields
    }

    /// - Parameter whole: the line's length, where only its beginning was kept.
    func add(_ line: [UInt8], whole: Int) {
        if let last, last.whole == whole, last.line == line {
            repeats += 1
            if repeats == Self.repeatLimit { tellRepeats() }
            return
        }
        tellRepeats()
        last = nil
        guard takes(line.count) else {
            leftOutLines += 1
            leftOutBytes += whole
            return
        }
        last = (line, whole)
        // Bytes that are no UTF-8 are shown as U+FFFD.
        write(String(decoding: line, as: UTF8.self).cutForDisplay(ofBytes: whole))
    }

    /// Says how often the last line came again and how much was left out, if any was.
    func finish() {
        tellRepeats()
        guard leftOutLines > 0 else { return }
        write("\(leftOutLines) more lines of its output, \(leftOutBytes) bytes, are left out here")
    }

    private func tellRepeats() {
        guard repeats > 0, let last else { return }
        let text = "the line before came \(repeats) more \(repeats == 1 ? "time" : "times")"
        if takes(text.utf8.count) {
            write(text)
        } else {
            leftOutLines += repeats
            leftOutBytes += repeats * last.whole
        }
        repeats = 0
    }

    /// Whether one more line is written; then it counts.
    private func takes(_ count: Int) -> Bool {
        guard lines < Self.lineLimit, bytes + count <= Self.byteLimit, isReady() else { return false }
        lines += 1
        bytes += count
        return true
    }

    private func write(_ text: String) {
        // A line that can't be written has nowhere else to go, and the work goes on.
        try? journal.write(JournalEntry("\(speaker): \(text)", fields: fields))
    }

    /// A pipe that polls writable takes a line of ours (below PIPE_BUF) without blocking. pipe(7)
    private func isReady() -> Bool {
        guard case .lines(let descriptor) = journal.destination else { return true }
        let happened = Poll.wait([(descriptor, POLLOUT)], timeout: isStalled ? .zero : Self.patience)
        isStalled = happened[0] & POLLOUT == 0
        return !isStalled
    }
}
