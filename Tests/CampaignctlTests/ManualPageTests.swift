import CampaignModel
import Foundation
import ProgramRun
import Testing

@testable import ControlBench

/// docs/man is what people have on a machine without the sources: it tells what there is, all of it and nothing else.
@Suite("The manual pages", .timeLimit(.minutes(10)))
struct ManualPageTests {
    @Test("campaignctl.1 has every verb with each of its options, and no other")
    func verbs() async throws {
        let page = try ManualPage("campaignctl.1")
        let verbs = try await Verb.all()
        let shared = Verb.shared(by: verbs)
        #expect(verbs.count > 40)
        #expect(Set(page.verbs.keys) == Set(verbs.map(\.path)))
        for verb in verbs {
            let own = Verb.names(of: verb.options.subtracting(shared))
            let told = page.verbs[verb.path] ?? []
            #expect(own.subtracting(told) == [], "\(verb.path) has options that the page lacks")
            #expect(told.subtracting(own) == [], "the page has options that \(verb.path) lacks")
        }
        #expect(page.options(below: ".Ss Options of all verbs") == Verb.names(of: shared))
    }

    @Test("the daemon's and the sender's page have each of their options, and no other")
    func programs() async throws {
        let daemon = try await Verb.programItself(Self.program("campaignd"))
        #expect(try ManualPage("campaignd.8").options(below: ".Sh OPTIONS") == Verb.names(of: daemon.options))
        let help = try await ProgramRun.run(Self.program("campaign-send"), ["--help"]).standardOutput
        let words = help.split { !$0.isLetter && $0 != "-" }.filter { $0.hasPrefix("--") }.map(String.init)
        let sender = Set(words).union(["--help"])
        #expect(try ManualPage("campaign-send.8").options(below: ".Sh OPTIONS") == sender)
    }

    /// One of the others, which the build puts beside campaignctl.
    private static func program(_ name: String) -> String {
        URL(filePath: Campaignctl.program).deletingLastPathComponent().appending(path: name).path
    }

    @Test("what campaignctl.1 says of options, in examples too, is of options that there are")
    func mentions() async throws {
        let page = try ManualPage("campaignctl.1")
        let options = try await Verb.all().flatMap(\.options)
        let known = Verb.names(of: Set(options))
        #expect(page.mentionedOptions.subtracting(known) == [])
    }

    @Test("campaignctl.1 has every alert, and no other")
    func alerts() throws {
        let codes = AlertCode.allCases.map(\.rawValue)
        #expect(try ManualPage("campaignctl.1").alerts == codes.sorted())
    }

    @Test("campaign.yaml.5 has every key of campaign files, and no other")
    func campaignKeys() throws {
        let page = try ManualPage("campaign.yaml.5")
        #expect(page.keys(in: "KEYS") == CampaignDefinition.keys.sorted())
        #expect(page.keys(in: "SCHEDULE") == ScheduleDefinition.keys.sorted())
    }

