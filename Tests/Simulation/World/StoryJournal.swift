import CampaignEngine
import CampaignModel

/// The journal as one life of the daemon reaches it.
struct StoryJournal: EventSink {
    let machine: Machine
    let life: Life

    struct Failure: Error {}

    func deliver(_ events: [RecordedEvent]) async throws {
        guard machine.journalIsUp else {
            // One that takes nothing may say so late.
            await machine.pause(upTo: 2_000)
            throw Failure()
        }
        await machine.pause(upTo: 20)
        guard !life.isOver else { throw Failure() }
        machine.judge.journal(events, life: life.number)
        // What the journal has taken the daemon may never learn.
        await machine.pause(upTo: 20)
    }
}
