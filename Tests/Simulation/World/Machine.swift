import CampaignEngine
import CampaignModel
import CampaignStore
import Glibc
import Recurrence
import SendProtocol

/// The machine of a story: the daemon and its ledger, the senders and their disk, the clocks, the journal.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time, in turns (``TaskLoop``, ``Coroutine``).
final class Machine: @unchecked Sendable {
    let plot: Plot
    let judge: Judge
    let ledgers: LedgerFolder
    let senders: SenderHouse
    var time = Timeline(wallAtStart: Plot.start)
    let draw: Draw
    private(set) var life = Life(number: 0)
    private(set) var engine: Engine?
    private(set) var links: [Link] = []

    // What goes wrong just now.
    private(set) var zoneRelease = 0
    private(set) var suspendedUntil: Int64 = 0
    var launcherIsDown = false
    var sendersAreSlow = false
    var losesReplies = false
    var repeatsReplies = false
    var journalIsUp = true
    var ledgerIsFull = false
    var goneSurface: Int?
    var cap: Int
    /// The daemon's life ends at a write to come.
    var fatalWrite: (left: Int, committed: Bool, down: Int64)?
    /// What people do in the moment of a campaign's next claim, by its name.
    var ambushes: [String: [PersonDeed]] = [:]
    /// Whether the story is printed as it goes.
    var isTold = false
    /// Nothing goes wrong any more: the story comes to its end.
    var isCalm = false

    private var tickIsUnderWay = false
    private var tickNumber = 0
    private var lastTick: Int64 = 0
    private var ticksAtOnce = 0

    static let release = Instant(secondsSinceEpoch: Plot.start - 100 * 86_400)

    init(plot: Plot, folder: String) throws {
        self.plot = plot
        draw = Draw(seed: plot.seed)
        judge = Judge(plot: plot)
        ledgers = try LedgerFolder(path: folder)
        senders = SenderHouse(seed: plot.seed)
        cap = plot.settings.maxConcurrent
        senders.machine = self
        judge.machine = self
    }

    /// A line of the story, for those who read it.
    func tell(_ line: () -> String) {
        guard isTold else { return }
        print("\(Instant(secondsSinceEpoch: time.now)) \(line())")
        // What was told is to be seen also where the story does not end.
        fflush(nil)
    }

    /// An occurrence is claimed: who waited for that comes within the time in which it is handed over.
    func claimed(_ campaign: String) {
        guard let deed = ambushes[campaign]?.popLast() else { return }
        time.after(Int64(draw.number(0...120))) { People(machine: self).perform(deed) }
    }

    // MARK: Lives

    /// The daemon starts on the ledger as the last life left it.
    func boot() {
        guard engine == nil else { return }
        do {
            let store = try ledgers.open()
            judge.booted(store)
            life = Life(number: life.number + 1)
            let engine = Engine(
                ledger: StoryLedger(machine: self, life: life, store: store),
                clock: StoryClock(machine: self, life: life), launcher: StoryLauncher(machine: self, life: life),
                sink: StoryJournal(machine: self, life: life), rules: rules,
                random: draw.generator.independent(of: UInt64(life.number)), earliestClock: Self.release,
                faults: { _ in })
            self.engine = engine
            tell { "the daemon starts" }
            tickIsUnderWay = true
            lastTick = time.steady
            let life = life
            Task.detached {
                do { try await engine.start() } catch { self.judge.note(excuse: "a start that failed") }
                self.endTick(life)
            }
        } catch {
            judge.complain("the daemon does not start: \(error)")
        }
    }

    var rules: Rules {
        var settings = Settings()
        settings.tickInterval = .seconds(plot.settings.tickSeconds)
        settings.completesAfter = .seconds(plot.settings.completesAfterHours * 3_600)
        settings.lateLimit = .seconds(plot.settings.lateLimitSeconds)
        settings.retries = plot.settings.retries
        settings.maxConcurrent = cap
        if plot.settings.tellsAlerts { settings.onAlert = Slug("surface0") }
        let surfaces = plot.settings.surfaces.enumerated().compactMap { number, surface -> Surface? in
            guard number != goneSurface, let name = Slug("surface\(number)"), let channel = Slug("email") else {
                return nil
            }
            return Surface(name: name, channel: channel, maxConcurrent: surface.cap, retries: surface.retries)
        }
        let catalogue = Catalogue(surfaces: surfaces, audiences: Set([Slug("people")].compactMap { $0 }))
        return Rules(settings: settings, catalogue: catalogue, zones: StoryZones(machine: self))
    }

    func zonePlan(named name: String) -> ZonePlan? { plot.zones[zoneRelease].first { $0.name == name } }

