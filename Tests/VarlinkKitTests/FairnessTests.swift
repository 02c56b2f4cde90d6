import NIOCore
import NIOEmbedded
import Testing

@testable import VarlinkKit

@Suite("What one user may take from the others")
struct FairnessTests {
    @Test("a user who comes too often waits for the next second; others, and those with reserved places, do not")
    func arrivals() {
        func peer(_ uid: UInt32) -> VarlinkPeer { VarlinkPeer(pid: 1, uid: uid, gid: uid) }
        var arrivals = VarlinkArrivals(limit: 2)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        for second in 0..<2 {
            let now = start + .seconds(Int64(second))
            var taken: [Bool] = []
            for _ in 0..<4 { taken.append(arrivals.takes(peer(1), keepsPlace: false, at: now)) }
            taken.append(arrivals.takes(peer(2), keepsPlace: false, at: now))
            taken.append(arrivals.takes(peer(1), keepsPlace: false, at: now + .milliseconds(999)))
            for uid: UInt32 in [0, 0, 0, 0, 0, 1] {
                taken.append(arrivals.takes(peer(uid), keepsPlace: true, at: now))
            }
            #expect(taken == [true, true, false, false, true, false] + Array(repeating: true, count: 6))
        }
    }

    /// Turns that note whose they were, in their order.
    private final class Fixture {
        let loop = EmbeddedEventLoop()
        let turns: VarlinkTurns
        var begun: [String] = []
        var running: [String: VarlinkTurn] = [:]

        init() {
            turns = VarlinkTurns(eventLoop: loop, limit: 2, time: .milliseconds(100))
        }

        func take(_ uid: UInt32, _ names: String...) {
            for name in names {
                turns.take(for: uid) { turn in
                    self.begun.append(name)
                    self.running[name] = turn
                }
            }
        }
    }

    @Test("of one user only so many calls are served at once, the others in the order in which they came")
    func turns() {
        let fixture = Fixture()
        fixture.take(1, "a", "b", "c", "d")
        fixture.take(2, "x")
        #expect(fixture.begun == ["a", "b", "x"])
        fixture.running["x"]?.end()
        #expect(fixture.begun == ["a", "b", "x"])
        // Twice is once.
        for _ in 0..<2 { fixture.running["b"]?.end() }
        #expect(fixture.begun == ["a", "b", "x", "c"])
        for name in ["c", "a"] { fixture.running[name]?.end() }
        #expect(fixture.begun == ["a", "b", "x", "c", "d"])
        fixture.take(1, "e", "f")
        #expect(fixture.begun == ["a", "b", "x", "c", "d", "e"])
    }

    @Test("a turn passes on after its time, and once only")
    func longTurns() {
        let fixture = Fixture()
        fixture.take(1, "a", "b", "c", "d", "e")
        fixture.loop.advanceTime(by: .milliseconds(99))
        #expect(fixture.begun == ["a", "b"])
        fixture.loop.advanceTime(by: .milliseconds(1))
        #expect(fixture.begun == ["a", "b", "c", "d"])
        for name in ["a", "b"] { fixture.running[name]?.end() }
        #expect(fixture.begun == ["a", "b", "c", "d"])
        fixture.running["d"]?.end()
        #expect(fixture.begun == ["a", "b", "c", "d", "e"])
    }

    @Test("who comes when all turns have lasted too long begins at once")
    func overdueTurns() {
        let fixture = Fixture()
        fixture.take(1, "a", "b")
        fixture.loop.advanceTime(by: .milliseconds(150))
        fixture.take(1, "c", "d", "e")
        fixture.loop.run()
        #expect(fixture.begun == ["a", "b", "c", "d"])
        for name in ["a", "b"] { fixture.running[name]?.end() }
        #expect(fixture.begun == ["a", "b", "c", "d"])
        fixture.running["c"]?.end()
        #expect(fixture.begun == ["a", "b", "c", "d", "e"])
    }
}
