import Recurrence

/// Writes files of zones (RFC 8536).
enum TZif {
    /// A zone whose clocks change once, by whole hours.
    static func changing(at text: String, from before: Int32, to after: Int32) -> [UInt8] {
        let second = Instant(text)?.secondsSinceEpoch ?? 0
        let header: (UInt8, UInt8) -> [UInt8] = { transitions, types in
            let counts: [UInt8] = [0, 0, 0, transitions, types, 4].flatMap { [0, 0, 0, $0] }
            return Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts
        }
        let type: (Int32) -> [UInt8] = { bytes(Int64($0) * 3_600, 4) + [0, 0] }
        let name = Array("ABC\0".utf8)
        return header(0, 1) + type(before) + name
            + header(1, 2) + bytes(second, 8) + [1] + type(before) + type(after) + name + Array("\n\n".utf8)
    }

    private static func bytes(_ value: Int64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
    }
}
