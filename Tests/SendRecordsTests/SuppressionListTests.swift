import CampaignModel
import Glibc
import Recurrence
import SimulatedDisk
import SystemdKit
import Testing

@testable import SendRecords

@Suite("The list of those who want no mail")
struct SuppressionListTests {
    private static let now = Instant(secondsSinceEpoch: Bench.start)
    private let machine = SimulatedMachine(seed: 5, now: Bench.start)

    private static func list(_ disk: SimulatedDisk) -> SuppressionList {
        StateDirectory(path: SimulatedMachine.statePath, disk: disk).suppressions
    }

    private static func entries(_ addresses: [String]) -> [Suppression] { addresses.map { Suppression(address: $0) } }

    private static func kept(_ disk: SimulatedDisk, _ addresses: [String] = []) throws -> [String] {
        var found: [String] = []
        try list(disk).read(addresses) { found.append($0.address); return true }
        return found
    }

    @discardableResult
    private func change(
        _ kind: SuppressionOrder.Kind, _ addresses: String..., isDryRun: Bool = false
    ) throws -> [Int] {
        let counts = try Self.list(machine.process()).change(
            kind, Self.entries(addresses), at: Self.now, isDryRun: isDryRun)
        return [counts.changed, counts.unchanged]
    }

    @Test("an address is added once and removed once, however it is written")
    func changes() throws {
        #expect(try change(.add, "ann@example.org", isDryRun: true) == [1, 0])
        #expect(try machine.process().names(in: SimulatedMachine.statePath) == [])
        #expect(try change(.remove, "ann@example.org") == [0, 1])
        #expect(try change(.add, "Ann@Example.org", "bob@example.org", "ANN@example.org") == [2, 1])
        #expect(try change(.add, "ann@example.org", "eve@example.org", isDryRun: true) == [1, 1])
        #expect(try change(.add, "ann@example.org") == [0, 1])
        #expect(try change(.remove, "ANN@EXAMPLE.ORG", "ann@example.org") == [1, 1])
        #expect(try Self.kept(machine.process()) == ["bob@example.org"])
        #expect(try change(.add, "ann@example.org") == [1, 0])
        #expect(try Self.kept(machine.process()) == ["bob@example.org", "ann@example.org"])
        #expect(try Self.kept(machine.process(), ["ANN@example.org", "nobody@example.org"]) == ["ann@example.org"])
    }

