import CampaignModel
import Glibc
import Recurrence
import Testing

@testable import campaignd

/// What the daemon takes from its configuration directory, and how it tells what it can't take.
@Suite struct ConfigurationReaderTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
        folder.makeFolder("surfaces.d")
        folder.makeFolder("audiences.d")
    }

    private func read() throws(ConfigurationError) -> DaemonConfiguration {
        try ConfigurationReader(
            directory: folder.path, zones: SystemZones(directory: nil)
        ).readOrExplain().configuration
    }

    /// The whole error, with `DIR` for the directory.
    private func complaint() throws -> String {
        let error = try #require(throws: ConfigurationError.self) { try read() }
        return error.description.replacing(folder.path, with: "DIR")
    }

    @Test(
        "what is printed of it says where each value comes from, and is read as the same",
        arguments: [
            ("", "late_limit: 1h  # default"),
            ("# Ours.\nlate_limit: 90m\n", "late_limit: 90m  # DIR/campaignd.yaml:2"),
            ("limits: {campaigns: 10}\n", "campaigns: 10  # DIR/campaignd.yaml:1"),
            ("on_alert: pager\n", "on_alert: pager  # DIR/campaignd.yaml:1"),
            (
                #"access: {operators: ["a \"b\"", c], viewers: []}"#,
                #"operators: ["a \"b\"", "c"]  # DIR/campaignd.yaml:1"#
            ),
        ])
    func printed(text: String, line: String) throws {
        let reader = ConfigurationReader(directory: folder.path, zones: SystemZones(directory: nil))
        folder.write("channel: sms\nmax_concurrent: 2\ncommand: {run: /bin/true}\n", to: "surfaces.d/pager.yaml")
        if !text.isEmpty { folder.write(text, to: "campaignd.yaml") }
        let found = try reader.read()
        let page = ConfigurationPage(read: found, directory: folder.path)
        let lines = page.lines.map {
            $0.replacing(folder.path, with: "DIR").replacing(/^[ ]+/, with: "").replacing(/[ ]+#/, with: "  #")
        }
        #expect(lines.contains(line))
        #expect(lines.contains("# surface pager: sms, 2 at a time, 1h each  # DIR/surfaces.d/pager.yaml"))
        folder.write(page.lines.joined(separator: "\n"), to: "campaignd.yaml")
        #expect(try read() == found.configuration)
    }

    @Test("every key of campaignd.yaml is taken")
    func everyKey() throws {
        folder.write(
            """
            tick_interval: 200ms
            completes_after: 2d
            late_limit: 90m
            min_spacing: 30s
            max_concurrent: 3
            retries: 0
            default_timezone: Europe/Paris
            clock_tolerance: 2h
            slow_after: 5m
            on_alert: pager
            limits:
              campaigns: 10
              versions: 11
              messages: 12
              pending_triggers: 13
            access:
              operators: [marketing, campaignd]
              viewers: office

            """, to: "campaignd.yaml")
        folder.write("channel: sms\ncommand: {run: /bin/true}\n", to: "surfaces.d/pager.yaml")
        let configuration = try read()
        var expected = Settings()
        expected.tickInterval = .milliseconds(200)
        expected.completesAfter = .seconds(2 * 86_400)
        expected.lateLimit = .seconds(90 * 60)
        expected.minSpacing = .seconds(30)
        expected.maxConcurrent = 3
        expected.retries = 0
        expected.defaultTimezone = "Europe/Paris"
        expected.clockTolerance = .seconds(7_200)
        expected.slowAfter = .seconds(300)
        expected.onAlert = Slug("pager")
        expected.limits.campaigns = 10
        expected.limits.versions = 11
        expected.limits.messages = 12
        expected.limits.pendingTriggers = 13
        #expect(configuration.settings == expected)
        #expect(configuration.access.operators == ["marketing", "campaignd"])
        #expect(configuration.access.viewers == ["office"])
    }

    @Test("without a file, and with an empty one, every key has its default", arguments: [nil, "", "# nothing\n"])
    func defaults(text: String?) throws {
        if let text { folder.write(text, to: "campaignd.yaml") }
        let configuration = try read()
        #expect(configuration.settings == Settings())
        #expect(configuration.settings.tickInterval == .seconds(30))
        #expect(configuration.settings.completesAfter == .seconds(72 * 3_600))
        #expect(configuration.settings.maxConcurrent == 8)
        #expect(configuration.access == DaemonConfiguration.Access())
        #expect(configuration.access.operators == ["campaignd"])
        #expect(configuration.access.viewers == ["campaignd-view"])
        #expect(configuration.catalogue == Catalogue())
    }

    @Test("a directory that has neither folders nor files is a configuration of defaults")
    func nothing() throws {
        rmdir(folder.path + "/surfaces.d")
        rmdir(folder.path + "/audiences.d")
        #expect(try read().catalogue == Catalogue())
    }

    @Test("an empty list of groups names nobody")
    func noGroups() throws {
        folder.write("access:\n  operators: []\n", to: "campaignd.yaml")
        #expect(try read().access.operators == [])
        #expect(try read().access.viewers == ["campaignd-view"])
    }

    static let faults: [(String, String)] = [
        ("tick_intervall: 1s\n", "1:1: tick_intervall: unknown key; did you mean tick_interval?"),
        ("colour: red\n",
         "1:1: colour: unknown key; allowed are access, clock_tolerance, completes_after, default_timezone, "
            + "late_limit, limits, max_concurrent, min_spacing, on_alert, retention, retries, slow_after, "
            + "tick_interval"),
        ("on_alert: pager\n", "1:11: on_alert: \"pager\" is no surface of surfaces.d"),
        ("retries: 1\nretries: 2\n", "2:1: retries: repeated key"),
        ("# at first a comment\ntick_interval: 99ms\n",
         "2:16: tick_interval: \"99ms\" is not a duration from 100ms to 1h"),
        ("tick_interval: 61m\n", "1:16: tick_interval: \"61m\" is not a duration from 100ms to 1h"),
        ("tick_interval: 5\n", "1:16: tick_interval: \"5\" is not a duration from 100ms to 1h"),
        ("tick_interval: 1.5s\n", "1:16: tick_interval: \"1.5s\" is not a duration from 100ms to 1h"),
        ("tick_interval:\n", "1:15: tick_interval: \"\" is not a duration from 100ms to 1h"),
        ("tick_interval: [1s]\n", "1:16: tick_interval: is a list, and must be a single value"),
        ("completes_after: 0s\n", "1:18: completes_after: \"0s\" is not a duration from 1ms to 366d"),
        ("completes_after: 367d\n", "1:18: completes_after: \"367d\" is not a duration from 1ms to 366d"),
        ("late_limit: soon\n", "1:13: late_limit: \"soon\" is not a duration from 1s to 366d"),
        ("late_limit: 999ms\n", "1:13: late_limit: \"999ms\" is not a duration from 1s to 366d"),
        ("min_spacing: 25h\n", "1:14: min_spacing: \"25h\" is not a duration from 1ms to 24h"),
        ("clock_tolerance: -1h\n", "1:18: clock_tolerance: \"-1h\" is not a duration from 1ms to 366d"),
        ("max_concurrent: 0\n", "1:17: max_concurrent: \"0\" is not a whole number from 1 to 1000"),
        ("max_concurrent: 1001\n", "1:17: max_concurrent: \"1001\" is not a whole number from 1 to 1000"),
        ("max_concurrent: eight\n", "1:17: max_concurrent: \"eight\" is not a whole number from 1 to 1000"),
        ("max_concurrent: 8.0\n", "1:17: max_concurrent: \"8.0\" is not a whole number from 1 to 1000"),
        ("retries: 101\n", "1:10: retries: \"101\" is not a whole number from 0 to 100"),
        ("retries: -1\n", "1:10: retries: \"-1\" is not a whole number from 0 to 100"),
        ("retries: \"1\\e[31m\"\n", "1:10: retries: \"1\\u{1B}[31m\" is not a whole number from 0 to 100"),
        ("default_timezone: Europe/Pariss\n",
         "1:19: default_timezone: \"Europe/Pariss\" is not in the time zone database; "
            + "the nearest name there is Europe/Paris"),
        ("default_timezone: ../../etc/passwd\n",
         "1:19: default_timezone: \"../../etc/passwd\" is not the name of a time zone; "
            + "names such as Europe/Paris, of at most 255 bytes, are allowed"),
        ("default_timezone: {}\n", "1:19: default_timezone: is a mapping, and must be a single value"),
        ("limits: 5\n", "1:9: limits: is a single value, and must be a mapping of keys to values"),
        ("limits:\n  campaign: 5\n", "2:3: limits.campaign: unknown key; did you mean campaigns?"),
        ("limits:\n  campaigns: 0\n", "2:14: limits.campaigns: \"0\" is not a whole number from 1 to 10000000"),
        ("limits:\n  versions: 1000001\n",
         "2:13: limits.versions: \"1000001\" is not a whole number from 1 to 1000000"),
        ("limits:\n  messages: many\n", "2:13: limits.messages: \"many\" is not a whole number from 1 to 10000000"),
        ("limits:\n  pending_triggers: 0\n",
         "2:21: limits.pending_triggers: \"0\" is not a whole number from 1 to 1000000"),
        ("access: everybody\n", "1:9: access: is a single value, and must be a mapping of keys to values"),
        ("access:\n  operator: a\n", "2:3: access.operator: unknown key; did you mean operators?"),
        ("access:\n  operators: {a: b}\n", "2:14: access.operators: is a mapping, and must be a list"),
        ("access:\n  operators: [a, [b]]\n", "2:18: access.operators[1]: is a list, and must be a single value"),
        ("access:\n  viewers:\n", "2:11: access.viewers: a group's name is empty; write [] to name no group"),
        ("access:\n  viewers: [a, '']\n", "2:12: access.viewers: a group's name is empty; write [] to name no group"),
        ("- a list\n", "1:1: is a list, and must be a mapping of keys to values"),
        ("nothing but words\n", "1:1: is a single value, and must be a mapping of keys to values"),
        ("retries: [1\n", "2:1: is not YAML: did not find expected ',' or ']'"),
        ("retries: !int 1\n", "1:10: retries: tags (!name) are not allowed"),
        ("retries: &r 1\n", "1:10: retries: anchors (&name) are not allowed"),
        ("retries: 1\n---\nretries: 2\n", "3:1: a second document starts here; one is allowed"),
    ]

    @Test("what is wrong in campaignd.yaml is told with file, line, column and key", arguments: faults)
    func fault(text: String, expected: String) throws {
        folder.write(text, to: "campaignd.yaml")
        #expect(try complaint() == "DIR/campaignd.yaml:" + expected)
    }

    @Test("bytes that are not UTF-8, and a file that is too large, are told")
    func bytes() throws {
        folder.write(bytes: Array("retries: 1\n# caf".utf8) + [0xE9, 0x0A], to: "campaignd.yaml")
        #expect(try complaint() == "DIR/campaignd.yaml:2:6: is not valid UTF-8 here")
        folder.write(String(repeating: "#", count: 1_048_577), to: "campaignd.yaml")
        let size = try complaint()
        #expect(size.hasPrefix("DIR/campaignd.yaml: has "))
        #expect(size.hasSuffix(" bytes; 1048576 at most are allowed"))
    }

    // MARK: surfaces.d and audiences.d

    @Test("surfaces are known by file name, channel, cap and retries, and audiences by file name")
    func catalogue() throws {
        folder.write(
            "channel: email\nmax_concurrent: 2\nretries: 5\ncommand:\n  run: [/bin/true]\n",
            to: "surfaces.d/newsletter.yaml")
        // Drivers are checked as the sender will, and left to it.
        folder.write(
            "channel: carrier-pigeon\nwebhook:\n  url: https://roof.example/\nidempotent: true\ncredentials: [key]\n",
            to: "surfaces.d/roof.yaml")
        folder.write("file: /nowhere\n", to: "audiences.d/subscribers.yaml")
        folder.write("reference: nobody\n", to: "audiences.d/nobody.yaml")
        let catalogue = try read().catalogue
        let newsletter = Slug("newsletter")!
        let roof = Slug("roof")!
        #expect(
            catalogue.surfaces == [
                newsletter: Surface(name: newsletter, channel: Slug("email")!, maxConcurrent: 2, retries: 5),
                roof: Surface(name: roof, channel: Slug("carrier-pigeon")!, maxConcurrent: 4, retries: nil),
            ])
        #expect(catalogue.audiences == [Slug("subscribers")!, Slug("nobody")!])
    }

    @Test("hidden files and those that do not end with .yaml are nobody's business")
    func otherFiles() throws {
        for name in [".hidden.yaml", "newsletter.yaml~", "newsletter.yml", "README", "old.yaml.bak"] {
            folder.write("[", to: "surfaces.d/\(name)")
            folder.write("[", to: "audiences.d/\(name)")
        }
        folder.makeFolder("surfaces.d/folder")
        #expect(try read().catalogue == Catalogue())
    }

    static let surfaceFaults: [(String, String)] = [
        ("max_concurrent: 2\n", "1:1: channel is missing; write channel: email"),
        ("", "1:1: channel is missing; write channel: email"),
        ("channel: email\n", "1:1: a driver is missing; write one of command, webhook, mail"),
        ("channel: email\nwebhook:\n  url: https://a.example/\n  headrs: {}\n",
         "4:3: webhook.headrs: unknown key; did you mean headers?"),
        ("channel: E-Mail\n", "1:10: channel: \"E-Mail\" is not a channel; use a-z, 0-9 and -, such as email"),
        ("channel: [email]\n", "1:10: channel: is a list, and must be a single value"),
        ("channel: email\ncommand: {run: [/bin/true]}\nmax_concurrent: 0\n",
         "3:17: max_concurrent: \"0\" is not a whole number from 1 to 1000"),
        ("channel: email\ncommand: {run: [/bin/true]}\nretries: 101\n",
         "3:10: retries: \"101\" is not a whole number from 0 to 100"),
        ("channel: email\nchannel: sms\n", "2:1: channel: repeated key"),
        ("- email\n", "1:1: is a list, and must be a mapping of keys to values"),
        ("channel: \"email\n", "2:1: is not YAML: found unexpected end of stream"),
    ]

    @Test("what is wrong in a surface's file is told with its place", arguments: surfaceFaults)
    func surfaceFault(text: String, expected: String) throws {
        folder.write(text, to: "surfaces.d/newsletter.yaml")
        #expect(try complaint() == "DIR/surfaces.d/newsletter.yaml:" + expected)
    }

    @Test("an audience's file that is not YAML is told with its place")
    func audienceFault() throws {
        folder.write("file: [", to: "audiences.d/subscribers.yaml")
        #expect(
            try complaint()
                == "DIR/audiences.d/subscribers.yaml:2:1: is not YAML: did not find expected node content")
    }

    @Test("a file whose name is no name is refused", arguments: ["My List.yaml", "-a.yaml", "A.yaml", "é.yaml"])
    func names(name: String) throws {
        folder.write("channel: email\n", to: "surfaces.d/\(name)")
        #expect(
            try complaint() == "DIR/surfaces.d/\(name): its name must be a-z, 0-9 and -, and end with .yaml")
        unlink(folder.path + "/surfaces.d/\(name)")
        folder.write("file: /list\n", to: "audiences.d/\(name)")
        #expect(
            try complaint() == "DIR/audiences.d/\(name): its name must be a-z, 0-9 and -, and end with .yaml")
    }

    @Test("more than 1,000 files in a folder are refused before any is read")
    func tooMany() throws {
        for number in 0...1_000 { folder.write("[", to: "audiences.d/a\(number).yaml") }
        #expect(try complaint() == "DIR/audiences.d: has 1001 files; 1000 at most are allowed")
    }

    // MARK: What is no file

    @Test("a folder or a pipe in a file's place is refused and holds nobody up")
    func notRegular() throws {
        for name in ["campaignd.yaml", "surfaces.d/newsletter.yaml", "audiences.d/subscribers.yaml"] {
            folder.makeFolder(name)
            #expect(try complaint() == "DIR/\(name): is not a regular file")
            rmdir(folder.path + "/" + name)
            try #require(mkfifo(folder.path + "/" + name, 0o600) == 0)
            #expect(try complaint() == "DIR/\(name): is not a regular file")
            unlink(folder.path + "/" + name)
        }
    }

    @Test("a link to a file that is there is followed, and one to nothing is told")
    func links() throws {
        folder.write("channel: email\ncommand: {run: [/bin/true]}\n", to: "elsewhere")
        symlink(folder.path + "/elsewhere", folder.path + "/surfaces.d/newsletter.yaml")
        #expect(try read().catalogue.surfaces.count == 1)
        unlink(folder.path + "/elsewhere")
        #expect(try complaint() == "DIR/surfaces.d/newsletter.yaml: is gone while it is read")
    }

    @Test("what can't be read is told with the system's reason")
    func unreadable() throws {
        symlink("campaignd.yaml", folder.path + "/campaignd.yaml")
        #expect(try complaint() == "DIR/campaignd.yaml: can't be read: Too many levels of symbolic links")
        unlink(folder.path + "/campaignd.yaml")
        rmdir(folder.path + "/surfaces.d")
        folder.write("", to: "surfaces.d")
        #expect(try complaint() == "DIR/surfaces.d: can't be read: Not a directory")
    }

    @Test("a file without permission is told", .enabled(if: getuid() != 0, "root may read everything"))
    func noPermission() throws {
        folder.write("", to: "campaignd.yaml", mode: 0)
        #expect(try complaint() == "DIR/campaignd.yaml: can't be read: Permission denied")
    }
}
