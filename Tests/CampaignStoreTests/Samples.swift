import CampaignModel
import Recurrence
import SeededRandom

let someone = EventActor(uid: 1_000, name: "ada")

func instant(_ seconds: Int64) -> Instant { Instant(secondsSinceEpoch: 1_700_000_000 + seconds) }

func slug(_ text: String) -> Slug { Slug(text)! }

/// Values in which every field that can be filled is filled sometimes.
struct Samples {
    var generator: SeededGenerator

    init(seed: UInt64 = 2_026) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func chance() -> Bool { Bool.random(using: &generator) }

    mutating func maybe<Value>(_ value: Value) -> Value? { chance() ? value : nil }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func moment() -> Instant {
        let seconds = Instant.earliest.secondsSinceEpoch...Instant.latest.secondsSinceEpoch
        return Instant(secondsSinceEpoch: Int64.random(in: seconds, using: &generator))
    }

    mutating func name() -> Slug {
        slug("n" + String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 36))
    }

    mutating func campaignID() -> CampaignID { CampaignID(from: &generator) }

    /// Text with letters of many alphabets, quotes, line feeds and characters outside the first plane.
    mutating func text() -> String {
        let pieces = [
            "Soldes d’été 🎉", "' OR 1=1; --", "\"ÄÖÜ\"", "ß\n\t", "日本語", "e\u{301}", "%_\\", "plain", "\u{10FFFF}",
        ]
        return (0..<number(1...4)).map { _ in pieces.randomElement(using: &generator)! }.joined(separator: " ")
    }

    mutating func local() -> LocalDateTime {
        let text = String(moment().description.dropLast())
        return LocalDateTime(text)!
    }

    mutating func actor() -> EventActor {
        EventActor(uid: maybe(UInt32.random(in: 0...UInt32.max, using: &generator)), name: text())
    }

    mutating func definition() -> CampaignDefinition {
        var definition = CampaignDefinition()
        definition.title = maybe(String(text().replacing("\n", with: " ").replacing("\t", with: " ")))
        definition.channel = maybe("email")
        definition.surface = maybe(name().text)
        definition.message = maybe(name().text)
        definition.audience = maybe(name().text)
        definition.overlap = maybe("skip")
        definition.lateLimit = maybe("90m")
        definition.retries = maybe("7")
        definition.onInterrupt = maybe("retry")
        var schedule = ScheduleDefinition()
        schedule.start = maybe("2026-12-07T09:00")
        schedule.timezone = maybe("Europe/Paris")
        schedule.gap = maybe("skip")
        if chance() {
            schedule.every = "2 weeks"
            schedule.days = maybe(["monday", "friday"])
            schedule.at = maybe(["09:00", "17:00"])
            schedule.end = maybe("2027-03-31")
            schedule.except = maybe(["2026-12-28"])
        } else if chance() {
            definition.type = "triggered"
        }
        definition.schedule = maybe(schedule)
        return definition
    }

    mutating func version(_ number: Int) throws -> Version {
        let anchor = Anchor(local: local(), instant: moment(), isWritten: chance())
        return Version(
            number: number, content: try CampaignContent(definition()), sourceText: maybe("# " + text()),
            anchor: maybe(anchor))
    }

    mutating func alert() -> Alert {
        Alert(
            AlertCode.allCases.randomElement(using: &generator)!, text(), field: maybe("schedule.start"),
            severity: maybe(chance() ? .error : .warning), since: moment())
    }

    mutating func campaign() throws -> Campaign {
        let first = number(1...50)
        var campaign = Campaign(
            id: campaignID(), name: name(), tags: (0..<number(0...4)).map { _ in name() },
            draft: try version(first + 1), createdAt: moment())
        campaign.status = Status.allCases.randomElement(using: &generator)!
        if campaign.status != .draft {
            campaign.live = try version(first)
            if chance() { campaign.draft = nil }
        }
        campaign.nextVersionNumber = first + 2 + number(0...3)
        campaign.revision = number(1...1_000_000)
        campaign.paused = campaign.status.isInForce && chance()
        campaign.activatedAt = campaign.status == .active ? moment() : maybe(moment())
        campaign.endedAt = maybe(moment())
        campaign.archivedFrom = campaign.status == .archived ? .stopped : nil
        campaign.decidedUntil = maybe(moment())
        campaign.stopFence = maybe(StopFence(actor: actor(), reason: maybe(text())))
        campaign.alerts = (0..<number(0...3)).map { _ in alert() }
        return campaign
    }

    mutating func progress() -> SendProgress {
        SendProgress(
            done: maybe(Int64.random(in: 0...Int64.max, using: &generator)), total: maybe(12), failed: maybe(3),
            note: maybe(text()))
    }

    mutating func send(of campaign: Campaign) -> Send {
        let state = SendState.allCases.randomElement(using: &generator)!
        let message = MessageReference(name: name(), revision: number(1...9))
        var send = Send(
            key: OccurrenceKey("\(campaign.id)/\(name())")!, campaign: campaign.id, version: campaign.current!.number,
            origin: [.schedule, .sendNow, .trigger].randomElement(using: &generator)!, nominal: maybe(local()),
            due: moment(), claimedAt: moment(), message: maybe(message), surface: maybe(name()), state: state)
        move(&send)
        return send
    }

    /// Fills everything of a send that changes while it runs.
    mutating func move(_ send: inout Send) {
        send.state = SendState.allCases.randomElement(using: &generator)!
        send.reason = maybe(text())
        send.attempts = number(0...20)
        send.handedAt = maybe(moment())
        send.wasAccepted = send.state == .running || chance()
        send.readyAt = moment()
        send.followsEarlier = chance()
        send.nextAttemptAt = send.state == .waiting ? moment() : nil
        send.startedAt = maybe(moment())
        send.endedAt = send.state.isFinal ? moment() : nil
        send.progress = progress()
        send.count = maybe(number(0...100_000))
        send.nominalLast = maybe(local())
        send.data = maybe("{\"a\": [1, \"\\u0000\"]}")
        send.verdict = send.state.isFinal ? nil : maybe(Verdict(state: .missed, reason: text(), actor: maybe(actor())))
    }

    mutating func event(of campaign: Campaign?) -> Event {
        let about = campaign.map {
            EventCampaign(id: $0.id, name: $0.name, title: maybe(text()), version: maybe(number(1...9)))
        }
        return Event(
            EventKind.allCases.randomElement(using: &generator)!, at: moment(), campaign: about,
            from: maybe(.scheduled), to: maybe(.activating), key: maybe(OccurrenceKey("anything/else")!),
            due: maybe(moment()), outcome: maybe(.interrupted), alert: maybe(.sendSlow), actor: actor(),
            reason: maybe(text()), text: text())
    }

    mutating func message() -> MessageContent {
        let bytes = (0..<number(0...3_000)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        return MessageContent(
            subject: maybe(text()), text: maybe("a\u{0}b " + text()), html: maybe("<p>" + text()),
            headers: (0..<number(0...3)).map { _ in MessageHeader(name: name().text, value: text()) },
            attachments: (0..<number(0...3)).map { index in
                MessageFile(name: "\(index) \(text())", bytes: Array(bytes.prefix(index * 100)))
            },
            file: MessageFile(name: "spring.yaml", bytes: bytes))
    }
}

