import CampaignEngine
import CampaignModel
import GRDB
import Testing

@testable import CampaignStore

@Suite("Messages")
struct MessageTests {
    let ledger: TemporaryLedger
    let hello = slug("hello")
    var store: Store { ledger.store }

    init() throws {
        ledger = try TemporaryLedger()
    }

    @Test("each put is a new revision, publish publishes the newest, and both are told")
    func revisions() throws {
        var second = Samples.plain
        second.subject = "Hello again"
        #expect(try store.publish(hello, by: someone, at: instant(0)) == nil)
        #expect(try store.put(Samples.plain, as: hello, by: someone, at: instant(1)) == 1)
        #expect(try store.publish(hello, by: someone, at: instant(2)) == 1)
        #expect(try store.put(second, as: hello, by: someone, at: instant(3)) == 2)
        let first = try store.message(MessageReference(name: hello, revision: 1))
        #expect(first == Message(name: hello, revision: 1, isPublished: true, content: Samples.plain))
        let newest = try store.message(MessageReference(name: hello, revision: 2))
        #expect(newest == Message(name: hello, revision: 2, isPublished: false, content: second))
        #expect(try store.message(MessageReference(name: hello, revision: 3)) == nil)
        let events = try store.events(after: 0, limit: 9).map(\.event)
        #expect(events.map(\.kind) == [.messagePut, .messagePublished, .messagePut])
        #expect(events.map(\.actor) == [someone, someone, someone])
        #expect(events[1].text == "message hello: revision 1 published")
        #expect(try store.newestWrite() == instant(3))
    }

    @Test("publishing what is published changes nothing")
    func publishTwice() throws {
        _ = try store.put(Samples.plain, as: hello, by: someone, at: instant(1))
        #expect(try store.publish(hello, by: someone, at: instant(2)) == 1)
        #expect(try store.publish(hello, by: someone, at: instant(3)) == 1)
        #expect(try store.events(after: 0, limit: 9).count == 2)
    }

    @Test("a revision never changes and stays published, whoever asks")
    func frozen() throws {
        var content = Samples.plain
        content.attachments = [MessageFile(name: "a.pdf", bytes: [1, 2])]
        _ = try store.put(content, as: hello, by: someone, at: instant(1))
        _ = try store.publish(hello, by: someone, at: instant(2))
        for sql in [
            "UPDATE message_revisions SET text = x'00'", "UPDATE message_revisions SET published_at = NULL",
            "UPDATE message_attachments SET bytes = x'00'", "DELETE FROM message_revisions",
        ] {
            #expect(throws: DatabaseError.self, "\(sql)") { try store.pool.write { try $0.execute(sql: sql) } }
        }
    }

    @Test("the list tells newest and published revision of each, page by page")
    func list() throws {
        for name in ["c", "a", "b"] { _ = try store.put(Samples.plain, as: slug(name), by: someone, at: instant(1)) }
        _ = try store.publish(slug("b"), by: someone, at: instant(2))
        _ = try store.put(Samples.plain, as: slug("b"), by: someone, at: instant(3))
        let first = try store.messages(limit: 2)
        #expect(
            first.items == [
                MessageListing(name: slug("a"), newest: 1, published: nil, putAt: instant(1)),
                MessageListing(name: slug("b"), newest: 2, published: 1, putAt: instant(3)),
            ])
        let second = try store.messages(after: first.next, limit: 2)
        #expect(second.items.map(\.name.text) == ["c"])
        #expect(second.next == nil)
        #expect(try store.messageCount() == 3)
    }
}
