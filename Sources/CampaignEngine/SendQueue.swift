import CampaignModel
import Recurrence

/// The open sends and whose turn it is: a fair queue between surfaces, and within a surface between campaigns.
///
/// A value that follows the ledger: every committed send is noted here. Choosing the next one costs about the
/// number of surfaces, not the number of sends.
struct SendQueue {
    private var open: [OccurrenceKey: Send] = [:]
    private var lanes: [Slug: SendLane] = [:]
    /// Surfaces in the order of their turns, the next one first.
    private var turns: [Slug] = []
    /// Handed over or running: they have a place in the caps.
    private var busy: Set<OccurrenceKey> = []
    private var busyBySurface: [Slug: Int] = [:]
    /// Those that may stand in each other's way; triggers to come are not among them.
    private var begunByCampaign: [CampaignID: Set<OccurrenceKey>] = [:]
    /// Behind an earlier one of their campaign, and so in no lane.
    private var blocked: Set<OccurrenceKey> = []
    /// To begin, and not handed over in the same turn: they have to be told that they are in line.
    private var untold: Set<OccurrenceKey> = []
    /// Retries, and what could not begin for now.
    private var later = SendTimeline()

    // MARK: Following the ledger

    /// Takes in a send as the ledger now holds it.
    mutating func note(_ send: Send) {
        forget(send.key)
        if send.state.isFinal { return release(send.campaign) }
        open[send.key] = send
        if !send.isToCome { begunByCampaign[send.campaign, default: []].insert(send.key) }
        switch send.state {
        case .running: occupy(send)
        case .claimed where send.handedAt != nil: occupy(send)
        // It is about to be given up: the sender is only asked about it.
        case .claimed where send.verdict != nil, .queued where send.verdict != nil: break
        case .claimed:
            untold.insert(send.key)
            lineUp(send)
        case .queued: lineUp(send)
        case .waiting: later.add(send.key, at: send.nextAttemptAt ?? .earliest)
        case .sent, .failed, .missed, .skipped, .cancelled, .interrupted: break
        }
    }

    private mutating func forget(_ key: OccurrenceKey) {
        guard let old = open.removeValue(forKey: key) else { return }
        leaveLine(old)
        untold.remove(key)
        if let surface = old.surface, busy.remove(key) != nil { busyBySurface[surface, default: 1] -= 1 }
        begunByCampaign[old.campaign]?.remove(key)
        if begunByCampaign[old.campaign]?.isEmpty == true { begunByCampaign[old.campaign] = nil }
    }

    private mutating func occupy(_ send: Send) {
        guard let surface = send.surface else { return }
        busy.insert(send.key)
        busyBySurface[surface, default: 0] += 1
    }

    private mutating func lineUp(_ send: Send) {
        guard let surface = send.surface else { return }
        guard mayBegin(send) else {
            blocked.insert(send.key)
            return
        }
        if lanes[surface] == nil {
            lanes[surface] = SendLane()
            turns.append(surface)
        }
        lanes[surface]?.add(send)
    }

    private mutating func leaveLine(_ send: Send) {
        if let surface = send.surface { lanes[surface]?.remove(send) }
        blocked.remove(send.key)
        later.remove(send.key)
    }

    /// One of the campaign has ended: those behind it may have their turn.
    private mutating func release(_ campaign: CampaignID) {
        for key in begunByCampaign[campaign] ?? [] where blocked.contains(key) {
            guard let send = open[key], mayBegin(send) else { continue }
            blocked.remove(key)
            lineUp(send)
        }
    }

    /// With `overlap: queue` a send begins only when the earlier ones of its campaign have ended, and none of it is
    /// under way: a person's send may be due later and have begun before.
    private func mayBegin(_ send: Send) -> Bool {
        guard send.followsEarlier else { return true }
        return !(begunByCampaign[send.campaign] ?? []).contains { other in
            guard other != send.key, let open = open[other] else { return false }
            return busy.contains(other) || (open.due, open.key) < (send.due, send.key)
        }
    }

    // MARK: Turns

    /// Lets the retries whose time has come stand in line.
    mutating func admitRetries(at now: Instant) {
        for key in later.take(through: now) {
            guard let send = open[key] else { continue }
            if send.isBetweenAttempts, send.state == .waiting { untold.insert(key) }
            lineUp(send)
        }
    }

    /// The send whose turn it is and that the caps let begin; it keeps its place until it is noted anew or postponed.
    mutating func next(under rules: Rules) -> Send? {
        guard busy.count < rules.settings.maxConcurrent else { return nil }
        for (index, surface) in turns.enumerated() {
            let cap = rules.catalogue.surfaces[surface]?.maxConcurrent ?? Surface.defaultMaxConcurrent
            guard busyBySurface[surface, default: 0] < cap, let send = takeTurn(on: surface) else { continue }
            turns.append(turns.remove(at: index))
            return send
        }
        return nil
    }

    /// An earlier one may have come back into line since; then this one steps out until that has ended.
    private mutating func takeTurn(on surface: Slug) -> Send? {
        while let key = lanes[surface]?.takeTurn(), let send = open[key] {
            if mayBegin(send) { return send }
            lanes[surface]?.remove(send)
            blocked.insert(key)
        }
        return nil
    }

    /// Takes a send that can't begin now out of the line, so that it is in nobody's way.
    mutating func postpone(_ key: OccurrenceKey, until instant: Instant) {
        guard let send = open[key] else { return }
        leaveLine(send)
        later.add(key, at: max(instant, send.nextAttemptAt ?? instant))
    }

    /// The sends in line that were never told so, by due instant.
    var untoldSends: [Send] { untold.compactMap { open[$0] }.sorted { ($0.due, $0.key) < ($1.due, $1.key) } }

    // MARK: Looking

    var earliestRetry: Instant? { later.earliest }
    var openSends: [Send] { Array(open.values) }
    var busyCount: Int { busy.count }

    func send(_ key: OccurrenceKey) -> Send? { open[key] }

    /// Where each waiting send stands, from 1: in the order in which they would begin if one began at a time. Those
    /// behind another one of their campaign come last.
    func positions() -> [OccurrenceKey: Int] {
        var line: [OccurrenceKey] = []
        var (lanes, turns) = (lanes, turns)
        while !turns.isEmpty {
            turns.removeAll { surface in
                guard let key = lanes[surface]?.takeTurn(), let send = open[key] else { return true }
                lanes[surface]?.remove(send)
                line.append(key)
                return false
            }
        }
        let behind = blocked.compactMap { open[$0] }.sorted { ($0.due, $0.key) < ($1.due, $1.key) }
        let waiting = (line + behind.map(\.key)).filter { open[$0]?.state == .queued }
        return Dictionary(uniqueKeysWithValues: waiting.enumerated().map { ($1, $0 + 1) })
    }
}
