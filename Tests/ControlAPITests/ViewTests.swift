import CampaignModel
import ControlAPI
import Recurrence
import Testing

@testable import ControlBench
import VarlinkKit

@Suite("Objects as clients see them", .timeLimit(.minutes(10)))
struct ViewTests {
    @Test("a campaign that was never activated")
    func draft() throws {
        let view = Sample.campaign(named: "spring")
        #expect(
            JSONValue.object(view.json).description
                == #"{"activated_at":null,"alerts":[],"archived_from":null,"audience":"subscribers","channel":"email","#
                + #""completes_at":null,"draft_version":null,"ended_at":null,"id":"abcdefghijklmnopqrstuvwx23","#
                + #""message":"spring-2026","name":"spring","next":["2026-12-07T08:00:00Z"],"paused":false,"#
                + #""recurring":false,"revision":1,"schedule":{"at":null,"count":null,"days":null,"end":null,"#
                + #""every":null,"except":null,"gap":null,"month_end":null,"rrule":null,"start":"2026-12-07T09:00","#
                + #""text":"once on 7 December 2026 at 09:00, Europe/Paris","timezone":"Europe/Paris"},"#
                + #""status":"draft","#
                + #""surface":"newsletter","tags":["spring","fr"],"title":"Soldes d’été 🎉","type":"scheduled","#
                + #""version":1}"#)
        #expect(try CampaignView(json: view.json) == view)
    }

    @Test("a campaign with all that it can have")
    func full() throws {
        var definition = Sample.definition("digest")
        definition.schedule?.every = "2 weeks"
        definition.schedule?.days = ["monday"]
        definition.schedule?.count = "12"
        let live = Version(number: 2, content: try CampaignContent(definition), sourceText: nil)
        var campaign = Campaign(
            id: Sample.id, name: Slug("digest")!, tags: [],
            draft: Version(number: 3, content: live.content, sourceText: nil), createdAt: Sample.instant)
        campaign.live = live
        campaign.status = .archived
        campaign.archivedFrom = .stopped
        campaign.revision = 9
        campaign.activatedAt = Sample.instant
        campaign.endedAt = Sample.instant + 60
        campaign.alerts = [Alert(.noEnd, "it has no end", field: "schedule.end", since: Sample.instant)]
        let six = (0..<6).map { Sample.instant + Int64($0) * 60 }
        let view = CampaignView(campaign, showing: live, next: six, completesAt: Sample.instant + 3_600)
        #expect(
            JSONValue.object(view.json).description
                == #"{"activated_at":"2026-12-07T08:00:00Z","alerts":[{"campaign":"digest","code":"no-end","count":1,"#
                + #""field":"schedule.end","severity":"warning","since":"2026-12-07T08:00:00Z","#
                + #""text":"it has no end"}],"archived_from":"stopped","audience":"subscribers","channel":"email","#
                + #""completes_at":"2026-12-07T09:00:00Z","draft_version":3,"ended_at":"2026-12-07T08:01:00Z","#
                + #""id":"abcdefghijklmnopqrstuvwx23","message":"spring-2026","name":"digest","#
                + #""next":["2026-12-07T08:00:00Z","2026-12-07T08:01:00Z","2026-12-07T08:02:00Z","#
                + #""2026-12-07T08:03:00Z","2026-12-07T08:04:00Z"],"paused":false,"recurring":true,"revision":9,"#
                + #""schedule":{"at":null,"count":12,"days":["monday"],"end":null,"every":"2 weeks","#
                + #""except":null,"gap":null,"month_end":null,"#
                + #""rrule":"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=12","start":"2026-12-07T09:00","#
                + #""text":"every 2 weeks on Monday at 09:00, Europe/Paris, 12 times","#
                + #""timezone":"Europe/Paris"},"status":"archived","surface":"newsletter","tags":[],"#
                + #""title":"Soldes d’été 🎉","type":"scheduled","version":2}"#)
    }

