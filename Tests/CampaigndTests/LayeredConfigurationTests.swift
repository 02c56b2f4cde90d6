import CampaignModel
import Recurrence
import Testing

@testable import campaignd

/// What several files and the environment say together.
@Suite("Drop-ins and variables")
struct LayeredConfigurationTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        for name in ["conf.d", "surfaces.d", "audiences.d"] { folder.makeFolder(name) }
    }

    private func read(_ variables: [String: String] = [:]) throws(ConfigurationError) -> ReadConfiguration {
        try ConfigurationReader(
            directory: folder.path, zones: SystemZones(directory: nil), variables: variables
        ).readOrExplain()
    }

    private func complaint(_ variables: [String: String] = [:]) throws -> String {
        let error = try #require(throws: ConfigurationError.self) { try read(variables) }
        return error.description.replacing(folder.path, with: "DIR")
    }

    /// Where settings come from that are not at their default.
    private func sources(_ read: ReadConfiguration) -> [String: String] {
        let all = DaemonSetting.all.map { ($0.key, read.source(of: $0).replacing(folder.path, with: "DIR")) }
        return Dictionary(uniqueKeysWithValues: all).filter { $0.value != "default" }
    }

    @Test("drop-ins are read by name after campaignd.yaml, and later values win key by key, in sections too")
    func order() throws {
        folder.write("retries: 1\nlate_limit: 2h\nlimits:\n  campaigns: 1\n  versions: 2\n", to: "campaignd.yaml")
        folder.write("retries: 3\n", to: "conf.d/9.yaml")
        folder.write("\nretries: 2\nlimits: {campaigns: 20}\naccess: {viewers: []}\n", to: "conf.d/10-Site.yaml")
        let found = try read()
        #expect(found.configuration.settings.retries == 3)
        #expect(found.configuration.settings.lateLimit == .seconds(7_200))
        #expect(found.configuration.settings.limits.campaigns == 20)
        #expect(found.configuration.settings.limits.versions == 2)
        #expect(found.configuration.access.viewers == [])
        #expect(found.configuration.access.operators == ["campaignd"])
        let files = ["campaignd.yaml", "conf.d/10-Site.yaml", "conf.d/9.yaml"].map { "\(folder.path)/\($0)" }
        #expect(found.files == files)
        #expect(
            sources(found) == [
                "retries": "DIR/conf.d/9.yaml:1", "late_limit": "DIR/campaignd.yaml:2",
                "limits.campaigns": "DIR/conf.d/10-Site.yaml:3", "limits.versions": "DIR/campaignd.yaml:5",
                "access.viewers": "DIR/conf.d/10-Site.yaml:4",
            ])
    }

    @Test("a drop-in needs no campaignd.yaml, and hidden files and other endings are nobody's business")
    func otherFiles() throws {
        for name in [".hidden.yaml", "a.yaml~", "a.yml", "README", "a.yaml.dpkg-dist"] {
            folder.write("[", to: "conf.d/\(name)")
        }
        #expect(try read().files == [])
        folder.write("retries: 7\n", to: "conf.d/a.yaml")
        #expect(try read().configuration.settings.retries == 7)
        #expect(try read().files == ["\(folder.path)/conf.d/a.yaml"])
    }

    static let faults: [(String, String)] = [
        ("retrys: 1\n", "1:1: retrys: unknown key; did you mean retries?"),
        ("limits:\n  campaigns: 0\n", "2:14: limits.campaigns: \"0\" is not a whole number from 1 to 10000000"),
        ("on_alert: pager\n", "1:11: on_alert: \"pager\" is no surface of surfaces.d"),
        ("- a\n", "1:1: is a list, and must be a mapping of keys to values"),
        ("a: [\n", "2:1: is not YAML: did not find expected node content"),
    ]

    @Test("what is wrong in a drop-in is told with its place", arguments: faults)
    func fault(text: String, expected: String) throws {
        folder.write(text, to: "conf.d/50.yaml")
        #expect(try complaint() == "DIR/conf.d/50.yaml:" + expected)
    }

    @Test("a value that is overridden is checked all the same")
    func overridden() throws {
        folder.write("retries: many\n", to: "campaignd.yaml")
        folder.write("retries: 2\n", to: "conf.d/50.yaml")
        let expected = "DIR/campaignd.yaml:1:10: retries: \"many\" is not a whole number from 0 to 100"
        #expect(try complaint(["CAMPAIGND_RETRIES": "1"]) == expected)
    }

    @Test("a drop-in turns off what names a surface")
    func none() throws {
        folder.write("channel: sms\ncommand: {run: /bin/true}\n", to: "surfaces.d/pager.yaml")
        folder.write("on_alert: pager\n", to: "campaignd.yaml")
        #expect(try read().configuration.settings.onAlert == Slug("pager"))
        folder.write("on_alert: ''\n", to: "conf.d/50.yaml")
        #expect(try read().configuration.settings.onAlert == nil)
        #expect(try read(["CAMPAIGND_ON_ALERT": "pager"]).configuration.settings.onAlert == Slug("pager"))
    }

    @Test("more than 1,000 drop-ins are refused before any is read")
    func tooMany() throws {
        for number in 0...1_000 { folder.write("[", to: "conf.d/a\(number).yaml") }
        #expect(try complaint() == "DIR/conf.d: has 1001 files; 1000 at most are allowed")
    }

    // MARK: Variables

    @Test("each setting has a variable, and that wins over every file")
    func variables() throws {
        folder.write("channel: sms\ncommand: {run: /bin/true}\n", to: "surfaces.d/pager.yaml")
        folder.write("retries: 1\naccess: {operators: [a]}\n", to: "conf.d/50.yaml")
        let variables = [
            "CAMPAIGND_TICK_INTERVAL": "200ms", "CAMPAIGND_COMPLETES_AFTER": "48h", "CAMPAIGND_LATE_LIMIT": "90m",
            "CAMPAIGND_MIN_SPACING": "30s", "CAMPAIGND_MAX_CONCURRENT": "3", "CAMPAIGND_RETRIES": "0",
            "CAMPAIGND_DEFAULT_TIMEZONE": "Europe/Paris", "CAMPAIGND_CLOCK_TOLERANCE": "2h",
            "CAMPAIGND_SLOW_AFTER": "5m", "CAMPAIGND_ON_ALERT": "pager", "CAMPAIGND_LIMITS_CAMPAIGNS": "10",
            "CAMPAIGND_LIMITS_VERSIONS": "11", "CAMPAIGND_LIMITS_MESSAGES": "12",
            "CAMPAIGND_LIMITS_PENDING_TRIGGERS": "13", "CAMPAIGND_ACCESS_OPERATORS": "marketing, campaignd,",
            "CAMPAIGND_ACCESS_VIEWERS": "", "CAMPAIGND_RETENTION_HISTORY": "60d", "CAMPAIGND_RETENTION_SENDS": "30d",
            "CAMPAIGND_RETENTION_RECIPIENTS": "31d",
        ]
        #expect(Set(DaemonSetting.all.map(\.variable)) == Set(variables.keys))
        let found = try read(variables)
        #expect(found.remarks == [])
        let own = DaemonSetting.all.map { ($0.key, "$\($0.variable)") }
        #expect(sources(found) == Dictionary(uniqueKeysWithValues: own))
        let told = DaemonSetting.all.map { "\($0.key) \($0.text(in: found.configuration))" }
        #expect(
            told == [
                "tick_interval 200ms", "completes_after 48h", "late_limit 90m", "min_spacing 30s", "max_concurrent 3",
                "retries 0", "default_timezone Europe/Paris", "clock_tolerance 2h", "slow_after 5m", "on_alert pager",
                "limits.campaigns 10", "limits.versions 11", "limits.messages 12", "limits.pending_triggers 13",
                "retention.history 60d", "retention.sends 720h", "retention.recipients 744h",
                #"access.operators ["marketing", "campaignd"]"#, "access.viewers []",
            ])
        #expect(found.configuration.settings.limits.pendingTriggers == 13)
        #expect(found.configuration.access.operators == ["marketing", "campaignd"])
    }

    @Test(
        "a variable whose value can't be taken is told by its name",
        arguments: [
            ("CAMPAIGND_RETRIES", "", #""" is not a whole number from 0 to 100"#),
            ("CAMPAIGND_LIMITS_CAMPAIGNS", "-1", #""-1" is not a whole number from 1 to 10000000"#),
            ("CAMPAIGND_TICK_INTERVAL", "5", #""5" is not a duration from 100ms to 1h"#),
            ("CAMPAIGND_ON_ALERT", "no one", #""no one" is no surface of surfaces.d"#),
            (
                "CAMPAIGND_DEFAULT_TIMEZONE", "Europe/Pariss",
                #""Europe/Pariss" is not in the time zone database; the nearest name there is Europe/Paris"#
            ),
        ])
    func badVariable(name: String, value: String, reason: String) throws {
        #expect(try complaint([name: value]) == "$\(name): \(reason)")
    }

    @Test("a variable that is no setting is told of and passed over, unless it is known to be somebody else's")
    func strange() throws {
        let found = try read([
            "CAMPAIGND_RETRYS": "1", "CAMPAIGND_COLOUR": "red", "CAMPAIGND_SOCKET": "/s", "CAMPAIGND_FAULT": "kill@a",
            "CAMPAIGND_TEST_PYTHON": "python3", "CAMPAIGNCTL": "x", "RETRIES": "9",
        ])
        #expect(
            found.remarks == [
                "$CAMPAIGND_COLOUR is no setting, and is passed over",
                "$CAMPAIGND_RETRYS is no setting, and is passed over; did you mean $CAMPAIGND_RETRIES?",
            ])
        #expect(found.configuration == DaemonConfiguration())
    }
}
