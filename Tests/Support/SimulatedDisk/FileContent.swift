import SeededRandom

/// The bytes of a file: as they are now, as they were last synced, and what came between.
struct FileContent {
    enum Change: Sendable {
        case written([UInt8], at: Int)
        case truncated(to: Int)
        /// Room was reserved: the file is at least so long.
        case grown(to: Int)
    }

    private(set) var now: [UInt8] = []
    private(set) var synced: [UInt8] = []
    var modifiedAt: Int64
    private var unsynced: [Change] = []

    /// A kernel writes by itself what is older; and a file that is never synced has no list without an end.
    private static let unsyncedLimit = 64

    init(modifiedAt: Int64) {
        self.modifiedAt = modifiedAt
    }

    mutating func apply(_ change: Change) {
        Self.apply(change, to: &now)
        unsynced.append(change)
        guard unsynced.count > Self.unsyncedLimit else { return }
        Self.apply(unsynced.removeFirst(), to: &synced)
    }

    mutating func sync() {
        synced = now
        unsynced = []
    }

    mutating func loseAllUnsynced() {
        now = synced
        unsynced = []
    }

    /// What a power cut may leave: nothing of what was not synced, all of it, its beginning with the last change torn,
    /// or any part of it in any order.
    mutating func lose(_ generator: inout SeededGenerator) {
        guard !unsynced.isEmpty else { return }
        let changes = unsynced
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: now = synced
        case 1: break
        case 2:
            now = synced
            let whole = Int.random(in: 0..<changes.count, using: &generator)
            for change in changes[..<whole] { Self.apply(change, to: &now) }
            Self.apply(Self.torn(changes[whole], &generator), to: &now)
        default:
            now = synced
            for change in changes.shuffled(using: &generator) where Bool.random(using: &generator) {
                let isTorn = Bool.random(using: &generator)
                Self.apply(isTorn ? Self.torn(change, &generator) : change, to: &now)
            }
        }
        sync()
    }

    private static func torn(_ change: Change, _ generator: inout SeededGenerator) -> Change {
        guard case .written(let bytes, let place) = change else { return change }
        return .written(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))), at: place)
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .written(let piece, let place):
            grow(&bytes, to: place + piece.count)
            bytes.replaceSubrange(place..<(place + piece.count), with: piece)
        case .truncated(let size):
            grow(&bytes, to: size)
            bytes.removeLast(bytes.count - size)
        case .grown(let size): grow(&bytes, to: size)
        }
    }

    private static func grow(_ bytes: inout [UInt8], to size: Int) {
        if bytes.count < size { bytes += [UInt8](repeating: 0, count: size - bytes.count) }
    }
}
