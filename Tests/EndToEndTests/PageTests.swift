import Testing

/// What people may expect of the page on which campaigns are managed: a sentence each, through campaignctl, with a
/// clock that the test moves.
@Suite("The page on managing campaigns", .timeLimit(.minutes(10)))
struct PageTests {
    @Test("campaigns are draft, activating, active, scheduled, stopped, completed or archived")
    func statuses() async throws { try await Scenario.run("page_list", "statuses") }

    @Test("the list shows drafts, scheduled, activating and active campaigns, and a filter brings the others")
    func list() async throws { try await Scenario.run("page_list", "shown") }

    @Test("the list filters by type, channel and tags, alone and together, with search, sort and limit")
    func filters() async throws { try await Scenario.run("page_list", "filters") }

    @Test("an active or scheduled campaign with a newer draft is marked; a step opens the draft, another the live one")
    func drafts() async throws { try await Scenario.run("page_marks", "drafts") }

    @Test("a warning beside the status opens its details, and goes with its cause or when a person has seen it")
    func warnings() async throws { try await Scenario.run("page_marks", "warnings") }

    @Test("a recurring campaign can be modified: a new version, whose activation replaces the live one")
    func modified() async throws { try await Scenario.run("page_versions", "modified") }

    @Test("a recurring campaign can be stopped: the send in progress goes on, planned and later ones do not")
    func stopped() async throws { try await Scenario.run("page_stop", "stopped") }

    @Test("an active campaign, one-shot or recurring, can be duplicated")
    func duplicated() async throws { try await Scenario.run("page_archive", "duplicated") }

    @Test("completed and stopped campaigns can be archived and found again; drafts that never began can be deleted")
    func archived() async throws { try await Scenario.run("page_archive", "archived") }

    @Test("a one-shot campaign completes 3 days after its activation, whatever the clocks do meanwhile")
    func threeDays() async throws { try await Scenario.run("page_completion", "three_days") }

    @Test("a recurring campaign completes at its end, on both sides of a change of the clocks and on its day")
    func end() async throws { try await Scenario.run("page_completion", "at_its_end") }

    @Test("inbound campaigns can be stopped and resumed: what falls due in a pause is one skipped record")
    func inbound() async throws { try await Scenario.run("page_inbound", "paused") }

    @Test("a message that is published while a send runs or waits is the next send's, and not that one's")
    func revisions() async throws { try await Scenario.run("page_versions", "revisions") }

    @Test("a planned campaign can be unscheduled: a draft again, of which nothing runs by itself")
    func unscheduled() async throws { try await Scenario.run("page_versions", "unscheduled") }
}
