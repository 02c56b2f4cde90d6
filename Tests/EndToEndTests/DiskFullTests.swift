import Testing

/// A file system without room, one walk a part of the work: each number of pages is left free in turn, so that each
/// write is once the first to fail (each eighth number, unless `CAMPAIGND_DISK_STEP` says otherwise).
@Suite("A full disk", .timeLimit(.minutes(10)))
struct DiskFullTests {
    @Test("the ledger's, when a send falls due, begins and ends: sent once, and an alert stands until there is room")
    func sends() async throws { try await Scenario.run("disk_full", "sends") }

    @Test("the ledger's, when people command: what was answered is done, what was refused is not")
    func commands() async throws { try await Scenario.run("disk_full", "commands") }

    @Test("the ledger's, when its log has to be brought into its file: nothing of it is lost")
    func log() async throws { try await Scenario.run("disk_full", "log") }

    @Test("the ledger's, over a stop and a start that can't write: it goes on when there is room")
    func restart() async throws { try await Scenario.run("disk_full", "restart") }

    @Test("the sender's, when it makes its record: it begins nothing, or tells all of it")
    func records() async throws { try await Scenario.run("disk_full", "records") }
}