    @Test("a send")
    func send() throws {
        let view = Sample.send("spring")
        #expect(
            JSONValue.object(view.json).description
                == #"{"attempts":1,"campaign":"spring","claimed_at":"2026-12-07T08:00:00Z","count":null,"#
                + #""due":"2026-12-07T08:00:00Z","ended_at":"2026-12-07T08:01:30Z","failed":3,"#
                + #""key":"abcdefghijklmnopqrstuvwx23/2026-12-07T09:00:00","next_attempt_at":null,"#
                + #""nominal":"2026-12-07T09:00:00","nominal_last":null,"origin":"schedule","progress":120,"#
                + #""queue_position":null,"reason":null,"#
                + #""started_at":"2026-12-07T08:00:01Z","state":"sent","surface":"newsletter","#
                + #""total":500,"version":1}"#)
        #expect(try SendView(json: view.json) == view)
    }

    @Test("an event")
    func event() throws {
        let view = Sample.event(7, "spring")
        #expect(
            JSONValue.object(view.json).description
                == #"{"actor":"ada","at":"2026-12-07T08:00:07Z","campaign":"spring","from":"draft","key":null,"#
                + #""kind":"status","reason":"as agreed","seq":7,"text":"draft → scheduled","to":"scheduled","#
                + #""version":1}"#)
        #expect(try EventView(json: view.json) == view)
    }

    @Test("an alert of the daemon")
    func alert() throws {
        let view = Sample.alert(nil, .launcherDown)
        #expect(
            JSONValue.object(view.json).description
                == #"{"campaign":null,"code":"launcher-down","count":1,"field":null,"severity":"error","#
                + #""since":"2026-12-07T08:00:00Z","text":"the send failed: mailbox full; retry it"}"#)
        #expect(try AlertView(json: view.json) == view)
    }

    @Test("a message")
    func message() throws {
        let content = MessageContent(
            subject: "Hi", text: nil, html: "<p>", attachments: [MessageFile(name: "a", bytes: [1, 2])],
            file: MessageFile(name: "m.yaml", bytes: [1, 2, 3]))
        let view = MessageView(
            Message(name: Slug("news")!, revision: 4, isPublished: false, content: content), publishedRevision: 3)
        #expect(
            JSONValue.object(view.json).description
                == #"{"attachments":1,"bytes":5,"name":"news","published_revision":3,"revision":4,"subject":"Hi"}"#)
        #expect(try MessageView(json: view.json) == view)
    }

    @Test("the daemon's status")
    func status() async throws {
        let view = try await RecordingControl().status()
        #expect(
            JSONValue.object(view.json).description
                == #"{"alerts":[],"campaigns":{"activating":0,"active":2,"archived":0,"completed":0,"draft":1,"#
                + #""scheduled":0,"stopped":0},"configuration":{"files":["/etc/campaignd/campaignd.yaml","#
                + #""/etc/campaignd/conf.d/50-site.yaml"],"read_at":"2026-12-07T08:00:00Z","refused":null,"settings":["#
                + #"{"key":"tick_interval","source":"default","value":"30s"},"#
                + #"{"key":"retries","source":"/etc/campaignd/campaignd.yaml:3","value":"5"},"#
                + #"{"key":"access.viewers","source":"$CAMPAIGND_ACCESS_VIEWERS","value":"[\"office\"]"}]},"#
                + #""last_tick_at":"2026-12-07T08:00:59Z","next_due":null,"#
                + #""now":"2026-12-07T08:01:00Z","paused":1,"pid":42,"#
                + #""sends":{"claimed":0,"queued":0,"running":1,"waiting":0},"#
                + #""started_at":"2026-12-07T08:00:00Z","version":"1.2.3"}"#)
        #expect(try StatusView(json: view.json) == view)
    }

