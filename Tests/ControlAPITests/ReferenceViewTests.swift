import CampaignModel
import ControlAPI
import Recurrence
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("What campaigns refer to, and what comes of a change, as clients see it")
struct ReferenceViewTests {
    @Test("what a stop would do")
    func outlook() throws {
        let view = Sample.outlook("spring")
        #expect(view.cancels.map(\.queuePosition) == [2])
        #expect(view.goesOn.map(\.state) == [.running])
        #expect(view.drops.first == Instant("2026-12-08T08:00:00Z"))
        #expect(view.json.keys.sorted() == ["cancels", "drops", "goes_on"])
        #expect(try StopOutlookView(json: view.json) == view)
    }

    @Test("a trigger to come")
    func toCome() throws {
        let view = Sample.triggerToCome("welcome")
        #expect(view.isToCome)
        #expect(view.json["state"] == "waiting")
        #expect(view.json["origin"] == "trigger")
        #expect(try SendView(json: view.json) == view)
        #expect(!Sample.send("welcome").isToCome)
    }

    @Test("a surface and an audience")
    func surface() throws {
        let surface = SurfaceView(
            Surface(
                name: Slug("newsletter")!, channel: Slug("email")!, rate: MailRate("500/m"), timeout: .seconds(7_200)),
            running: 1, queued: 2)
        #expect(
            JSONValue.object(surface.json).description
                == #"{"channel":"email","max_concurrent":4,"name":"newsletter","queued":2,"rate":"500/m","#
                + #""retries":null,"running":1,"timeout":7200}"#)
        #expect(try SurfaceView(json: surface.json) == surface)
        let audience = AudienceView(name: Slug("subscribers")!, campaigns: 3)
        #expect(JSONValue.object(audience.json).description == #"{"campaigns":3,"name":"subscribers"}"#)
        #expect(try AudienceView(json: audience.json) == audience)
    }

    @Test(
        "how many recipients there are is a number and a sentence",
        arguments: [
            (.counted(0), 0, "vip has 0 recipients"), (.counted(1), 1, "vip has 1 recipient"),
            (.counted(1_200), 1_200, "vip has 1200 recipients"),
            (
                .onlyTheSurfaceKnows, nil,
                "vip is a reference, and only the surface knows how many recipients it has"
            ),
        ] as [(AudienceCount, Int?, String)])
    func count(count: AudienceCount, number: Int?, text: String) throws {
        let view = try AudienceCountView(Slug("vip")!, count)
        #expect((view.name, view.count, view.text) == ("vip", number, text))
        #expect(try AudienceCountView(json: view.json) == view)
    }

    @Test("a sample keeps the order of columns, and says why there is none")
    func sample() throws {
        let ada = Recipient(columns: [
            Recipient.Column(name: "name", value: "Ada"), Recipient.Column(name: "email", value: "ada@example.org"),
        ])
        let view = try AudienceSampleView(Slug("vip")!, .recipients([ada]))
        #expect(
            JSONValue.object(view.json).description
                == #"{"name":"vip","recipients":[{"columns":[{"name":"name","value":"Ada"},"#
                + #"{"name":"email","value":"ada@example.org"}]}],"text":null}"#)
        #expect(try AudienceSampleView(json: view.json) == view)
        #expect(try AudienceSampleView(Slug("vip")!, .recipients([])).text == "vip has no recipients")
        #expect(
            try AudienceSampleView(Slug("vip")!, .onlyTheSurfaceKnows).text
                == "vip is a reference, and only the surface knows who is in it")
        #expect(throws: ControlError.held(name: "audience", why: "vip can't be read: no such file")) {
            try AudienceSampleView(Slug("vip")!, .failed("no such file"))
        }
    }

    @Test("a proof has its campaign and version, the test of a surface neither")
    func tests() throws {
        let proof = Sample.test(
            of: "spring", .failed(reason: "mailbox full"),
            progress: SendProgress(done: 1, total: 1, failed: 1, note: "550"), to: "ada@example.org")
        #expect(
            JSONValue.object(proof.json).description
                == #"{"campaign":"spring","failed":1,"key":"proof/abcdefghijklmnopqrstuvwx23/a:1/2292cd018b4b2903","#
                + #""message":"news","note":"550","outcome":"failed","progress":1,"reason":"mailbox full","#
                + #""revision":3,"surface":"newsletter","to":"ada@example.org","total":1,"version":2}"#)
        #expect(try SendTestView(json: proof.json) == proof)
        let test = Sample.test(of: nil, nil, to: nil)
        #expect(
            JSONValue.object(test.json).description
                == #"{"campaign":null,"failed":null,"key":"test/newsletter/a:1/cbf29ce484222325","#
                + #""message":"surface-test","note":null,"outcome":"running","progress":null,"reason":null,"#
                + #""revision":3,"surface":"newsletter","to":null,"total":null,"version":null}"#)
        #expect(try SendTestView(json: test.json) == test)
    }

    @Test(
        "a test ends in one word and a reason",
        arguments: [
            (nil, .running, nil), (.sent, .sent, nil), (.failed(reason: "a"), .failed, "a"),
            (.temporary(reason: "b", retryAfterSeconds: 60), .temporary, "b"),
            (.interrupted(reason: "c"), .interrupted, "c"), (.cancelled(reason: "d"), .cancelled, "d"),
            (.revoked(reason: "e"), .cancelled, "e"),
        ] as [(AttemptOutcome?, SendTestView.Outcome, String?)])
    func outcome(outcome: AttemptOutcome?, word: SendTestView.Outcome, reason: String?) {
        let view = Sample.test(of: "spring", outcome, to: "ada@example.org")
        #expect((view.outcome, view.reason) == (word, reason))
    }

    @Test("a message with what it says")
    func message() throws {
        let view = MessageContentView(Sample.message(revision: 3, isPublished: false))
        #expect(
            JSONValue.object(view.json).description
                == #"{"attachments":[{"bytes":2,"name":"a.pdf"}],"cut":false,"file_name":"news.yaml","#
                + #""headers":[{"name":"List-Id","value":"x"},{"name":"X-A","value":"b"}],"html":"<p>Salut</p>","#
                + #""name":"news","published":false,"revision":3,"subject":"Été","text":"Salut\n"}"#)
        #expect(try MessageContentView(json: view.json) == view)
    }

    @Test("a body is cut at its limit, at the end of a character", arguments: [0, 1, 2, 3])
    func cut(shift: Int) {
        let limit = MessageContentView.bodyLimitBytes
        let prefix = String(repeating: "x", count: limit - shift)
        let view = MessageContentView(Sample.message(revision: 1, text: prefix + "🎉"))
        #expect(view.text == prefix)
        #expect(view.isCut)
        #expect(view.html == "<p>Salut</p>")
        let whole = String(repeating: "x", count: limit - 4) + "🎉"
        let fitting = MessageContentView(Sample.message(revision: 1, text: whole))
        #expect(fitting.text == whole)
        #expect(!fitting.isCut)
    }

    @Test("a campaign's definition has its present name and tags, whatever its version was written with")
    func details() {
        var definition = Sample.definition("old-name")
        definition.tags = ["old"]
        let details = CampaignDetails(
            campaign: Sample.campaign(named: "spring"), definition: definition, sourceText: nil, now: Sample.instant)
        #expect(details.definition.name == "spring")
        #expect(details.definition.tags == ["spring", "fr"])
        #expect(details.definition.title == "Soldes d’été 🎉")
    }
}
