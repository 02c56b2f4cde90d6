internal import CampaignModel
internal import SendProtocol
internal import SystemdKit

/// The progress of a running attempt on disk: each line is all that is known then, so that only the last one counts
/// and the file can be begun anew when it has grown.
struct ProgressFile {
    private let file: any RecordFile
    private var size = 0

    /// A line is below 5 KiB; some hundred of them tell a person how it went.
    private static let sizeLimit = 256 * 1_024
    /// Holds the last whole line, and one that is torn after it.
    private static let tail = 16 * 1_024

    init(path: String, on disk: any RecordDisk) throws(SystemError) {
        file = try disk.create(path)
    }

    /// Not synced: after a power cut the send is interrupted, and how far it came is a guess anyway.
    mutating func append(_ progress: SendProgress) throws(SystemError) {
        let line = WireJSON.encode(progress) + [UInt8(ascii: "\n")]
        if size + line.count > Self.sizeLimit {
            try file.truncate(to: 0)
            try file.rewind()
            size = 0
        }
        try file.write(line)
        size += line.count
    }

    /// The last whole line that can be read; empty where there is none.
    static func last(_ path: String, on disk: any RecordDisk) -> SendProgress {
        guard let file = try? disk.open(path), (try? file.seek(toLast: tail)) == true,
            let bytes = try? file.read(limit: sizeLimit)
        else { return SendProgress() }
        // What follows the last line break is not whole.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        for line in lines.reversed() {
            if let progress = try? WireJSON.decode(SendProgress.self, from: Array(line)) { return progress }
        }
        return SendProgress()
    }
}
