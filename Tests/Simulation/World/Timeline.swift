/// What time it is in the story, and what is to happen when. Steady time goes on by itself, in milliseconds; the wall
/// clock is that and an offset which people and faults move.
struct Timeline {
    private(set) var steady: Int64 = 0
    /// What the wall clock read at steady time 0, in milliseconds since 1970, and how far it was set since.
    var wallOffset: Int64
    private var queue: [Entry] = []
    private var made = 0

    private struct Entry {
        let at: Int64
        let number: Int
        let happen: () -> Void
    }

    init(wallAtStart: Int64) {
        wallOffset = wallAtStart * 1_000
    }

    /// The wall clock, whole seconds.
    var now: Int64 { (steady + wallOffset) / 1_000 }

    /// When the wall clock reads `second`, by steady time, unless it is set before that.
    func steady(atWall second: Int64) -> Int64 { second * 1_000 - wallOffset }

    mutating func at(_ steady: Int64, _ happen: @escaping () -> Void) {
        made += 1
        queue.append(Entry(at: max(steady, self.steady), number: made, happen: happen))
        var child = queue.count - 1
        while child > 0, isBefore(child, (child - 1) / 2) {
            queue.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func after(_ milliseconds: Int64, _ happen: @escaping () -> Void) { at(steady + milliseconds, happen) }

    var next: Int64? { queue.first?.at }

    /// Goes to the next thing that is to happen and takes it out.
    mutating func takeNext() -> (() -> Void)? {
        guard let first = queue.first else { return nil }
        steady = max(steady, first.at)
        let last = queue.removeLast()
        if !queue.isEmpty {
            queue[0] = last
            sink()
        }
        return first.happen
    }

    mutating func pass(_ milliseconds: Int64) { steady += milliseconds }

    private mutating func sink() {
        var parent = 0
        while true {
            let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < queue.count }
            guard let least = children.min(by: { isBefore($0, $1) }), isBefore(least, parent) else { return }
            queue.swapAt(least, parent)
            parent = least
        }
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (queue[left].at, queue[left].number) < (queue[right].at, queue[right].number)
    }
}
