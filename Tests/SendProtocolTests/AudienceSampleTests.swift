import CampaignModel
import SendProtocol
import Testing

@Suite struct AudienceSampleTests {
    private func recipient(columns: Int, value: String) -> Recipient {
        Recipient(columns: (0..<columns).map { Recipient.Column(name: "column \($0)", value: value) })
    }

    private func recipients(_ sample: AudienceSample) throws -> [Recipient] {
        guard case .recipients(let list) = sample else {
            Issue.record("\(sample)")
            return []
        }
        return list
    }

    @Test("a usual sample stays as it is, and cutting it again changes nothing")
    func usual() throws {
        let sample = AudienceSample.recipients(
            Array(repeating: recipient(columns: 20, value: "Ann \"A\" é"), count: 100))
        #expect(sample.cutForAnswer == sample)
        #expect(AudienceSample.onlyTheSurfaceKnows.cutForAnswer == .onlyTheSurfaceKnows)
        #expect(AudienceSample.failed("x").cutForAnswer == .failed("x"))
    }

    @Test("values are shown safely and cut with a mark, and columns beyond the limit are left out")
    func values() throws {
        let long = String(repeating: "x", count: 300)
        let sample = AudienceSample.recipients([
            recipient(columns: 65, value: "a\u{202E}b\n"),
            Recipient(columns: [Recipient.Column(name: long, value: long)]),
        ]).cutForAnswer
        let found = try recipients(sample)
        #expect(found[0].columns.count == 64)
        #expect(found[0].columns.allSatisfy { $0.value == "a\\u{202E}b\\u{A}" })
        let cut = String(repeating: "x", count: 234) + "… (300 bytes in all)"
        #expect(found[1].columns == [Recipient.Column(name: cut, value: cut)])
        #expect(sample.cutForAnswer == sample)
    }

    /// Texts that grow as much as any can: in JSON, when they are made safe to show, by their characters' bytes.
    @Test("the largest sample fits into one answer", arguments: ["\"", "\\", "\u{1B}", "\u{202E}", "🎉", "/", "x"])
    func largest(character: String) throws {
        let text = String(repeating: character, count: 2_000)
        let one = Recipient(columns: (0..<100).map { _ in Recipient.Column(name: text, value: text) })
        let sample = AudienceSample.recipients(Array(repeating: one, count: 100)).cutForAnswer
        let answer = SenderAnswer.sample(sample)
        let found = try recipients(sample)
        #expect((15...100).contains(found.count))
        #expect(try SenderAnswer(answer.frame()) == answer)
    }

    @Test("a hundred recipients of ten full columns fit all")
    func hundred() throws {
        let one = recipient(columns: 10, value: String(repeating: "x", count: 256))
        let sample = AudienceSample.recipients(Array(repeating: one, count: 100))
        #expect(sample.cutForAnswer == sample)
        #expect(try SenderAnswer(SenderAnswer.sample(sample).frame()) == .sample(sample))
    }
}
