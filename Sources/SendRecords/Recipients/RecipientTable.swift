/// What is known of each address of a list, without the addresses: 18 bytes a slot for lists of a million and more.
///
/// An address stands for itself by 127 bits of a hash with a seed of this process's own: that two of a million come to
/// the same has a chance of one in 10^26.
struct RecipientTable {
    private var parts = [Part](repeating: Part(), count: 1 << Self.partBits)
    /// Addresses.
    private(set) var count = 0

    /// Parts grow one by one, so that never much more is held twice.
    private static let partBits = 6
    private static let seeds: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max))

    /// What was noted of an address; nil where nothing was.
    subscript(address: String) -> UInt16? {
        get {
            let hash = Hash(address)
            return parts[hash.part(Self.partBits)].note(hash)
        }
        set {
            let hash = Hash(address)
            guard let newValue else { preconditionFailure("what is known of an address is never forgotten") }
            if parts[hash.part(Self.partBits)].set(newValue, hash) { count += 1 }
        }
    }

    private struct Hash: Equatable {
        let high: UInt64
        /// Never 0, which marks a free slot.
        let low: UInt64

        init(_ address: String) {
            func hash(_ seed: UInt64) -> UInt64 {
                var hasher = Hasher()
                hasher.combine(seed)
                hasher.combine(address)
                return UInt64(truncatingIfNeeded: hasher.finalize())
            }
            high = hash(RecipientTable.seeds.0)
            low = hash(RecipientTable.seeds.1) | 1
        }

        func part(_ bits: Int) -> Int { Int(high >> UInt64(64 - bits)) }
    }

    /// Open addressing, one slot after the other.
    private struct Part {
        private var highs: [UInt64] = []
        private var lows: [UInt64] = []
        private var notes: [UInt16] = []
        private var used = 0

        func note(_ hash: Hash) -> UInt16? {
            guard !lows.isEmpty else { return nil }
            let slot = slot(of: hash)
            return lows[slot] == 0 ? nil : notes[slot]
        }

        /// - Returns: whether it is a new one.
        mutating func set(_ note: UInt16, _ hash: Hash) -> Bool {
            if (used + 1) * 4 > lows.count * 3 { grow() }
            let slot = slot(of: hash)
            let isNew = lows[slot] == 0
            if isNew {
                (highs[slot], lows[slot]) = (hash.high, hash.low)
                used += 1
            }
            notes[slot] = note
            return isNew
        }

        /// Where it lies, or the free slot where it belongs.
        private func slot(of hash: Hash) -> Int {
            let mask = lows.count - 1
            var slot = Int(truncatingIfNeeded: hash.high) & mask
            while lows[slot] != 0, highs[slot] != hash.high || lows[slot] != hash.low { slot = (slot + 1) & mask }
            return slot
        }

        private mutating func grow() {
            var larger = Part()
            let size = max(64, lows.count * 2)
            larger.highs = Array(repeating: 0, count: size)
            larger.lows = larger.highs
            larger.notes = Array(repeating: 0, count: size)
            let mask = size - 1
            for old in lows.indices where lows[old] != 0 {
                var slot = Int(truncatingIfNeeded: highs[old]) & mask
                while larger.lows[slot] != 0 { slot = (slot + 1) & mask }
                (larger.highs[slot], larger.lows[slot], larger.notes[slot]) = (highs[old], lows[old], notes[old])
            }
            larger.used = used
            self = larger
        }
    }
}
