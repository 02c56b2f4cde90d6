import CampaignModel
import ControlAPI
import Recurrence

/// Campaigns and the like as tests need them.
enum Sample {
    static let instant = Instant("2026-12-07T08:00:00Z")!
    static let id = CampaignID("abcdefghijklmnopqrstuvwx23")!

    static func definition(_ name: String) -> CampaignDefinition {
        var definition = CampaignDefinition()
        definition.name = name
        definition.title = "Soldes d’été 🎉"
        definition.channel = "email"
        definition.surface = "newsletter"
        definition.message = "spring-2026"
        definition.audience = "subscribers"
        definition.tags = ["spring", "fr"]
        var schedule = ScheduleDefinition()
        schedule.start = "2026-12-07T09:00"
        schedule.timezone = "Europe/Paris"
        definition.schedule = schedule
        return definition
    }

    /// A draft that was never activated.
    static func campaign(_ definition: CampaignDefinition) throws -> CampaignView {
        let version = Version(number: 1, content: try CampaignContent(definition), sourceText: nil)
        let campaign = Campaign(
            id: id, name: try Slug(definition.name ?? "", field: "name"), tags: try Tags.read(definition.tags ?? []),
            draft: version, createdAt: instant)
        return CampaignView(campaign, showing: version, next: [instant], completesAt: nil)
    }

    static func campaign(named name: String, _ status: Status = .draft) -> CampaignView {
        var campaign = try! campaign(definition(name))
        campaign.status = status
        return campaign
    }

    static func send(_ campaign: String, key: String = "abcdefghijklmnopqrstuvwx23/2026-12-07T09:00:00") -> SendView {
        var send = Send(
            key: OccurrenceKey(key)!, campaign: id, version: 1, origin: .schedule,
            nominal: LocalDateTime("2026-12-07T09:00"), due: instant, claimedAt: instant,
            message: nil, surface: Slug("newsletter")!, state: .sent)
        send.attempts = 1
        send.startedAt = instant + 1
        send.endedAt = instant + 90
        send.progress = SendProgress(done: 120, total: 500, failed: 3)
        return SendView(send, campaign: Slug(campaign)!, queuePosition: nil)
    }

    /// A send in a state, so far along.
    static func send(
        _ campaign: String, key: String = "\(id)/now/a", _ state: SendState, attempts: Int = 1, done: Int64? = nil,
        total: Int64? = nil, failed: Int64? = nil, reason: String? = nil, position: Int? = nil, nextIn: Int64? = nil
    ) -> SendView {
        var send = Send(
            key: OccurrenceKey(key)!, campaign: id, version: 1, origin: .sendNow, nominal: nil, due: instant,
            claimedAt: instant, message: nil, surface: Slug("newsletter")!, state: state)
        send.attempts = attempts
        send.progress = SendProgress(done: done, total: total, failed: failed)
        send.reason = reason
        send.startedAt = state == .running || state.isFinal ? instant : nil
        send.endedAt = state.isFinal ? instant + 425 : nil
        send.nextAttemptAt = nextIn.map { instant + $0 }
        return SendView(send, campaign: Slug(campaign)!, queuePosition: position)
    }

    /// A proof of version 2 of a campaign, or the test of a surface where there is none.
    static func test(
        of campaign: String?, _ outcome: AttemptOutcome?, progress: SendProgress = SendProgress(), to address: String?
    ) -> SendTestView {
        let address = address.flatMap { ProofAddress($0) }
        let surface = Slug("newsletter")!
        let message = MessageReference(name: Slug(campaign == nil ? "surface-test" : "news")!, revision: 3)
        let kind: SendTest.Kind = campaign == nil
            ? .surface(surface, to: address) : .proof(of: id, version: 2, message, to: address!)
        return SendTestView(
            SendTestResult(
                key: SendTest(id: RequestID("a:1")!, kind).key, surface: surface, message: message, outcome: outcome,
                progress: progress),
            campaign: campaign.flatMap { Slug($0) }, version: campaign == nil ? nil : 2, address: address)
    }

    /// A trigger that is due an hour after ``instant``.
    static func triggerToCome(_ campaign: String, _ id: String = "order-1") -> SendView {
        var send = Send(
            key: OccurrenceKey("\(Self.id)/trigger/\(id)")!, campaign: Self.id, version: 1, origin: .trigger,
            nominal: nil, due: instant + 3_600, claimedAt: instant, message: nil, surface: Slug("newsletter")!,
            state: .waiting)
        send.nextAttemptAt = send.due
        return SendView(send, campaign: Slug(campaign)!, queuePosition: nil)
    }