    /// The daemon is killed, and started again after so many seconds.
    func kill(down: Int64) {
        guard engine != nil else { return }
        tell { "the daemon is killed, for \(down) s" }
        life.end()
        engine = nil
        fatalWrite = nil
        for link in links { link.abandon() }
        links = []
        judge.note(excuse: "a daemon that was down")
        ledgers.crash(draw)
        time.after(down * 1_000) { self.boot() }
    }

    /// SIGTERM: the daemon ends in order.
    func restart(down: Int64) {
        guard let engine else { return }
        let life = life
        Task.detached {
            await engine.stop()
            if !life.isOver { self.kill(down: down) }
        }
    }

    func cutPower(down: Int64) {
        senders.losePower()
        kill(down: down)
    }

    func setZones(_ release: Int) {
        zoneRelease = release % plot.zones.count
        judge.note(excuse: "zone data that changed")
    }

    func setClock(by seconds: Int64) {
        time.wallOffset += seconds * 1_000
        judge.clockWasSet(by: seconds)
        armTick(at: time.now)
    }

    /// A clock that was set far back is set right again, so that the daemon believes it.
    func catchUpClock() {
        let behind = judge.newestNow - time.now
        if behind > 0 { setClock(by: behind) }
    }

    /// Nothing runs for a while, and all clocks go on.
    func suspend(for seconds: Int64) {
        time.pass(seconds * 1_000)
        judge.note(excuse: "a machine that slept")
    }

    /// The daemon reads its configuration anew.
    func reload() {
        guard let engine else { return }
        judge.note(excuse: "another configuration")
        let rules = rules
        Task.detached { await engine.use(rules.settings, rules.catalogue) }
    }

    // MARK: Ticks

    /// The timer of the daemon: at that time of the wall clock, or one tick interval after the last tick.
    func armTick(at second: Int64?) {
        let longest = lastTick + plot.settings.tickSeconds * 1_000
        let wanted = second.map { time.steady(atWall: $0) } ?? longest
        tickNumber += 1
        let number = tickNumber
        let life = life
        time.at(max(min(wanted, longest), time.steady)) { if self.tickNumber == number { self.tick(life) } }
    }

    private func tick(_ life: Life) {
        guard let engine, !life.isOver, self.life === life else { return }
        // One that is under way takes up what has come since; the clock is asked for another when it ends.
        guard !tickIsUnderWay else { return armTick(at: time.now + 1) }
        tickIsUnderWay = true
        ticksAtOnce = time.steady - lastTick < 1_000 ? ticksAtOnce + 1 : 0
        if ticksAtOnce > 200 { judge.complain("the daemon ticks again and again at \(time.now)") }
        lastTick = time.steady
        tell { "tick" }
        Task.detached {
            do { try await engine.tick() } catch { self.judge.note(excuse: "a tick that failed: \(error)") }
            self.endTick(life)
        }
    }

    private func endTick(_ life: Life) {
        if self.life === life { tickIsUnderWay = false }
    }

    // MARK: Writes

    func beforeWrite(_ life: Life) throws(LedgerError) {
        if life.isOver { throw .failed("the daemon is gone") }
        if let fatal = fatalWrite, fatal.left <= 1, !fatal.committed { try die(fatal.down) }
        if ledgerIsFull {
            judge.note(excuse: "a ledger that was full")
            throw .failed("database or disk is full")
        }
    }

    func afterWrite(_ life: Life) throws(LedgerError) {
        guard let fatal = fatalWrite else { return }
        if fatal.left <= 1, fatal.committed { try die(fatal.down) }
        fatalWrite?.left -= 1
    }

    private func die(_ down: Int64) throws(LedgerError) -> Never {
        kill(down: down)
        throw .failed("the daemon is gone")
    }

    // MARK: The sender

    /// A connection with its request written; nil where nobody listens.
    func dial(_ request: SenderRequest, _ life: Life) async -> Link? {
        await pause(upTo: 3)
        guard !launcherIsDown, !life.isOver else { return nil }
        tell { "asked of the sender: \(request.brief)" }
        let link = Link(machine: self)
        links.removeAll { !$0.isOpen }
        links.append(link)
        guard let frame = try? request.frame(), let read = try? SenderRequest(frame) else {
            judge.complain("a request can't be written and read: \(request)")
            return nil
        }
        let delay = sendersAreSlow ? Int64(draw.span(5...180_000)) : Int64(draw.number(5...60))
        time.after(delay) { self.senders.serve(read, on: link) }
        return link
    }

    /// Lets other things happen for up to so many milliseconds.
    func pause(upTo milliseconds: Int) async {
        let wait = Int64(draw.number(0...milliseconds))
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            time.after(wait) { continuation.resume() }
        }
    }
}

extension SenderRequest {
    fileprivate var brief: String {
        switch self {
        case .send(let request): "send \(request.attempt)"
        case .query(let keys): "query of \(keys.count) keys, \(keys[0])"
        default: "\(self)"
        }
    }
}
