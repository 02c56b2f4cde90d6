import CampaignModel

/// Tells one plot to its end: everything that it says happens, and then all is calm until what is open has ended.
struct Story {
    struct Result: Codable {
        var violation: String?
        /// Seconds since the story's start when it was found.
        var at: Int64?
        var figures: Figures
    }

    private let machine: Machine
    private let plot: Plot

    /// Beyond so many pieces of work at one instant something spins.
    private static let workLimit = 200_000
    /// The calm after the last act: retries, limits and slow surfaces end in it.
    private static let calmSeconds: Int64 = 12 * 3_600

    init(_ plot: Plot, folder: String, isTold: Bool = false) throws {
        self.plot = plot
        machine = try Machine(plot: plot, folder: folder)
        machine.isTold = isTold
    }

    func tell() -> Result {
        defer { machine.ledgers.remove() }
        let people = People(machine: machine)
        let faults = Faults(machine: machine)
        for number in 0...2 {
            machine.time.at(500) { people.perform(.putMessage(number, publish: number == 0)) }
        }
        for act in plot.acts {
            machine.time.at(act.at * 1_000 + 1_000) {
                switch act.deed {
                case .person(let deed): people.perform(deed)
                case .ambush(let number, let deed): machine.ambushes["c\(number)", default: []].append(deed)
                case .fault(let fault): faults.happen(fault)
                }
            }
        }
        machine.boot()
        run(until: Int64(plot.hours) * 3_600_000)
        calmDown()
        run(until: machine.time.steady + Self.calmSeconds * 1_000)
        if machine.judge.violation == nil, let store = machine.ledgers.store { machine.judge.checkTheEnd(store) }
        machine.judge.figures.simulatedDays += Double(machine.time.steady) / 86_400_000
        machine.judge.figures.lives += machine.life.number
        return Result(
            violation: machine.judge.violation, at: machine.judge.violation.map { _ in machine.time.steady / 1_000 },
            figures: machine.judge.figures)
    }

    private func run(until end: Int64) {
        var work = 0
        while machine.judge.violation == nil {
            if TaskLoop.runOne(machine.draw) {
                work += 1
                if work > Self.workLimit { machine.judge.complain("the daemon works without an end") }
                // Work takes its time.
                if machine.draw.once(in: 4) { machine.time.pass(1) }
                continue
            }
            guard let next = machine.time.next, next <= end else { return }
            if next > machine.time.steady { work = 0 }
            machine.time.takeNext()?()
        }
    }

    /// Everything that was broken works again.
    private func calmDown() {
        machine.isCalm = true
        machine.launcherIsDown = false
        machine.sendersAreSlow = false
        machine.losesReplies = false
        machine.repeatsReplies = false
        machine.journalIsUp = true
        machine.ledgerIsFull = false
        machine.goneSurface = nil
        machine.fatalWrite = nil
        machine.senders.fatalCall = nil
        machine.senders.fillDisk(false)
        machine.catchUpClock()
        machine.boot()
        machine.reload()
    }
}
