import CampaignModel
import Recurrence
import SendProtocol
import SimulatedDisk
import Testing

@testable import SendRecords

/// What became of recipients goes when it is old, and with it every way to send to them again by a retry.
@Suite("Results of recipients that are old")
struct OldResultsTests {
    private static let owner = Slug("qrstuvwxyzabcdef")!

    /// A bench with an attempt that failed and has results.
    private func bench(seed: UInt64) throws -> Bench {
        let bench = Bench(seed: seed)
        bench.planned[1] = .failed(reason: "the relay is gone")
        bench.ask(Sample.send())
        let folder = try folder(bench)
        let file = try folder.disk.create(folder.path(1, .recipients))
        try file.write(RecipientFile.header(boot: "boot1"))
        try file.sync()
        try folder.sync()
        return bench
    }

    private func folder(_ bench: Bench) throws -> KeyFolder {
        let state = StateDirectory(path: SimulatedMachine.statePath, disk: bench.machine.process())
        return try #require(try state.folder(of: Sample.attempt().key))
    }

    private func forget(_ bench: Bench) -> SenderRequest {
        let days: Int64 = 90 * 86_400
        return .forget([Self.owner], resultsBefore: Instant(secondsSinceEpoch: bench.machine.now - days))
    }

    private func hasResults(_ bench: Bench) throws -> Bool {
        let folder = try folder(bench)
        return folder.disk.exists(folder.path(1, .recipients))
    }

    @Test("they stay until their day, and a retry goes on with them")
    func young() throws {
        let bench = try bench(seed: 1)
        bench.machine.now += 89 * 86_400
        #expect(bench.ask(forget(bench)) == [.kept([])])
        #expect(try hasResults(bench))
        #expect(bench.ask(Sample.send(2)).first == .accepted)
    }

    @Test("those of an attempt that runs stay, and those of the attempts before it")
    func running() throws {
        let bench = try bench(seed: 2)
        bench.machine.now += 365 * 86_400
        bench.meanwhile = { bench.ask(forget(bench)) }
        #expect(bench.ask(Sample.send(2)).first == .accepted)
        bench.meanwhile = nil
        #expect(try hasResults(bench))
    }

    @Test("whatever ends the process in place of any step, who got something is known or nobody is sent to",
        arguments: RecipientLogTests.troubles)
    func walk(trouble: Breaker.Trouble) throws {
        for number in 1...100 {
            let bench = try bench(seed: UInt64(number))
            bench.machine.now += 91 * 86_400
            let disk = bench.machine.process()
            bench.breaker.arm(trouble, at: number, of: disk.processID)
            _ = bench.ask(forget(bench), by: disk)
            let hasCome = bench.breaker.disarm().hasCome
            bench.machine.isFull = false
            bench.machine.isBroken = false
            #expect(try hasResults(bench) || folder(bench).hasLostResults(), "\(trouble) at \(number)")
            #expect(bench.ask(forget(bench)) == [.kept([])])
            #expect(try !hasResults(bench), "\(trouble) at \(number)")
            #expect(bench.ask(Sample.send(2)) == [
                .outcome(.failed(reason: RecordKeeper.lostResults), SendProgress())
            ])
            #expect(bench.begun == [Sample.attempt()] && bench.complaints == [])
            guard hasCome else {
                #expect(number > 5)
                return
            }
        }
        Issue.record("it does not end")
    }
}