    @Test(
        "the pages of the administrator's files have every key that campaignd takes, and no other",
        arguments: [
            ("campaignd.yaml.5", "KEYS", "campaignd.yaml", ""),
            ("campaignd.yaml.5", "LIMITS", "campaignd.yaml", "limits:\n  "),
            ("campaignd.yaml.5", "RETENTION", "campaignd.yaml", "retention:\n  "),
            ("campaignd.yaml.5", "ACCESS", "campaignd.yaml", "access:\n  "),
            ("surface.yaml.5", "SURFACE KEYS", "surfaces.d/x.yaml", ""),
            ("surface.yaml.5", "COMMAND", "surfaces.d/x.yaml", "channel: email\ncommand:\n  "),
            ("surface.yaml.5", "WEBHOOK", "surfaces.d/x.yaml", "channel: email\nwebhook:\n  "),
            ("surface.yaml.5", "AUDIENCE KEYS", "audiences.d/x.yaml", ""),
        ])
    func keys(page: String, section: String, file: String, before: String) async throws {
        let folder = try TestFolder()
        for name in ["surfaces.d", "audiences.d"] {
            let path = "\(folder.path)/\(name)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        // No key is like it, so that the answer is all of them and not the nearest one.
        _ = try folder.file(file, "\(before)zzzzzzzz: 1\n")
        let run = try await ProgramRun.run(Self.program("campaignd"), ["--check-config", "--config-dir", folder.path])
        #expect(run.status == 78)
        let answer = run.standardError.split(separator: "unknown key; allowed are ")
        try #require(answer.count == 2, "\(run.standardError)")
        let allowed = answer[1].split(separator: ", ").map { $0.trimmingCharacters(in: .newlines) }
        #expect(try ManualPage(page).keys(in: section) == allowed.sorted())
    }

    @Test("each example of campaign-schedule.7 is what preview prints")
    func schedules() async throws {
        let examples = try ManualPage("campaign-schedule.7").scheduleExamples
        #expect(examples.count > 15)
        for (options, rows) in examples {
            // Through a shell, for what stands in quotes.
            let run = try await ProgramRun.run(
                "/bin/sh", ["-c", "exec \"$0\" preview -n \(rows.count) \(options)", Campaignctl.program],
                environment: ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"])
            #expect(run.status == 0)
            #expect(run.standardOutput.split(separator: "\n").dropFirst().map(Self.withoutZone) == rows, "\(options)")
        }
    }

    /// A line of preview's table less its second column.
    private static func withoutZone(_ line: Substring) -> String {
        let cells = line.split(separator: "  ").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return (cells.prefix(1) + cells.dropFirst(2)).joined(separator: "  ")
    }

    private static let mandoc = "/usr/bin/mandoc"

    @Test(
        "mandoc has nothing to say about any page",
        .enabled(if: FileManager.default.isExecutableFile(atPath: mandoc), "needs mandoc; make test-setup installs it"))
    func lint() async throws {
        let pages = try FileManager.default.contentsOfDirectory(atPath: ManualPage.folder.path).sorted()
        #expect(pages.count >= 7)
        // They name each other in plain text: mandoc looks for what .Xr refers to among the pages that are installed.
        let run = try await ProgramRun.run(
            Self.mandoc, ["-T", "lint", "-W", "all"] + pages.map { ManualPage.folder.appending(path: $0).path })
        #expect((run.standardOutput, run.standardError, run.status) == ("", "", 0))
    }
}

/// A verb as the program tells it.
private struct Verb {
    /// `message put`.
    let path: String
    let options: Set<Option>

    /// An option with all its names. `--version` of one verb is another one than that of all.
    struct Option: Decodable, Hashable {
        struct Name: Decodable, Hashable {
            let kind: String
            let name: String
        }

        let kind: String
        /// Nil for an argument.
        let names: [Name]?
    }

    private struct Dump: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        let commandName: String
        /// False for a verb that answers a program.
        let shouldDisplay: Bool
        let arguments: [Option]?
        let subcommands: [Command]?

        func verbs(below path: [String]) -> [Verb] {
            // The argument parser adds `help`, to a program without verbs too.
            let verbs = (subcommands ?? []).filter { $0.commandName != "help" && $0.shouldDisplay }
            guard !verbs.isEmpty else {
                return [Verb(path: path.joined(separator: " "), options: options)]
            }
            return verbs.flatMap { $0.verbs(below: path + [$0.commandName]) }
        }

        var options: Set<Option> { Set((arguments ?? []).filter { $0.names?.isEmpty == false }) }
    }

    /// Those of campaignctl.
    static func all() async throws -> [Verb] {
        try await told(by: Campaignctl.program).verbs(below: [])
    }

    /// What a program takes without a verb.
    static func programItself(_ program: String) async throws -> Verb {
        Verb(path: "", options: try await told(by: program).options)
    }

    private static func told(by program: String) async throws -> Command {
        let run = try await ProgramRun.run(program, ["--experimental-dump-help"])
        return try JSONDecoder().decode(Dump.self, from: Data(run.standardOutput.utf8)).command
    }

    /// The options of all of them; one that prints what a shell reads has none of them.
    static func shared(by verbs: [Verb]) -> Set<Option> {
        let verbs = verbs.filter { $0.path != "completion" }
        return verbs.dropFirst().reduce(verbs.first?.options ?? []) { $0.intersection($1.options) }
    }

    static func names(of options: Set<Option>) -> Set<String> {
        let names = options.flatMap { $0.names ?? [] }
        return Set(names.map { ($0.kind == "long" ? "--" : "-") + $0.name })
    }
}

/// A page, as far as its macros of mdoc(7) tell what it describes.
private struct ManualPage {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/man")
        .standardizedFileURL