    /// One queued send that a stop would cancel, one that runs, and a week of days that would never come.
    static func outlook(_ campaign: String) -> StopOutlookView {
        func send(_ key: String, _ state: SendState) -> Send {
            Send(
                key: OccurrenceKey("\(id)/\(key)")!, campaign: id, version: 1, origin: .schedule, nominal: nil,
                due: instant, claimedAt: instant, message: nil, surface: Slug("newsletter")!, state: state)
        }
        return StopOutlookView(
            StopOutlook(
                cancels: [send("a", .queued)], goesOn: [send("b", .running)],
                drops: (1...5).map { instant + Int64($0) * 86_400 }),
            campaign: Slug(campaign)!, queuePosition: { _ in 2 })
    }

    static func message(revision: Int, isPublished: Bool = true, text: String? = "Salut\n") -> Message {
        Message(
            name: Slug("news")!, revision: revision, isPublished: isPublished,
            content: MessageContent(
                subject: "Été", text: text, html: "<p>Salut</p>",
                headers: [MessageHeader(name: "List-Id", value: "x"), MessageHeader(name: "X-A", value: "b")],
                attachments: [MessageFile(name: "a.pdf", bytes: [1, 2])],
                file: MessageFile(name: "news.yaml", bytes: [1])))
    }

    /// Version 2 as the live one, version 4 as the draft beside it.
    static func diff(_ change: (inout CampaignDefinition) -> Void = { $0.title = "Soldes" }) throws -> DiffView {
        let live = definition("spring")
        var draft = live
        change(&draft)
        return DiffView(
            live: Version(number: 2, content: try CampaignContent(live), sourceText: nil),
            draft: Version(number: 4, content: try CampaignContent(draft), sourceText: nil))
    }

    /// An occurrence to come so long after ``instant``, of an active campaign in Paris.
    static func planned(_ campaign: String, inSeconds seconds: Int64, newestSend state: SendState?) -> PlannedView {
        let due = instant + seconds
        let local = LocalDateTime(String((due + 3_600).description.dropLast()))!
        let version = Version(number: 1, content: try! CampaignContent(definition(campaign)), sourceText: nil)
        var whole = Campaign(id: id, name: Slug(campaign)!, tags: [], draft: version, createdAt: instant)
        whole.live = version
        whole.status = .active
        var send: Send?
        if let state {
            send = Send(
                key: OccurrenceKey("\(id)/a")!, campaign: id, version: 1, origin: .schedule, nominal: nil, due: instant,
                claimedAt: instant, message: nil, surface: Slug("newsletter")!, state: state)
        }
        return PlannedView(
            PlannedOccurrence(
                index: 0, occurrence: Occurrence(nominal: local, local: local, instant: due, mark: nil),
                zoneName: "Europe/Paris"),
            of: whole, newestSend: send, now: instant)
    }

    static func event(_ sequence: Int64, _ campaign: String, text: String = "draft → scheduled") -> EventView {
        EventView(
            RecordedEvent(
                sequence: sequence,
                event: Event(
                    .status, at: instant + sequence,
                    campaign: EventCampaign(id: id, name: Slug(campaign)!, title: nil, version: 1), from: .draft,
                    to: .scheduled, actor: EventActor(uid: 1000, name: "ada"), reason: "as agreed", text: text)))
    }

    static func alert(_ campaign: String?, _ code: AlertCode = .sendFailed) -> AlertView {
        AlertView(
            Alert(code, "the send failed: mailbox full; retry it", field: nil, since: instant),
            campaign: campaign.flatMap { Slug($0) })
    }

    static func status(alerts: [AlertView]) -> StatusView {
        StatusView(
            version: "1.2.3", pid: 42, startedAt: instant, now: instant + 60, lastTickAt: instant + 59, nextDue: nil,
            campaigns: [.active: 2, .draft: 1], paused: 1, sends: [.running: 1], alerts: alerts,
            configuration: configuration)
    }

    /// One setting of each source.
    static let configuration = ConfigurationView(
        readAt: instant, files: ["/etc/campaignd/campaignd.yaml", "/etc/campaignd/conf.d/50-site.yaml"], refused: nil,
        settings: [
            ConfigurationView.Setting(key: "tick_interval", value: "30s", source: "default"),
            ConfigurationView.Setting(key: "retries", value: "5", source: "/etc/campaignd/campaignd.yaml:3"),
            ConfigurationView.Setting(
                key: "access.viewers", value: #"["office"]"#, source: "$CAMPAIGND_ACCESS_VIEWERS"),
        ])
}
