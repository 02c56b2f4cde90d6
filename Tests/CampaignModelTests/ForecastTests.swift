import CampaignModel
import Recurrence
import Testing

/// How long sends take, and whether that is in time.
struct ForecastTests {
    private static func rules(_ rate: String?, timeout: Duration = .seconds(72 * 3_600)) -> Rules {
        var rules = Rules.sample
        rules.catalogue.surfaces["newsletter"] = Surface(
            name: "newsletter", channel: "email", rate: rate.flatMap { MailRate($0) }, timeout: timeout)
        return rules
    }

    private static func draft(
        _ content: CampaignContent, _ recipients: Int, _ rate: String?, timeout: Duration = .seconds(72 * 3_600)
    ) throws -> Story {
        var story = try Story(content, at: "2026-12-01T08:00:00Z")
        story.rules = rules(rate, timeout: timeout)
        story.state.countedAudience = CountedAudience("subscribers", .counted(recipients))
        return story
    }

    private func found(_ story: Story) -> [Alert] {
        Lifecycle.checks(of: story.state, at: story.now, under: story.rules).filter { $0.code == .endsTooLate }
    }

    private func forecast(_ story: Story) -> Forecast? {
        Lifecycle.forecast(of: story.state, at: story.now, under: story.rules)
    }

    @Test(
        "a send takes as long as the rate says, rounded up, and no longer than can be told",
        arguments: [
            (0, "10/s", 0), (1, "10/s", 1), (12_000, "10/s", 1_200), (12_001, "10/s", 1_201), (1_000, "500/m", 120),
            (1_000_000, "36000/h", 100_000), (1, "1/d", 86_400), (Int.max, "1/d", 3_162_240_000),
        ] as [(Int, String, Int64)])
    func seconds(recipients: Int, rate: String, seconds: Int64) throws {
        let forecast = Forecast(recipients: recipients, rate: MailRate(rate), startsAt: .latest)
        #expect(forecast.seconds == seconds)
        #expect(forecast.endsAt == .latest)
    }

    @Test("of a draft as if it were activated now, of one in force its next occurrence, of a triggered one no start")
    func starts() throws {
        var story = try Self.draft(.daily("2026-12-07T09:00"), 12_000, "10/s")
        let rate = try #require(MailRate("10/s"))
        let first = Forecast(recipients: 12_000, rate: rate, startsAt: try instant("2026-12-07T08:00:00Z"))
        #expect(forecast(story) == first)
        #expect(first.endsAt == (try instant("2026-12-07T08:20:00Z")))
        try story.perform(.activate)
        #expect(forecast(story) == first)
        let now = try Self.draft(.oneShot(nil), 5, "10/s")
        #expect(forecast(now)?.startsAt == now.now)
        let triggered = try Self.draft(.triggered(), 5, "10/s")
        #expect(forecast(triggered) == Forecast(recipients: 5, rate: rate, startsAt: nil))
        #expect(forecast(triggered)?.endsAt == nil)
    }

    @Test("without a rate only the number is known, without a count nothing")
    func unknown() throws {
        var story = try Self.draft(.oneShot("2026-12-07T09:00"), 5, nil)
        #expect(forecast(story)?.recipients == 5)
        #expect(forecast(story)?.seconds == nil)
        #expect(found(story).isEmpty)
        for count in [AudienceCount.onlyTheSurfaceKnows, .failed("no such file")] {
            story.state.countedAudience = CountedAudience("subscribers", count)
            #expect(forecast(story) == nil)
        }
        story.state.countedAudience = nil
        #expect(forecast(story) == nil)
    }

