import CampaignModel
import Recurrence
import Testing

/// Every pair of a status and a command: allowed as this table says, or a typed refusal that names the status and what
/// is allowed. The table is written by hand from the lifecycle's; nothing in it is computed by the code under test.
struct PermissionMatrixTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let status: Status
        let kind: CampaignKind
        /// Of a campaign in force or ended: a newer draft stands beside the live version.
        let hasDraft: Bool
        let isPaused: Bool
        let allowed: [CommandName]

        init(_ status: Status, _ kind: CampaignKind, draft: Bool = false, paused: Bool = false, _ allowed: String) {
            self.status = status
            self.kind = kind
            self.hasDraft = draft
            self.isPaused = paused
            self.allowed = allowed.split(separator: " ").compactMap { CommandName(rawValue: String($0)) }
        }

        var testDescription: String {
            "\(status.rawValue) \(kind.rawValue)\(hasDraft ? " with a draft" : "")\(isPaused ? " paused" : "")"
        }
    }

    static let rows: [Row] = [
        Row(.draft, .oneShot, "apply activate duplicate delete tag ack"),
        Row(.draft, .recurring, "apply activate duplicate delete tag ack"),
        Row(.draft, .triggered, "apply activate duplicate delete tag ack"),
        Row(.scheduled, .oneShot, "unschedule stop duplicate tag ack"),
        Row(.scheduled, .recurring, "apply unschedule modify stop pause duplicate tag ack"),
        Row(.scheduled, .recurring, paused: true, "apply unschedule modify stop resume duplicate tag ack"),
        Row(.scheduled, .recurring, draft: true,
            "apply activate unschedule modify discard stop pause duplicate tag ack"),
        Row(.scheduled, .recurring, draft: true, paused: true,
            "apply activate unschedule modify discard stop resume duplicate tag ack"),
        Row(.activating, .oneShot, "unschedule stop duplicate tag ack"),
        Row(.activating, .recurring, "apply unschedule modify stop pause duplicate tag ack"),
        Row(.activating, .recurring, paused: true, "apply unschedule modify stop resume duplicate tag ack"),
        Row(.activating, .recurring, draft: true,
            "apply activate unschedule modify discard stop pause duplicate tag ack"),
        Row(.activating, .recurring, draft: true, paused: true,
            "apply activate unschedule modify discard stop resume duplicate tag ack"),
        Row(.activating, .triggered, "apply unschedule modify stop pause duplicate tag ack"),
        Row(.activating, .triggered, paused: true, "apply unschedule modify stop resume duplicate tag ack"),
        Row(.activating, .triggered, draft: true,
            "apply activate unschedule modify discard stop pause duplicate tag ack"),
        Row(.activating, .triggered, draft: true, paused: true,
            "apply activate unschedule modify discard stop resume duplicate tag ack"),
        Row(.active, .oneShot, "stop send-now retry cancel duplicate tag ack"),
        Row(.active, .recurring, "apply modify stop pause send-now retry cancel duplicate tag ack"),
        Row(.active, .recurring, paused: true, "apply modify stop resume retry cancel duplicate tag ack"),
        Row(.active, .recurring, draft: true,
            "apply activate modify discard stop pause send-now retry cancel duplicate tag ack"),
        Row(.active, .recurring, draft: true, paused: true,
            "apply activate modify discard stop resume retry cancel duplicate tag ack"),
        Row(.active, .triggered, "apply modify stop pause trigger send-now retry cancel duplicate tag ack"),
        Row(.active, .triggered, paused: true, "apply modify stop resume retry cancel duplicate tag ack"),
        Row(.active, .triggered, draft: true,
            "apply activate modify discard stop pause trigger send-now retry cancel duplicate tag ack"),
        Row(.active, .triggered, draft: true, paused: true,
            "apply activate modify discard stop resume retry cancel duplicate tag ack"),
        Row(.stopped, .oneShot, "cancel duplicate archive tag ack"),
        Row(.stopped, .recurring, "cancel duplicate archive tag ack"),
        Row(.stopped, .recurring, draft: true, "cancel duplicate archive tag ack"),
        Row(.stopped, .triggered, "cancel duplicate archive tag ack"),
        Row(.stopped, .triggered, draft: true, "cancel duplicate archive tag ack"),
        Row(.completed, .oneShot, "cancel duplicate archive tag ack"),
        Row(.completed, .recurring, "cancel duplicate archive tag ack"),
        Row(.completed, .recurring, draft: true, "cancel duplicate archive tag ack"),
        Row(.completed, .triggered, "cancel duplicate archive tag ack"),
        Row(.completed, .triggered, draft: true, "cancel duplicate archive tag ack"),
        Row(.archived, .oneShot, "cancel duplicate unarchive tag ack"),
        Row(.archived, .recurring, "cancel duplicate unarchive tag ack"),
        Row(.archived, .recurring, draft: true, "cancel duplicate unarchive tag ack"),
        Row(.archived, .triggered, "cancel duplicate unarchive tag ack"),
        Row(.archived, .triggered, draft: true, "cancel duplicate unarchive tag ack"),
    ]

    private static let now = "2026-12-10T12:00:00Z"

    private func content(_ row: Row, message: Slug) throws -> CampaignContent {
        // Of an activating one the start is reached, within its limit; of the others nothing is due now.
        let start = switch row.status {
        case .draft, .scheduled: "2026-12-24T09:00"
        case .activating: "2026-12-10T12:50"
        case .active, .stopped, .completed, .archived: "2026-12-09T18:00"
        }
        return try .sample {
            $0.message = message.text
            if row.kind == .triggered { $0.type = "triggered" } else { $0.schedule?.start = start }
            if row.kind == .recurring { $0.schedule?.every = "week" }
        }
    }

    /// A campaign that stands as the row says, with one send that can be cancelled where there may be one.
    private func state(_ row: Row) throws -> CampaignState {
        var story = try Story(content(row, message: row.status == .draft ? "other" : "spring-2026"), at: Self.now)
        var campaign = story.campaign
        campaign.status = row.status
        campaign.paused = row.isPaused
        if row.status != .draft {
            var live = try #require(campaign.draft)
            let start = live.content.schedule.start
            live.anchor = Anchor(
                local: start ?? LocalDateTime("2026-12-10T12:50") ?? story.nowLocal, instant: story.now - 600,
                isWritten: start != nil)
            campaign.live = live
            campaign.draft = row.hasDraft
                ? Version(number: 2, content: try content(row, message: "other"), sourceText: nil) : nil
            campaign.nextVersionNumber = row.hasDraft ? 3 : 2
        }
        if row.status == .archived { campaign.archivedFrom = .completed }
        story.state.messages = ["other": .published(revision: 1)]
        story.state.campaign = campaign
        guard [.active, .stopped, .completed, .archived].contains(row.status) else { return story.state }
        campaign.activatedAt = story.now - 3_600
        campaign.endedAt = row.status == .active ? nil : story.now - 60
        campaign.decidedUntil = story.now - 3_600
        story.state.campaign = campaign
        let key = try #require(OccurrenceKey("\(campaign.id)/2026-12-09T18:00:00[Europe/Paris]"))
        var send = Send(
            key: key, campaign: campaign.id, version: 1, origin: .schedule, nominal: nil, due: story.now - 3_600,
            claimedAt: story.now - 3_600, message: nil, surface: "newsletter",
            state: row.status == .active ? .waiting : .running)
        send.wasAccepted = true
        send.attempts = 1
        send.nextAttemptAt = row.status == .active ? story.now + 60 : nil
        story.state.openSends = [send]
        var ended = Send(
            key: try #require(OccurrenceKey("ended")), campaign: campaign.id, version: 1, origin: .sendNow,
            nominal: nil, due: story.now - 3_600, claimedAt: story.now - 3_600, message: nil, surface: "newsletter",
            state: .failed)
        ended.endedAt = story.now - 1_800
        story.state.endedSend = ended
        if row.status == .active { story.state.messages["spring-2026"] = .published(revision: 1) }
        story.state.newestScheduled = send
        return story.state
    }

    private func commands(_ row: Row) throws -> [Command] {
        let other = try CampaignContent.sample {
            $0.title = "Another"
            if row.kind == .triggered { $0.type = "triggered" } else { $0.schedule?.start = "2027-01-05T09:00" }
            if row.kind == .recurring { $0.schedule?.every = "day" }
        }
        let id = try #require(RequestID("order-7"))
        return [
            .apply(other, sourceText: nil, tags: []), .activate, .unschedule, .modify, .discard, .stop, .pause, .resume,
            .cancel(nil), .archive, .unarchive, .delete, .tag(adding: ["new"], removing: []), .acknowledge,
            .send(SendOrder(id: id, .trigger(at: nil, data: nil))), .send(SendOrder(id: id, .sendNow(again: true))),
            .retry(try #require(OccurrenceKey("ended"))),
        ]
    }

    @Test("every command of every status is allowed as the table says, or refused with its status and what is allowed",
        arguments: rows)
    func matrix(row: Row) throws {
        let state = try state(row)
        try #require(state.campaign.violations.isEmpty)
        #expect(Lifecycle.allowedCommands(for: state) == row.allowed)
        let now = try instant(Self.now)
        let commands = try commands(row)
        #expect(Set(commands.map(\.name)).union([.duplicate]) == Set(CommandName.allCases))
        for command in commands {
            var refusal: Refusal?
            do {
                _ = try Lifecycle.perform(command, on: state, by: Story.root, at: now, under: .sample)
            } catch {
                refusal = error
            }
            if row.allowed.contains(command.name) {
                #expect(refusal == nil, "\(command.name.rawValue) was refused")
                continue
            }
            guard case .invalidState(let status, command: command.name, let allowed, let why)? = refusal else {
                Issue.record("\(command.name.rawValue): \(String(describing: refusal))")
                continue
            }
            #expect(status == row.status)
            #expect(allowed == row.allowed)
            #expect(!why.isEmpty)
        }
    }

    @Test("a refusal is one sentence with the command, the status, the reason and what is allowed")
    func sentence() throws {
        let story = try Story(.oneShot("2026-12-24T09:00"), at: Self.now)
        #expect(
            try story.refusal(of: .stop).description
                == "stop: the campaign is draft: only a scheduled, activating or active campaign can be stopped; "
                + "allowed are apply, activate, duplicate, delete, tag, ack")
    }

    @Test("a command that is refused changes nothing; what was due is decided by the next turn")
    func nothingChanges() throws {
        var story = try Story.activated(.oneShot("2026-12-24T09:00"), at: Self.now)
        story.now = try instant("2026-12-24T08:00:00Z")
        guard case .invalidState(.active, .unschedule, _, _) = try story.refusal(of: .unschedule) else {
            Issue.record("it was refused for another reason")
            return
        }
        #expect(story.status == .scheduled)
        #expect(story.all.isEmpty)
        story.tick()
        #expect(story.status == .active)
        #expect(story.all.count == 1)
    }
}

extension Story {
    fileprivate var nowLocal: LocalDateTime { Zone.utc.local(at: now) }
}
