import CampaignModel
import Testing

@testable import SendRecords

@Suite struct FolderNameTests {
    static let folders: [(String, String)] = [
        ("abc/2026-12-07T09:00:00[Europe/Paris]", "=abc%2F2026-12-07T09:00:00[Europe%2FParis]"),
        ("abc/2026-12-07T08:00:00Z", "=abc%2F2026-12-07T08:00:00Z"),
        ("..", "=.."), ("a%2Fb", "=a%252Fb"),
    ]

    @Test("a key names one folder that no other key names", arguments: folders)
    func folder(key: String, name: String) throws {
        #expect(StateDirectory.folderName(of: try #require(OccurrenceKey(key))) == name)
    }

    @Test("the name of a key's folder leads back to the key", arguments: [
        "abcdefghijklmnop/now/1", "a/b%c/d%2F", "x/%25%", "alerts/2026-12-07T08:00:00Z/17",
    ])
    func names(text: String) throws {
        let key = try #require(OccurrenceKey(text))
        #expect(StateDirectory.key(ofFolder: StateDirectory.folderName(of: key)) == key)
        #expect(StateDirectory.key(ofFolder: text) == nil)
    }
}
