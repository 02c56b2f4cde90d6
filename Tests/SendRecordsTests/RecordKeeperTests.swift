import CampaignModel
import SendProtocol
import SendRecords
import SimulatedDisk
import Testing

@Suite struct RecordKeeperTests {
    private let attempt = Sample.attempt()

    private func keeper(_ machine: SimulatedMachine) -> (RecordKeeper, RecordingPeer, PlannedDelivering) {
        let disk = machine.process()
        let peer = RecordingPeer(disk, step: { _ in }, look: { _ in })
        let state = StateDirectory(path: SimulatedMachine.statePath, disk: disk)
        return (
            RecordKeeper(state: state, peer: peer, complain: { _ in }, reach: { _ in }), peer,
            PlannedDelivering(Bench(seed: 0), disk, step: { _ in })
        )
    }

    @Test("to follow, to count and to sample are not for the records to answer")
    func others() {
        let (keeper, peer, delivering) = keeper(SimulatedMachine(seed: 0))
        let slug = Slug("subscribers")!
        for request in [SenderRequest.follow(attempt), .count(slug), .sample(slug, limit: 5)] {
            #expect(keeper.answer(request, through: delivering) == nil)
        }
        #expect(peer.answers == [])
    }

    @Test("a request that can't be read is recorded, and one whose attempt has no possible number is not")
    func refused() throws {
        let machine = SimulatedMachine(seed: 0)
        let (keeper, peer, delivering) = keeper(machine)
        #expect(keeper.refuse(attempt, reason: "bad", through: delivering) == .done)
        let impossible = Sample.attempt(ProtocolLimits.maximumAttempts + 1)
        #expect(keeper.refuse(impossible, reason: "bad", through: delivering) == .unusable)
        #expect(peer.answers == [.outcome(.failed(reason: "bad"), SendProgress()), .refused(reason: "bad")])
        let state = StateDirectory(path: SimulatedMachine.statePath, disk: machine.durable())
        #expect(try state.folder(of: attempt.key)?.reports().map(\.number) == [1])
    }

    @Test("an attempt that runs stands in the way of every other, and of forgetting")
    func running() {
        let bench = Bench(seed: 0)
        var answers: [[SenderAnswer]] = []
        bench.meanwhile = {
            bench.meanwhile = nil
            bench.machine.now += 90 * 86_400
            let owner = Slug("abcdefghijklmnop")!
            answers = [Sample.send(), Sample.send(2), .forget([owner], resultsBefore: nil)].map { bench.ask($0) }
        }
        bench.ask(Sample.send())
        let running = SenderAnswer.status(attempt, .running(SendProgress()))
        #expect(answers == [[running], [running], [.kept([Slug("abcdefghijklmnop")!])]])
        #expect(bench.begun == [attempt] && bench.complaints == [])
    }

    @Test("a query removes the files of a message whose sender died")
    func leftFiles() throws {
        let bench = Bench(seed: 0)
        let disk = bench.machine.process()
        bench.meanwhile = { disk.kill() }
        _ = bench.ask(Sample.send(), by: disk)
        let look = bench.machine.process()
        let state = StateDirectory(path: SimulatedMachine.statePath, disk: look)
        let folder = try #require(try state.folder(of: attempt.key))
        #expect(look.exists(folder.path(1, .work)))
        bench.ask(.query([attempt.key]))
        #expect(!look.exists(folder.path(1, .work)))
        #expect(try folder.status(of: 1) == bench.status(attempt))
    }
}