    private let lines: [String]

    init(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func part(from heading: String, toNext macros: [String]) -> [String] {
        let following = lines.drop { $0 != heading }.dropFirst()
        return Array(following.prefix { line in !macros.contains { line.hasPrefix($0) } })
    }

    /// What a section describes in items of the form `.It Va key : Ar type`, sorted.
    func keys(in section: String) -> [String] {
        let items = part(from: ".Sh \(section)", toNext: [".Sh "]).filter { $0.hasPrefix(".It Va ") }
        return items.compactMap { $0.split(separator: " ").dropFirst(2).first.map(String.init) }.sorted()
    }

    /// The codes in items of the form `.It Li code , code`, sorted.
    var alerts: [String] {
        let items = part(from: ".Sh ALERT CODES", toNext: [".Sh "]).filter { $0.hasPrefix(".It Li ") }
        return items.flatMap { $0.split(separator: " ").dropFirst(2) }.filter { $0 != "," }.map(String.init).sorted()
    }

    /// What the part below a heading describes in items of the form `.It Fl Fl option`.
    func options(below heading: String) -> Set<String> {
        let items = part(from: heading, toNext: [".Sh ", ".Ss "]).filter { $0.hasPrefix(".It Fl ") }
        return Set(items.flatMap(Self.options(in:)))
    }

    /// Each verb with its options: a verb's item has its usage between `.It Xo` and `.Xc`, whose first macro names the
    /// verb, and then an item for each option that is explained.
    var verbs: [String: Set<String>] {
        var verbs: [String: Set<String>] = [:]
        var verb: String?
        var isInUsage = false
        for line in part(from: ".Sh VERBS", toNext: [".Sh "]) {
            if line == ".It Xo" {
                (verb, isInUsage) = (nil, true)
            } else if line == ".Xc" {
                isInUsage = false
            } else if verb == nil, isInUsage, line.hasPrefix(".Cm ") {
                let name = String(line.dropFirst(".Cm ".count))
                verb = name
                verbs[name] = verbs[name] ?? []
            } else if let verb, isInUsage || line.hasPrefix(".It Fl ") {
                verbs[verb]?.formUnion(Self.options(in: line))
            }
        }
        return verbs
    }

    /// Every option that stands anywhere: in macros, and in examples.
    var mentionedOptions: Set<String> {
        let words = lines.filter { !$0.hasPrefix(".") }.flatMap { $0.split(separator: " ") }
        let inText = words.filter { $0.hasPrefix("--") }.map(String.init)
        return Set(lines.flatMap(Self.options(in:)) + inText)
    }

    /// The options of the first lines, and the rows below them.
    var scheduleExamples: [(options: String, rows: [String])] {
        var examples: [(options: String, rows: [String])] = []
        for line in part(from: ".Sh EXAMPLES", toNext: [".Sh "]) where !line.hasPrefix(".") {
            if line.hasPrefix("--") {
                examples.append((line, []))
            } else if line.hasPrefix("    "), !examples.isEmpty {
                examples[examples.count - 1].rows.append(String(line.drop { $0 == " " }))
            }
        }
        return examples
    }

    /// The options in a line of macros: `Fl Fl reason` is --reason, `Fl y` is -y.
    private static func options(in line: String) -> [String] {
        guard line.hasPrefix(".") else { return [] }
        let words = line.dropFirst().split(separator: " ").map(String.init)
        var options: [String] = []
        for (place, word) in words.enumerated() where word == "Fl" {
            let before = place > 0 ? words[place - 1] : ""
            let after = place + 1 < words.count ? words[place + 1] : "Fl"
            if after != "Fl" { options.append((before == "Fl" ? "--" : "-") + after) }
        }
        return options
    }
}
