public import CampaignModel
internal import Recurrence
internal import SendProtocol
public import SystemdKit

/// What became of the recipients of a key in its attempts, each address once: the last that is known of it.
public struct RecipientHistory {
    private let files: [RecipientFile]
    /// The boot in which each file was judged by whoever came next: the next attempt's, or this one.
    private let judges: [String?]
    /// Whether the last attempt's sender lives: what it has begun is on its way.
    private let isRunning: Bool

    /// Why a recipient is unknown whose sender ended before it told.
    static let unknownReason = "it was on its way when its sender ended"

    /// - Parameters:
    ///   - boot: this boot of the machine, as Machine.bootID() has it.
    ///   - limit: attempts before this one alone.
    public init(of folder: KeyFolder, boot: String, before limit: Int = .max) throws(SystemError) {
        var files: [RecipientFile] = []
        var boots: [String?] = []
        var isRunning = false
        for report in try folder.reports() where report.number < limit {
            guard let file = try RecipientFile(report.number, in: folder) else { continue }
            files.append(file)
            boots.append(try file.boot())
            isRunning = if case .running = report.status { true } else { false }
        }
        self.files = files
        judges = Array(boots.dropFirst()) + [boot]
        self.isRunning = isRunning
    }

    /// Whether no attempt kept anything.
    public var isEmpty: Bool { files.isEmpty }

    /// Goes over all of it, in the order in which it came about.
    ///
    /// - Parameter take: gets each result.
    /// - Returns: the last row of the list that was judged.
    func readAll(_ take: (RecipientResult) -> Void) throws(SystemError) -> Int {
        var lastRow = 0
        for (index, file) in files.enumerated() {
            let rest = try file.read(take)
            lastRow = max(lastRow, rest.lastRow)
            if isRunning, index == files.count - 1 { break }
            // In the same boot all that was written is there: what was not handed over did not go out. After another
            // one only what was synced is.
            let isWhole = rest.boot != nil && rest.boot == judges[index]
            for (_, begun) in rest.open.sorted(by: { $0.key < $1.key }) where begun.isHanded || !isWhole {
                take(RecipientResult(
                    address: begun.address, state: .unknown, reason: Self.unknownReason, attempt: file.attempt,
                    at: file.modifiedAt))
            }
        }
        return lastRow
    }

    /// Gives each address once, with its last result; invalid and repeated ones as often as the list has them.
    ///
    /// - Parameter take: gets each result, and says whether it wants more.
    public func results(_ take: (RecipientResult) -> Bool) throws(SystemError) {
        var counts = RecipientTable()
        _ = try readAll { result in
            if result.state.isOfLine { return }
            counts[result.address] = (counts[result.address] ?? 0) &+ 1
        }
        var wantsMore = true
        // Counted down: the last one is the one that counts.
        _ = try readAll { result in
            guard wantsMore else { return }
            if !result.state.isOfLine {
                let left = (counts[result.address] ?? 0) &- 1
                counts[result.address] = left
                guard left == 0 else { return }
            }
            wantsMore = take(result)
        }
    }
}
