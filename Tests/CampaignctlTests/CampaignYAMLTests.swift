import CampaignModel
import SeededRandom
import Testing

@testable import campaignctl

@Suite("A campaign file that is written for its author")
struct CampaignYAMLTests {
    @Test("its keys come in the order of a campaign file, every value in quotes")
    func whole() throws {
        var definition = CampaignDefinition()
        definition.name = "spring"
        definition.title = "Soldes d’été 🎉 \"no\": #1\\"
        definition.tags = ["no", "010"]
        definition.schedule = ScheduleDefinition()
        definition.schedule?.start = "2026-12-07T09:00"
        definition.schedule?.at = []
        definition.schedule?.count = "12"
        definition.retries = "3"
        #expect(
            CampaignYAML.text(definition) == #"""
                name: "spring"
                title: "Soldes d’été 🎉 \"no\": #1\\"
                tags: ["no", "010"]
                schedule:
                  start: "2026-12-07T09:00"
                  at: []
                  count: "12"
                retries: "3"

                """#)
    }

    @Test("whatever a definition says is read back from it", arguments: 0..<400)
    func roundTrip(seed: UInt64) throws {
        var random = Definitions(generator: SeededGenerator(seed: seed))
        let definition = random.definition()
        let text = CampaignYAML.text(definition)
        let read = try CampaignFile.definition(of: Array(text.utf8), file: "seed \(seed)")
        #expect(read == definition)
        let unsafe = text.unicodeScalars.contains { $0 != "\n" && $0.isUnsafeToDisplay }
        #expect(!unsafe)
    }
}

/// Definitions with any texts, sound or not.
private struct Definitions {
    var generator: SeededGenerator

    mutating func definition() -> CampaignDefinition {
        var definition = CampaignDefinition()
        definition.name = text()
        definition.title = text()
        definition.type = text()
        definition.channel = text()
        definition.surface = text()
        definition.message = text()
        definition.audience = text()
        definition.tags = texts()
        definition.schedule = Bool.random(using: &generator) ? schedule() : nil
        definition.overlap = text()
        definition.lateLimit = text()
        definition.retries = text()
        definition.onInterrupt = text()
        return definition
    }

    private mutating func schedule() -> ScheduleDefinition {
        var schedule = ScheduleDefinition()
        schedule.start = text()
        schedule.timezone = text()
        schedule.every = text()
        schedule.days = texts()
        schedule.at = texts()
        schedule.end = text()
        schedule.count = text()
        schedule.except = texts()
        schedule.gap = text()
        schedule.monthEnd = text()
        schedule.rrule = text()
        return schedule
    }

    private mutating func texts() -> [String]? {
        guard Bool.random(using: &generator) else { return nil }
        return (0..<Int.random(in: 0...3, using: &generator)).map { _ in text() ?? "" }
    }

    private mutating func text() -> String? {
        guard Int.random(in: 0..<3, using: &generator) > 0 else { return nil }
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &generator) { text.unicodeScalars.append(scalar()) }
        // What reads YAML takes a mark at the beginning of a value for one of the byte order, and leaves it out.
        return text.unicodeScalars.first == "\u{FEFF}" ? nil : text
    }

    private mutating func scalar() -> Unicode.Scalar {
        let odd: [Unicode.Scalar] = [
            "\"", "\\", "'", ":", "#", "-", "?", "&", "*", "!", "%", "@", "`", "|", ">", "{", "}", "[", "]", ",", " ",
            "\t", "\n", "\r", "\u{0}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}",
            "\u{FFFF}", "\u{1FFFF}", "\u{202E}", "\u{301}", "🎉", "é",
        ]
        while true {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: return odd[Int.random(in: 0..<odd.count, using: &generator)]
            case 1: return Unicode.Scalar(UInt8.random(in: 0...0x7F, using: &generator))
            case 2: return Unicode.Scalar(UInt8.random(in: 0x61...0x7A, using: &generator))
            default:
                let value = UInt32.random(in: 0...0x10FFFF, using: &generator)
                if let scalar = Unicode.Scalar(value) { return scalar }
            }
        }
    }
}

@Suite("The text of a campaign's file under another name")
struct SourceTextTests {
    @Test("the name alone is another, with what stands around it", arguments: [
        ("name: weekly\ntitle: \"weekly\"\n", "name: copy\ntitle: \"weekly\"\n"),
        ("# name: weekly\nname:   'weekly'  # ours\r\n", "# name: weekly\nname:   copy  # ours\r\n"),
        ("title: A\nname: \"weekly\"", "title: A\nname: copy"),
        ("name: copy\n", "name: copy\n"), ("name: \"copy\" # same\n", "name: \"copy\" # same\n"),
        ("{name: weekly}\n", "{name: weekly}\n"), ("schedule:\n  name: weekly\n", "schedule:\n  name: weekly\n"),
        ("name:\n  weekly\n", "name:\n  weekly\n"), ("", ""),
    ])
    func renamed(text: String, expected: String) {
        #expect(SourceText.text(text, named: "copy") == expected)
    }
}