    @Test("longer than the surface's timeout is too late, as long as it is not")
    func timeout() throws {
        let timeout = Duration.seconds(1_200)
        #expect(found(try Self.draft(.oneShot("2026-12-07T09:00"), 12_000, "10/s", timeout: timeout)).isEmpty)
        for content in [try CampaignContent.oneShot("2026-12-07T09:00"), try .triggered()] {
            let alert = try #require(found(try Self.draft(content, 12_010, "10/s", timeout: timeout)).first)
            #expect(alert.field == "surface")
            #expect(alert.severity == .warning)
            #expect(
                alert.text
                    == "12010 recipients at 10/s take about 20 min, longer than the timeout of surface newsletter, "
                    + "20m, which ends it; give the surface a higher rate, more connections or a longer timeout, or "
                    + "send to a smaller list")
        }
    }

    @Test("longer than until the next occurrence is too late where that has to wait")
    func next() throws {
        let recipients = 30 * 3_600
        let daily = try Self.draft(.daily("2026-12-07T09:00"), recipients, "1/s")
        let alert = try #require(found(daily).first)
        #expect(alert.field == "schedule")
        #expect(
            alert.text
                == "108000 recipients at 1/s take about 30 h, longer than the time to the next occurrence, "
                + "2026-12-08 09:00 Europe/Paris; give the surface a higher rate or more connections, send to a "
                + "smaller list, or let it occur less often")
        #expect(!found(try Self.draft(.daily("2026-12-07T09:00") { $0.overlap = "skip" }, recipients, "1/s")).isEmpty)
        #expect(found(try Self.draft(.daily("2026-12-07T09:00") { $0.overlap = "allow" }, recipients, "1/s")).isEmpty)
        #expect(found(try Self.draft(.oneShot("2026-12-07T09:00"), recipients, "1/s")).isEmpty)
        #expect(found(try Self.draft(.daily("2026-12-07T09:00"), 24 * 3_600, "1/s")).isEmpty)
        // The first has days, a later one has not.
        let uneven = try CampaignContent.daily("2026-12-09T09:00") {
            $0.schedule?.every = nil
            $0.schedule?.rrule = "FREQ=WEEKLY;BYDAY=MO,WE,TH"
        }
        #expect(found(try Self.draft(uneven, recipients, "1/s")).first?.text.contains("2026-12-10 09:00") == true)
        // The timeout is nearer.
        let both = try Self.draft(.daily("2026-12-07T09:00"), recipients, "1/s", timeout: .seconds(3_600))
        #expect(found(both).map(\.field) == ["surface"])
    }

    @Test("what the count said stands until it is counted again, and through the turns of time")
    func stands() throws {
        var story = try Self.draft(.oneShot("2026-12-07T09:00"), 10_000, "1/s", timeout: .seconds(3_600))
        try story.perform(.activate)
        #expect(story.alerts == [.endsTooLate])
        story.state.countedAudience = nil
        try story.tick(at: "2026-12-02T08:00:00Z")
        #expect(story.alerts == [.endsTooLate])
        story.count(3_600)
        #expect(story.alerts.isEmpty)
        story.count(3_601)
        #expect(story.alerts == [.endsTooLate])
        try story.perform(.unschedule)
        #expect(story.alerts.isEmpty)
        #expect(story.faults.isEmpty)
    }

    // MARK: Pace

    /// A send that runs since 09:00 in Paris.
    private static func running(
        _ content: CampaignContent, _ rate: String? = nil, timeout: Duration = .seconds(3_600)
    ) throws -> (story: Story, key: OccurrenceKey) {
        var story = try Story.activated(content, at: "2026-12-01T08:00:00Z")
        story.rules = rules(rate, timeout: timeout)
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        try story.run(key)
        return (story, key)
    }

    @Test("a send that would outlast its timeout is told until its pace leaves a tenth of the time to spare")
    func pace() throws {
        var (story, key) = try Self.running(.oneShot("2026-12-07T09:00"))
        story.tick(after: 600)
        story.pace([key: 3_000])
        #expect(story.alerts.isEmpty)
        story.pace([key: 3_001])
        let alert = try #require(story.campaign.alerts.first)
        #expect(story.alerts == [.endsTooLate])
        #expect(alert.field == "surface")
        #expect(alert.text.hasPrefix("at its pace a send takes longer than the timeout of surface newsletter, 1h, "))
        let revision = story.campaign.revision
        story.pace([key: 2_900])
        story.pace([:])
        #expect(story.campaign.revision == revision, "nothing is new")
        #expect(story.alerts == [.endsTooLate])
        story.pace([key: 2_700])
        #expect(story.alerts.isEmpty)
        #expect(story.faults.isEmpty)
    }

    @Test("a send that would outlast the time to the next occurrence, also once that is due")
    func paceToNext() throws {
        var (story, key) = try Self.running(.daily("2026-12-07T09:00"), timeout: .seconds(72 * 3_600))
        story.pace([key: 86_400])
        #expect(story.alerts == [.noEnd])
        story.pace([key: 86_401])
        #expect(story.campaign.alerts.last?.field == "schedule")
        try story.tick(at: "2026-12-08T08:00:00Z")
        story.pace([key: 10])
        let alert = try #require(story.campaign.alerts.first { $0.code == .endsTooLate })
        #expect(alert.text.contains("2026-12-08 09:00"))
        try story.end(key, .sent)
        #expect(story.alerts == [.noEnd])
    }

    @Test("a paused campaign has no next occurrence, and one that is stopped still has a timeout")
    func held() throws {
        var (story, key) = try Self.running(.daily("2026-12-07T09:00"), timeout: .seconds(172_800))
        try story.perform(.pause)
        story.pace([key: 100_000])
        #expect(!story.alerts.contains(.endsTooLate))
        try story.perform(.resume)
        story.pace([key: 100_000])
        #expect(story.alerts.contains(.endsTooLate))
        try story.perform(.stop)
        #expect(story.alerts == [.endsTooLate], "what is being sent goes on")
        story.pace([key: 100_000])
        #expect(story.alerts.isEmpty)
        story.pace([key: 172_801])
        #expect(story.alerts == [.endsTooLate])
        try story.end(key, .sent)
        #expect(story.alerts.isEmpty)
        #expect(story.faults.isEmpty)
    }

    @Test("the end of the send ends it, whoever said it; one of two that are being sent leaves it")
    func ends() throws {
        var story = try Self.draft(.oneShot("2026-12-07T09:00"), 10_000, "1/s", timeout: .seconds(3_600))
        try story.perform(.activate)
        story.state.countedAudience = nil
        try story.tick(at: "2026-12-07T08:00:00Z")
        let key = try story.only.key
        #expect(story.alerts == [.endsTooLate], "the count's")
        try story.run(key)
        story.count(5)
        #expect(story.alerts == [.endsTooLate], "how it goes counts for more than another count")
        story.pace([key: 5_000])
        try story.end(key, .failed(reason: "gone"))
        #expect(story.alerts == [.sendFailed])

        let beside = try CampaignContent.daily("2026-12-07T09:00") { $0.overlap = "allow" }
        var (two, first) = try Self.running(beside, timeout: .seconds(200_000))
        try two.tick(at: "2026-12-08T08:00:00Z")
        let second = try #require(two.all.last?.key)
        try two.run(second)
        two.pace([first: 150_000, second: 10])
        #expect(two.alerts.contains(.endsTooLate))
        try two.end(second, .sent)
        #expect(two.alerts.contains(.endsTooLate))
        try two.end(first, .sent)
        #expect(two.alerts == [.noEnd])
    }

    @Test("a send that waits for its next attempt is judged by nothing, and its timeout begins anew")
    func attempts() throws {
        var (story, key) = try Self.running(.oneShot("2026-12-07T09:00"))
        try story.end(key, .temporary(reason: "busy", retryAfterSeconds: nil))
        story.pace([key: 10_000])
        #expect(story.alerts.isEmpty)
        story.tick(after: 3_000)
        try story.run(key)
        story.pace([key: 3_600])
        #expect(story.alerts.isEmpty)
        story.pace([key: 3_601])
        #expect(story.alerts == [.endsTooLate])
    }
}
