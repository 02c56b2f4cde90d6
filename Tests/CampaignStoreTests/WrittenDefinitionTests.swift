import CampaignModel
import Foundation
import Testing

@testable import CampaignStore

/// The short way to read a definition is the decoder's, or none.
@Suite("Definitions as the ledger writes them")
struct WrittenDefinitionTests {
    private func written(_ definition: CampaignDefinition) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(definition), as: UTF8.self)
    }

    @Test("a definition with every value is read as it was written")
    func whole() throws {
        var definition = CampaignDefinition()
        for path: WritableKeyPath<CampaignDefinition, String?> in [
            \.name, \.title, \.type, \.channel, \.surface, \.message, \.audience, \.overlap, \.lateLimit, \.retries,
            \.onInterrupt,
        ] { definition[keyPath: path] = "a/b é 日本 \u{7F}" }
        definition.tags = ["a", "b"]
        var schedule = ScheduleDefinition()
        for path: WritableKeyPath<ScheduleDefinition, String?> in [
            \.start, \.timezone, \.every, \.end, \.count, \.gap, \.monthEnd, \.rrule,
        ] { schedule[keyPath: path] = "2026-12-07T09:00" }
        schedule.days = []
        schedule.at = ["09:00"]
        schedule.except = ["2026-12-28", "2026-12-29"]
        definition.schedule = schedule
        #expect(WrittenDefinition.read(try written(definition)) == definition)
        #expect(WrittenDefinition.read(try written(CampaignDefinition())) == CampaignDefinition())
        definition.schedule = ScheduleDefinition()
        #expect(WrittenDefinition.read(try written(definition)) == definition)
    }

    @Test("of random ones each is read as the decoder reads it, or left to the decoder for an escape")
    func random() throws {
        var samples = Samples()
        var read = 0
        for _ in 0..<500 {
            let definition = samples.definition()
            let text = try written(definition)
            guard let found = WrittenDefinition.read(text) else {
                #expect(text.contains("\\"), "\(text)")
                continue
            }
            read += 1
            #expect(found == definition)
        }
        #expect(read > 100)
    }

    @Test(
        "any other form is left to the decoder",
        arguments: [
            "", "{", "{}x", " {}", #"{"title":"a" }"#, #"{"title":null}"#, #"{"retries":3}"#,
            #"{"title":"a","title":"b"}"#, #"{"type":"a","title":"b"}"#, #"{"other":"a"}"#, #"{"title":"\u0041"}"#,
            #"{"title":"a}"#, #"{"tags":["a",]}"#, #"{"tags":"a"}"#, #"{"title":["a"]}"#,
            #"{"schedule":[]}"#, #"{"schedule":{"name":"a"}}"#, "[]", #""a""#,
            "{\"title\":\"a\nb\"}", #"{"title":"a",}"#,
        ])
    func other(text: String) {
        #expect(WrittenDefinition.read(text) == nil)
    }
}
