import CampaignModel
import Recurrence
import SendProtocol
import SimulatedDisk
import SystemdKit
import Testing

@testable import SendRecords

@Suite("What becomes of each recipient")
struct RecipientLogTests {
    static let troubles: [Breaker.Trouble] = [.kill, .powerCut(.everything), .powerCut(.some), .fullDisk, .brokenDisk]

    @Test("whatever ends a sender, in place of any step: nobody is sent to twice, and everybody is told once",
        arguments: troubles, [UInt64(1), 2, 3])
    func walk(trouble: Breaker.Trouble, seed: UInt64) throws {
        var steps = 0
        for number in 1...500 {
            let mailing = Mailing(seed: seed &+ UInt64(number) << 32)
            let hasCome = mailing.run(trouble, at: number)
            #expect(try mailing.complaints() == [], "\(trouble) at \(number)")
            if !hasCome { break }
            steps = number
        }
        #expect((40..<500).contains(steps), "\(steps)")
    }

    @Test("lines are read back as they were, and others are none")
    func lines() throws {
        let at = Instant("2026-12-07T08:00:00Z")!
        let lines: [RecipientLine] = [
            .begun(row: 1, address: "ann@example.org"), .handed(row: 1), .notSent(row: 20),
            .result(row: 3, .accepted, at: at, reason: "250 2.0.0 Ok"), .result(row: 4, .unknown, at: at, reason: nil),
            .leftOut(row: 5, .invalid, at: at, address: "no address", reason: "it has no @"),
            .leftOut(row: 6, .repeated, at: at, address: "ann@example.org", reason: nil),
        ]
        for line in lines { #expect(RecipientLine(line.bytes.dropLast()) == line) }
        let told = RecipientLine.leftOut(
            row: 1, .invalid, at: at, address: "a\tb\nc", reason: String(repeating: "é", count: 999))
        #expect(told.bytes.count <= RecipientLine.maximumBytes)
        #expect(told.bytes.dropLast().contains(UInt8(ascii: "\n")) == false)
        let others = ["", "a", "b\t0\tx", "b\tx\tx", "h\t1\t2", "z\t1\t2", "a\t1\tx", "a\t1", "i\t1\t2", "b\t1\tx\tx"]
        for text in others {
            #expect(RecipientLine(Array(text.utf8)[...]) == nil, "\(text)")
        }
    }

    @Test("a table of many addresses knows each of them and no other", arguments: [false, true])
    func table(isReserved: Bool) {
        var table = RecipientTable()
        if isReserved { table.reserve(50_000) }
        for number in 0..<50_000 { table["person\(number)@example.org"] = UInt16(number % 7) }
        #expect(table.count == 50_000)
        for number in 0..<50_000 { #expect(table["person\(number)@example.org"] == UInt16(number % 7)) }
        for number in 50_000..<60_000 { #expect(table["person\(number)@example.org"] == nil) }
    }

    @Test("a file of another program is no results, and what follows damage is not believed")
    func damage() throws {
        let mailing = Mailing(seed: 9)
        _ = mailing.run(.kill, at: 1_000)
        let disk = mailing.machine.process()
        let folder = try #require(try mailing.folder(on: disk))
        let path = folder.path(1, .recipients)
        let whole = try #require(try disk.read(path, limit: 100_000))
        for cut in stride(from: 0, to: whole.count, by: 7) {
            try disk.unlink(path)
            let file = try disk.create(path)
            try file.write(Array(whole[..<cut]) + [0, 0, 0])
            var seen: [String: Int] = [:]
            let history = try RecipientHistory(of: folder, boot: "boot1")
            try history.results { result in
                if !result.state.isOfLine { seen[result.address, default: 0] += 1 }
                return true
            }
            #expect(seen.values.allSatisfy { $0 == 1 }, "cut at \(cut): \(seen)")
        }
    }
}

/// Sends to a list of ten as a driver does, attempt after attempt, until one comes to its end.
private final class Mailing {
    let machine: SimulatedMachine
    private let breaker: Breaker
    private var delivered: [String: Int] = [:]
    private var tries: [String: Int] = [:]
    private var boot = 1
    private var isDone = false
    private var trouble: Breaker.Trouble?

    /// Refused for good, refused for now at first, and what is no address.
    private static let list = [
        "ann@example.org", "bob@example.org", "ANN@example.org", "refused@example.org", "later@example.org",
        "no address", "eve@example.org", "gone@example.org", "zoe@example.org", "going@example.org",
    ]
    /// Want no mail: one from the beginning, one once the batch was begun, one that was put off before.
    private static let suppressed: Set = ["gone@example.org", "going@example.org", "zoe@example.org"]
    private static let valid = Set(list.filter { $0.contains("@") }.map { $0.lowercased() })
    private static let now = Instant(secondsSinceEpoch: Bench.start)
    private static let content = MessageContent(
        subject: nil, text: "Hi", html: nil, file: MessageFile(name: "m.txt", bytes: [72, 105]))

    private struct Dead: Error {}

    init(seed: UInt64) {
        machine = SimulatedMachine(seed: seed, now: Bench.start)
        breaker = Breaker(machine)
    }

    func folder(on disk: SimulatedDisk) throws -> KeyFolder? {
        try StateDirectory(path: SimulatedMachine.statePath, disk: disk).folder(of: Sample.key)
    }

    /// - Returns: whether the trouble came.
    func run(_ trouble: Breaker.Trouble, at step: Int) -> Bool {
        self.trouble = trouble
        var hasCome = false
        for number in 1...9 where !isDone {
            let disk = machine.process()
            if number == 1 { breaker.arm(trouble, at: step, of: disk.processID) }
            try? attempt(number, disk)
            if number == 1 {
                hasCome = breaker.disarm().hasCome
                if hasCome, case .powerCut = trouble { boot += 1 }
            }
            machine.isFull = false
            machine.isBroken = false
            disk.kill()
        }
        return hasCome
    }

    private func attempt(_ number: Int, _ disk: SimulatedDisk) throws {
        let folder = try StateDirectory(path: SimulatedMachine.statePath, disk: disk).makeFolder(of: Sample.key)
        let accepted = try AcceptedAttempt.make(number, in: folder, message: Self.content)
        let log = try RecipientLog(of: accepted, boot: "boot\(boot)")
        repeat {
            log.beginPass()
            var batch: [(row: Int, address: String)] = []
            for (row, address) in zip(1..., Self.list) {
                if !address.contains("@") {
                    log.leaveOut(row, .invalid, address, reason: "it has no @", at: Self.now)
                    continue
                }
                switch log.judge(address) {
                case .send where address == "gone@example.org":
                    log.suppress(row, address, reason: "asked to", at: Self.now)
                case .send: batch.append((row, address))
                case .settled: continue
                case .repeated: log.leaveOut(row, .repeated, address, reason: nil, at: Self.now)
                }
                if batch.count == 2 {
                    try send(batch, log, disk)
                    batch = []
                }
            }
            if !batch.isEmpty { try send(batch, log, disk) }
        } while log.counts[.temporary, default: 0] > 0
        try log.close()
        isDone = true
    }

    private func send(_ batch: [(row: Int, address: String)], _ log: RecipientLog, _ disk: SimulatedDisk) throws {
        try log.begin(batch)
        for (row, address) in batch {
            let wantsNone = address == "going@example.org"
                || (address == "zoe@example.org" && tries[address, default: 0] > 0)
            if wantsNone {
                log.suppress(row, address, reason: nil, at: Self.now)
                continue
            }
            try log.hand([row])
            breaker.step("deliver", by: disk.processID)
            guard disk.isAlive else { throw Dead() }
            tries[address, default: 0] += 1
            switch address {
            case "refused@example.org": log.note(row, .refused, reason: "550 no", at: Self.now)
            case "zoe@example.org": log.note(row, .temporary, reason: "451", at: Self.now)
            case "later@example.org" where tries[address] == 1: log.note(row, .temporary, reason: "451", at: Self.now)
            default:
                delivered[address.lowercased(), default: 0] += 1
                log.note(row, .accepted, reason: "250", at: Self.now)
            }
            try log.flush()
        }
    }

    /// What is wrong in the end, a sentence each.
    func complaints() throws -> [String] {
        var found: [String] = []
        if !isDone { found.append("it never came to its end") }
        for (address, count) in delivered where count > 1 { found.append("\(address) got \(count)") }
        guard let folder = try folder(on: machine.process()) else { return found + ["there is no folder"] }
        var results: [String: RecipientState] = [:]
        var left: [RecipientState: Int] = [:]
        try RecipientHistory(of: folder, boot: "boot\(boot)").results { result in
            if result.state.isOfLine {
                left[result.state, default: 0] += 1
            } else if results.updateValue(result.state, forKey: result.address.lowercased()) != nil {
                found.append("\(result.address) is told twice")
            }
            return true
        }
        if Set(results.keys) != Self.valid { found.append("told are \(results.keys.sorted())") }
        if results.values.contains(.temporary) { found.append("one is still to come") }
        for address in Self.suppressed where results[address] != .suppressed && results[address] != .unknown {
            found.append("\(address) is \(results[address].map(\.rawValue) ?? "-")")
        }
        if delivered.keys.contains(where: Self.suppressed.contains) { found.append("who wants no mail got some") }
        for (address, state) in results {
            let isRight = delivered[address] == nil ? state != .accepted : state == .accepted || state == .unknown
            if !isRight { found.append("\(address) is \(state), delivered: \(delivered[address] ?? 0)") }
        }
        // Of what was only written a power cut may have taken the last lines, but none that was told as an end.
        if left[.invalid] != 1 || left[.repeated] != 1 { found.append("left out are \(left)") }
        let unknown = results.values.filter { $0 == .unknown }.count
        let most = if case .powerCut = trouble { 2 } else { 1 }
        if unknown > most { found.append("\(unknown) are unknown") }
        return found
    }
}