    @Test("reason and instant are kept, and an order's own before now")
    func values() throws {
        let entries = [
            Suppression(address: "ann@example.org", reason: "a\tb\u{1B}", at: Instant(secondsSinceEpoch: 7)),
            Suppression(address: "bob@example.org"),
        ]
        _ = try Self.list(machine.process()).change(.add, entries, at: Self.now, isDryRun: false)
        var found: [Suppression] = []
        try Self.list(machine.process()).read { found.append($0); return found.count < 2 }
        #expect(
            found == [
                Suppression(address: "ann@example.org", reason: "a\\u{9}b\\u{1B}", at: Instant(secondsSinceEpoch: 7)),
                Suppression(address: "bob@example.org", at: Self.now),
            ])
    }

    @Test("a send that goes on learns of each change, of a list that is made anew, and of nothing that is not whole")
    func reader() throws {
        let suppressed = Self.list(machine.process()).reader()
        try suppressed.refresh()
        #expect(!suppressed.contains("ann@example.org"))
        try change(.add, "ann@example.org")
        #expect(!suppressed.contains("ann@example.org"))
        try suppressed.refresh()
        #expect(suppressed.contains("ANN@example.org") && !suppressed.contains("bob@example.org"))
        try change(.remove, "ann@example.org")
        try suppressed.refresh()
        #expect(!suppressed.contains("ann@example.org"))

        // Half a line of somebody who was killed, which the next change cuts off: as long as what comes then.
        let whole = SuppressionLine.added(address: "eve@example.org", at: Self.now, reason: nil).bytes
        try append([UInt8](repeating: UInt8(ascii: "x"), count: whole.count))
        try suppressed.refresh()
        try change(.add, "eve@example.org")
        try suppressed.refresh()
        #expect(suppressed.contains("eve@example.org"))

        let many = (0..<600).map { "n\($0)@example.org" }
        for kind in [SuppressionOrder.Kind.add, .remove, .add] {
            _ = try Self.list(machine.process()).change(
                kind, Self.entries(many), at: Self.now, isDryRun: false)
            try suppressed.refresh()
            #expect(many.allSatisfy { suppressed.contains($0) == (kind == .add) })
        }
        let bytes = try #require(try machine.process().read(Self.path, limit: 1_000_000))
        #expect(bytes.split(separator: UInt8(ascii: "\n")).count == 602, "it was made anew before the last order")
        #expect(suppressed.contains("eve@example.org") && !suppressed.contains("ann@example.org"))
        #expect(try Self.kept(machine.process()).count == 601)
    }

    private static let path = SimulatedMachine.statePath + "/suppressed/list"

    private func append(_ bytes: [UInt8]) throws {
        let file = try #require(try machine.process().openToChange(Self.path))
        _ = try file.read(limit: 1_000_000)
        try file.write(bytes)
    }

    @Test("a list with a line that nobody has written, or that is gone, is one that can't be read")
    func damage() throws {
        try change(.add, "ann@example.org")
        let suppressed = Self.list(machine.process()).reader()
        try suppressed.refresh()
        try append([0, 0, 0, UInt8(ascii: "x"), UInt8(ascii: "\n")])
        try change(.add, "bob@example.org")
        try suppressed.refresh()
        #expect(suppressed.contains("bob@example.org"), "what was never written is passed over")
        try append(Array("+\tx\tann@example.org\t\n".utf8))
        let fault = SuppressionFault.damaged(path: Self.path, line: 5)
        for _ in 1...2 { #expect(throws: fault) { try suppressed.refresh() } }
        #expect(throws: fault) { try Self.list(machine.process()).reader().refresh() }
        #expect(throws: fault) { try change(.add, "eve@example.org") }
        #expect(throws: fault) { try Self.kept(machine.process()) }
        try machine.process().unlink(Self.path)
        #expect(throws: SuppressionFault.gone(path: Self.path)) { try suppressed.refresh() }
    }

    @Test("lines are read back as they were, and others are none")
    func lines() throws {
        let lines: [SuppressionLine] = [
            .added(address: "ann@example.org", at: Self.now, reason: "asked to"),
            .added(address: "ann@example.org", at: Self.now, reason: nil),
            .removed(address: "ann@example.org", at: Self.now),
        ]
        for line in lines { #expect(SuppressionLine(line.bytes.dropLast()) == line) }
        let others = [
            "", "+", "+\t", "+\t1", "+\t1\ta", "+\t1\t\t", "+\tx\ta\t", "+\t1\ta\tb\tc", "-\t1\ta\t", "?\t1\ta",
        ]
        for text in others {
            #expect(SuppressionLine(Array(text.utf8)[...]) == nil, "\(text)")
        }
    }

    @Test("whatever ends a change, in place of any step: what was told is so, and asked again it is done",
        arguments: RecipientLogTests.troubles, [UInt64(1), 2, 3])
    func walk(trouble: Breaker.Trouble, seed: UInt64) throws {
        var steps = 0
        for number in 1...500 {
            let changes = ListChanges(seed: seed &+ UInt64(number) << 32)
            let hasCome = try changes.run(trouble, at: number)
            #expect(changes.complaints == [], "\(trouble) at \(number)")
            if !hasCome { break }
            steps = number
        }
        #expect((20..<500).contains(steps), "\(steps)")
    }
}

/// Makes changes one after the other, each by a process of its own, and each again until it is told that it is done.
private final class ListChanges {
    private let machine: SimulatedMachine
    private let breaker: Breaker
    private(set) var complaints: [String] = []

    private static let many = (0..<501).map { "n\($0)@example.org" }
    /// The last ones have the list made anew.
    private static let orders: [(SuppressionOrder.Kind, [String])] = [
        (.add, ["ann@example.org", "bob@example.org"]), (.remove, ["ann@example.org"]),
        (.add, ["eve@example.org"]), (.add, many), (.remove, many), (.add, ["ann@example.org"]),
    ]

    init(seed: UInt64) {
        machine = SimulatedMachine(seed: seed, now: Bench.start)
        breaker = Breaker(machine)
    }

    private func kept(_ disk: SimulatedDisk) throws -> Set<String> {
        var kept: Set<String> = []
        try StateDirectory(path: SimulatedMachine.statePath, disk: disk).suppressions.read { entry in
            if !kept.insert(entry.address).inserted { complaints.append("\(entry.address) comes twice") }
            return true
        }
        return kept
    }

    /// - Returns: whether the trouble came.
    func run(_ trouble: Breaker.Trouble, at step: Int) throws -> Bool {
        var expected: Set<String> = []
        var left = step
        var hasCome = false
        for (kind, addresses) in Self.orders {
            let before = expected
            if kind == .add { expected.formUnion(addresses) } else { expected.subtract(addresses) }
            let disk = machine.process()
            if !hasCome { breaker.arm(trouble, at: left, of: disk.processID) }
            let isDone = (try? change(kind, addresses, disk)) != nil
            if !hasCome {
                let (steps, came) = breaker.disarm()
                left -= steps.count
                hasCome = came
            }
            machine.isFull = false
            machine.isBroken = false
            disk.kill()
            if !isDone {
                // Something of it may be done; nothing else is.
                let between = try kept(machine.process())
                if !between.subtracting(expected.union(before)).isEmpty || !expected.intersection(before)
                    .subtracting(between).isEmpty { complaints.append("left is \(between.count)") }
                try change(kind, addresses, machine.process())
            }
            if try kept(machine.durable()) != expected { complaints.append("\(kind): told, and it may be lost") }
            if try kept(machine.process()) != expected { complaints.append("\(kind): told, and it is not so") }
        }
        return hasCome
    }

    private func change(_ kind: SuppressionOrder.Kind, _ addresses: [String], _ disk: SimulatedDisk) throws {
        _ = try StateDirectory(path: SimulatedMachine.statePath, disk: disk).suppressions.change(
            kind, addresses.map { Suppression(address: $0) }, at: Instant(secondsSinceEpoch: Bench.start),
            isDryRun: false)
    }
}
