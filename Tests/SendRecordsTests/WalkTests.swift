import CampaignModel
import SendProtocol
import SimulatedDisk
import Testing

/// The records' own code, ended in place of each step of a process.
@Suite("A sender ends at any step")
struct WalkTests {
    static let seeds: [UInt64] = [1, 2, 3, 4]

    @Test("by a power cut: what was told stands, nothing begins twice", arguments: Story.all)
    func powerCut(story: Story) {
        let all = Walk(story: story, trouble: .powerCut(.everything), seed: 0).run()
        #expect(all.complaints == [])
        #expect(all.steps.contains("tell"), "\(all.steps)")
        for seed in Self.seeds {
            #expect(Walk(story: story, trouble: .powerCut(.some), seed: seed).run().complaints == [])
        }
    }

    @Test("by a kill: what was told stands, nothing begins twice", arguments: Story.all)
    func kill(story: Story) {
        #expect(Walk(story: story, trouble: .kill, seed: 0).run().complaints == [])
    }

    @Test("on a disk that is full from then on, nothing began or it ends with its outcome", arguments: Story.all)
    func fullDisk(story: Story) {
        #expect(Walk(story: story, trouble: .fullDisk, seed: 0).run().complaints == [])
    }

    @Test("on a disk that breaks: what was told stands, nothing begins twice", arguments: Story.all)
    func brokenDisk(story: Story) {
        #expect(Walk(story: story, trouble: .brokenDisk, seed: 0).run().complaints == [])
    }

    @Test("a send takes every kind of step, so that none goes untried")
    func steps() throws {
        let walk = Walk(story: Story.all[0], trouble: .kill, seed: 0).run()
        let kinds = Set(walk.steps)
        #expect(kinds == [
            "mkdir", "open", "fsync", "flock", "fallocate", "write", "ftruncate", "link", "rename", "unlink", "rmdir",
            "tell", "begin", "end", "reach accepted", "reach accepted-told", "reach outcome-written",
            "reach outcome-told",
        ])
        #expect(walk.syncs == 6)
    }

    @Test("by a kill, and the next one by a power cut: what either told stands", arguments: [
        Sample.send(), Sample.send(surface: "nowhere"), .revoke(Sample.attempt(), reason: "stopped"),
    ])
    func killThenPowerCut(request: SenderRequest) {
        let story = Story(name: "killed", request: request, ending: nil)
        let steps = Walk(story: story, trouble: .kill, seed: 0).run().steps
        // Between these and the steps before them lies all that can be half done.
        let places = steps.indices.filter { ["fsync", "link", "rename", "tell"].contains(steps[$0]) }
        #expect(places.count > 4)
        for place in places {
            let story = Story.afterKill(at: place + 1, of: request, then: request)
            #expect(Walk(story: story, trouble: .powerCut(.everything), seed: 0).run().complaints == [])
        }
    }

    @Test("a program that lacks any of its syncs is found", arguments: Story.all.filter(\.needsEachSync))
    func lackingSync(story: Story) {
        let syncs = Walk(story: story, trouble: .kill, seed: 0).run().syncs
        for number in 0..<syncs {
            let walk = Walk(story: story, trouble: .powerCut(.everything), seed: 0, lackingSync: number + 1)
            #expect(walk.run().complaints != [], "sync \(number + 1) of \(syncs)")
        }
    }
}