/// A campaign that its test says little about: a draft of version 1.
func draft(
    _ name: String, tags: [String] = [], createdAt: Instant = instant(0), seed: UInt64? = nil,
    _ fill: (inout CampaignDefinition) -> Void = { _ in }
) throws -> Campaign {
    var definition = CampaignDefinition()
    definition.surface = "newsletter"
    fill(&definition)
    var generator = SeededGenerator(seed: seed ?? UInt64(truncatingIfNeeded: name.hashValue))
    let version = Version(number: 1, content: try CampaignContent(definition), sourceText: nil)
    return Campaign(
        id: CampaignID(from: &generator), name: slug(name), tags: tags.map(slug), draft: version, createdAt: createdAt)
}

/// The same, activated.
func active(
    _ name: String, tags: [String] = [], _ fill: (inout CampaignDefinition) -> Void = { _ in }
) throws -> Campaign {
    var campaign = try draft(name, tags: tags, fill)
    campaign.status = .active
    campaign.activatedAt = instant(0)
    campaign.live = campaign.draft
    campaign.draft = nil
    return campaign
}

func claim(
    _ campaign: Campaign, _ occurrence: String, due: Instant = instant(60), origin: SendOrigin = .schedule
) -> Send {
    Send(
        key: OccurrenceKey("\(campaign.id)/\(occurrence)")!, campaign: campaign.id, version: campaign.current!.number,
        origin: origin, nominal: nil, due: due, claimedAt: instant(60), message: nil, surface: slug("newsletter"),
        state: .claimed)
}

func event(_ kind: EventKind, _ campaign: Campaign? = nil, text: String = "something happened") -> Event {
    let about = campaign.map { EventCampaign(id: $0.id, name: $0.name, title: nil, version: 1) }
    return Event(kind, at: instant(0), campaign: about, actor: someone, text: text)
}

func decision(
    _ campaign: Campaign, isDeleted: Bool = false, wakeAt: Instant? = nil, nextDue: Instant? = nil,
    plannedBy: ZoneEdition? = nil, claims: [Send] = [], updates: [Send] = [], events: [Event] = []
) -> Decision {
    Decision(
        campaign: campaign, isDeleted: isDeleted, wakeAt: wakeAt, nextDue: nextDue, plannedBy: plannedBy,
        claims: claims, updates: updates, events: events, effects: [])
}