    @Test("a configuration that was refused, and metrics of each kind")
    func daemon() throws {
        var configuration = Sample.configuration
        configuration.refused = ConfigurationView.Refusal(at: Sample.instant, text: "campaignd.yaml:1:1: unknown key")
        #expect(try ConfigurationView(json: configuration.json) == configuration)
        #expect(configuration.json["refused"]?["text"] == "campaignd.yaml:1:1: unknown key")
        for family in Sample.metrics { #expect(try MetricFamily(json: family.json) == family) }
        #expect(
            JSONValue.object(Sample.metrics[0].json).description
                == #"{"help":"Which release of campaignd runs.","kind":"info","name":"campaignd_build","samples":["#
                + #"{"labels":[{"name":"version","value":"1.2.3"}],"name":"campaignd_build_info","value":1}],"#
                + #""unit":null}"#)
    }

    @Test("what does not fit is told by its place")
    func misfits() {
        var json = Sample.campaign(named: "spring").json
        json["alerts"] = [["code": "x", "severity": "error", "text": "t", "since": "yesterday"]]
        #expect(throws: ViewError("alerts[0].since", expected: "an instant such as 2026-12-07T08:00:00Z")) {
            try CampaignView(json: json)
        }
        #expect(throws: ViewError("id", expected: "there")) { try CampaignView(json: [:]) }
    }

    @Test("a definition goes over the wire and back")
    func definition() throws {
        var definition = Sample.definition("spring")
        definition.type = "scheduled"
        definition.overlap = "skip"
        definition.lateLimit = "2h"
        definition.retries = "5"
        definition.onInterrupt = "retry"
        definition.schedule?.every = "month"
        definition.schedule?.days = ["last day"]
        definition.schedule?.at = ["09:00", "17:00"]
        definition.schedule?.except = ["2026-12-28"]
        definition.schedule?.gap = "skip"
        definition.schedule?.monthEnd = "omit"
        definition.schedule?.end = "2027-03-31"
        #expect(try CampaignDefinition(json: definition.json) == definition)
        #expect(definition.json["retries"] == 5)
    }

    @Test("a schedule has its canonical rule and its sentence")
    func schedule() throws {
        var definition = Sample.definition("spring")
        definition.schedule?.rrule = "rrule:freq=weekly;byhour=9"
        let view = ScheduleView(try CampaignContent(definition))
        #expect(view.rule == "FREQ=WEEKLY;BYHOUR=9")
        #expect(view.text == "every week on Monday at 09:00, Europe/Paris")
        #expect(view.definition == definition.schedule)
    }

    @Test("an occurrence among those of all campaigns, and one that is overdue")
    func planned() throws {
        let view = Sample.planned("spring", inSeconds: 3_600, newestSend: .failed)
        #expect(try PlannedView(json: view.json) == view)
        #expect(Sample.planned("spring", inSeconds: -60, newestSend: nil).inSeconds == 0)
    }

    @Test("what a draft would change: lists whole, keys below schedule with a dot, equal values and tags not at all")
    func diff() throws {
        let view = try Sample.diff { definition in
            definition.tags = []
            definition.retries = "3"
            definition.schedule?.except = ["2026-12-28", "2027-01-04"]
            definition.schedule?.start = nil
        }
        #expect(
            JSONValue.object(view.json).description
                == #"{"changes":[{"draft":null,"field":"schedule.start","live":"2026-12-07T09:00"},"#
                + #"{"draft":"[2026-12-28, 2027-01-04]","field":"schedule.except","live":null},"#
                + #"{"draft":"3","field":"retries","live":null}],"draft_version":4,"live_version":2}"#)
        #expect(try DiffView(json: view.json) == view)
    }

    @Test("occurrences to come")
    func preview() throws {
        let local = LocalDateTime("2026-10-04T03:30")!
        let occurrence = Occurrence(
            nominal: LocalDateTime("2026-10-04T02:30")!, local: local, instant: Instant("2026-10-03T16:30:00Z")!,
            mark: .gapShifted)
        let view = PreviewView(
            OccurrencePage(occurrences: [occurrence], zoneName: "Australia/Sydney", isExhausted: true))
        #expect(
            JSONValue.object(view.json).description
                == #"{"exhausted":true,"occurrences":[{"instant":"2026-10-03T16:30:00Z","#
                + #""local":"2026-10-04T03:30:00","mark":"gap: shifted","nominal":"2026-10-04T02:30:00","#
                + #""timezone":"Australia/Sydney"}]}"#)
        #expect(try PreviewView(json: view.json) == view)
    }
}
