import CampaignModel
import Recurrence

/// The sends that may begin and wait for one surface: each campaign's in order of their due instants, the campaigns in
/// turn.
struct SendLane {
    /// Campaigns in the order of their turns; one whose line is empty by then is dropped when its turn comes.
    private var turns: [CampaignID] = []
    /// Where the next turn is in ``turns``, so that taking it does not move all others.
    private var next = 0
    private var lines: [CampaignID: [Place]] = [:]

    private struct Place {
        let due: Instant
        let key: OccurrenceKey
    }

    mutating func add(_ send: Send) {
        if lines[send.campaign] == nil {
            lines[send.campaign] = []
            turns.append(send.campaign)
        }
        let index = index(of: send)
        lines[send.campaign]?.insert(Place(due: send.due, key: send.key), at: index)
    }

    mutating func remove(_ send: Send) {
        let index = index(of: send)
        guard let line = lines[send.campaign], line.indices.contains(index), line[index].key == send.key else { return }
        lines[send.campaign]?.remove(at: index)
    }

    /// The first send of the campaign whose turn it is; that campaign goes to the end of the line.
    mutating func takeTurn() -> OccurrenceKey? {
        while next < turns.count {
            let campaign = turns[next]
            next += 1
            shorten()
            guard let first = lines[campaign]?.first else {
                lines[campaign] = nil
                continue
            }
            turns.append(campaign)
            return first.key
        }
        return nil
    }

    /// Drops the turns that are over once they are half of all: each is moved once on average.
    private mutating func shorten() {
        guard next * 2 > turns.count else { return }
        turns.removeFirst(next)
        next = 0
    }

    private func index(of send: Send) -> Int {
        (lines[send.campaign] ?? []).firstIndex(from: { ($0.due, $0.key) >= (send.due, send.key) })
    }
}
