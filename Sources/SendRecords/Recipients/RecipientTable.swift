/// What is known of each address of a list, without the addresses: 14 bytes a slot for lists of a million and more. Two
/// spellings that differ in case alone are one address.
///
/// An address stands for itself by 95 bits of a hash with a seed of this process's own: that any two of a million come
/// to the same has a chance of one in 10^16.
struct RecipientTable {
    private var parts: [Part]
    /// Addresses.
    private(set) var count = 0

    /// Parts grow one by one, so that never much more is held twice.
    private static let partCount = 64
    private static let seeds: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max))

    init() {
        parts = Array(repeating: Part(), count: Self.partCount)
    }

    /// Makes room for so many addresses at once, which takes less than growing to them.
    mutating func reserve(_ addresses: Int) {
        // Some parts get a little more than their share.
        let share = addresses / Self.partCount
        let needed = share + share / 16 + 64
        for index in parts.indices { parts[index].reserve(needed) }
    }

    /// What was noted of an address; nil where nothing was.
    subscript(address: String) -> UInt16? {
        get {
            let hash = Hash(address)
            return parts[hash.part].note(hash)
        }
        set {
            let hash = Hash(address)
            guard let newValue else { preconditionFailure("what is known of an address is never forgotten") }
            if parts[hash.part].set(newValue, hash) { count += 1 }
        }
    }

    private struct Hash {
        let place: UInt64
        /// Never 0, which marks a free slot.
        let check: UInt32

        init(_ address: String) {
            let address = address.lowercased()
            func hash(_ seed: UInt64) -> UInt64 {
                var hasher = Hasher()
                hasher.combine(seed)
                hasher.combine(address)
                return UInt64(truncatingIfNeeded: hasher.finalize())
            }
            place = hash(RecipientTable.seeds.0)
            check = UInt32(truncatingIfNeeded: hash(RecipientTable.seeds.1)) | 1
        }

        var part: Int { Int(place % UInt64(RecipientTable.partCount)) }
    }

    /// Open addressing, one slot after the other.
    private struct Part {
        private var places: [UInt64] = []
        private var checks: [UInt32] = []
        private var notes: [UInt16] = []
        private var used = 0

        func note(_ hash: Hash) -> UInt16? {
            guard !checks.isEmpty else { return nil }
            let slot = slot(of: hash.place, hash.check)
            return checks[slot] == 0 ? nil : notes[slot]
        }

        /// - Returns: whether it is a new one.
        mutating func set(_ note: UInt16, _ hash: Hash) -> Bool {
            // Half as much again at a time: most of a part that was doubled would be free.
            if used + 1 > Self.most(of: checks.count) { resize(max(64, checks.count + checks.count / 2)) }
            let slot = slot(of: hash.place, hash.check)
            let isNew = checks[slot] == 0
            if isNew {
                (places[slot], checks[slot]) = (hash.place, hash.check)
                used += 1
            }
            notes[slot] = note
            return isNew
        }

        mutating func reserve(_ addresses: Int) {
            if addresses > Self.most(of: checks.count) { resize(addresses * 5 / 4 + 1) }
        }

        private static func most(of slots: Int) -> Int { slots / 5 * 4 }

        /// Where it lies, or the free slot where it belongs.
        private func slot(of place: UInt64, _ check: UInt32) -> Int {
            var slot = Int(place.multipliedFullWidth(by: UInt64(checks.count)).high)
            while checks[slot] != 0, places[slot] != place || checks[slot] != check {
                slot = slot + 1 == checks.count ? 0 : slot + 1
            }
            return slot
        }

        private mutating func resize(_ slots: Int) {
            var larger = Part()
            larger.places = Array(repeating: 0, count: slots)
            larger.checks = Array(repeating: 0, count: slots)
            larger.notes = Array(repeating: 0, count: slots)
            for old in checks.indices where checks[old] != 0 {
                let slot = larger.slot(of: places[old], checks[old])
                (larger.places[slot], larger.checks[slot], larger.notes[slot]) = (places[old], checks[old], notes[old])
            }
            larger.used = used
            self = larger
        }
    }
}
