import Testing

/// `retry`, proofs and tests of surfaces, `watch`, and what the sender forgets.
@Suite("What people do with sends", .timeLimit(.minutes(10)))
struct SendVerbScenarioTests {
    // MARK: retry

    @Test("what failed, was interrupted or cancelled is tried again under its key, with the next attempt number")
    func again() async throws { try await Scenario.run("retry", "again") }

    @Test("what was sent, has not ended or never began is not tried again, nor what is of a campaign that has ended")
    func refused() async throws { try await Scenario.run("retry", "refused") }

    @Test("several are tried again each by itself, and the first one that fails gives the exit status")
    func several() async throws { try await Scenario.run("retry", "several") }

    @Test("a dry run of a retry changes nothing")
    func looked() async throws { try await Scenario.run("retry", "looked") }

    @Test("a retry that was answered is done, and one whose answer was lost is done once, over kills of the daemon")
    func durable() async throws { try await Scenario.run("retry", "durable") }

    @Test("a retry stands in line behind what runs, as its campaign's overlap says")
    func inLine() async throws { try await Scenario.run("retry", "in_line") }

    @Test("a stop that waits for the sender is not overtaken by a retry")
    func stopping() async throws { try await Scenario.run("retry", "stopping") }

    @Test("the alert of a failed send counts the failures that follow, until a person has seen it")
    func counted() async throws { try await Scenario.run("retry", "counted") }

    // MARK: Proofs and tests

    @Test("a proof shows a draft with its message's newest revision, to one address that is told to nobody")
    func draft() async throws { try await Scenario.run("proofs", "draft") }

    @Test("a proof of a campaign in force shows its newer draft, else what is live, and changes nothing of it")
    func newer() async throws { try await Scenario.run("proofs", "newer") }

    @Test("the same request is the same proof, while it runs, later, and after a kill of the daemon")
    func sameProof() async throws { try await Scenario.run("proofs", "again") }

    @Test("a proof that does not arrive says why, raises no alert and is not tried again")
    func failingProof() async throws { try await Scenario.run("proofs", "failing") }

    @Test("a proof that can't be sent is refused with what is missing for it")
    func refusedProof() async throws { try await Scenario.run("proofs", "refused") }

    @Test("a surface is tested with a message of the daemon's, by a file that nobody else can have written")
    func surface() async throws { try await Scenario.run("proofs", "surface") }

    @Test("a fault in one file of surfaces.d keeps the whole configuration as it was")
    func reloaded() async throws { try await Scenario.run("proofs", "reloaded") }

    // MARK: watch

    @Test("each change of a send that is watched is a line, with rate and forecast once they can be known")
    func lines() async throws { try await Scenario.run("watching", "lines") }

    @Test("a watch goes on over restarts and kills of the daemon")
    func overRestarts() async throws { try await Scenario.run("watching", "over_restarts") }

    @Test("a watch on a terminal draws in place, and leaves it as it was")
    func terminal() async throws { try await Scenario.run("watching", "terminal") }

    // MARK: Retention

    @Test("what the sender keeps goes when no ledger can need it any more, and not before")
    func kept() async throws { try await Scenario.run("retention") }
}
