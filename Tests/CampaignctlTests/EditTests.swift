import CampaignModel
import ControlAPI
import Foundation
import ProgramRun
import Testing
import VarlinkKit

@testable import ControlBench

@Suite("campaignctl edit", .timeLimit(.minutes(10)))
struct EditTests {
    static let actor = EventActor(uid: getuid(), name: "tester")
    static let source = """
        # mine
        name: spring
        title: Spring
        tags: [a]

        """

    /// A campaign of revision 7 that was written as ``source``, tagged since.
    private func control(_ change: (inout CampaignView) -> Void = { _ in }) -> RecordingControl {
        var campaign = Sample.campaign(named: "spring")
        campaign.revision = 7
        change(&campaign)
        let control = RecordingControl(campaigns: [campaign])
        var definition = CampaignDefinition()
        definition.title = "Spring"
        control.set(file: definition, sourceText: Self.source, of: "spring")
        return control
    }

    /// Runs edit with a script as the editor, which the shell reads; its copies lie below `folder`.
    private func edit(
        _ script: String, _ server: VarlinkServer, _ folder: TestFolder, _ arguments: [String] = [],
        variable: String = "VISUAL"
    ) async throws -> ProgramRun {
        let path = try folder.file("editor", "\(script)\n")
        return try await Campaignctl.run(
            ["edit", "spring"] + arguments, server: server,
            environment: [variable: "/bin/sh \(path) --wait", "TMPDIR": folder.path, "CTL": Campaignctl.program])
    }

    /// What is left below the folder, but the editor.
    private func left(_ folder: TestFolder) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0 != "editor" }.sorted()
    }

    private func applied(_ control: RecordingControl) -> (CampaignDefinition, String?, Change)? {
        guard case .apply(let definition, let text, let change)? = control.asked.last else { return nil }
        return (definition, text, change)
    }

    @Test("what was changed is applied to the revision that was shown; name and tags stay as they are now")
    func applies() async throws {
        let folder = try TestFolder()
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await edit(
                #"[ "$1" = --wait ] && sed -i 's/title: Spring/title: Summer/' "$2" && : > "$2~""#, server, folder,
                ["--reason", "warmer"], variable: "EDITOR")
            #expect(run.standardOutput == "spring: draft changed, version 1\n")
            #expect(run.standardError == "  once at activation\n")
            #expect(run.status == 0)
        }
        let (definition, text, change) = try #require(applied(control))
        #expect(definition.title == "Summer")
        #expect(definition.name == "spring")
        #expect(definition.tags == ["spring", "fr"])
        #expect(text == Self.source.replacing("title: Spring", with: "title: Summer"))
        #expect(change == Change(actor: Self.actor, revision: 7, reason: "warmer"))
        #expect(try left(folder) == [])
    }

    @Test("tags that the editor changed are changed")
    func tags() async throws {
        let folder = try TestFolder()
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await edit(#"sed -i 's/tags: .*/tags: [b]/' "$2""#, server, folder)
            #expect(run.status == 0)
        }
        #expect(applied(control)?.0.tags == ["b"])
    }

    @Test("the draft beside a live version is what is edited")
    func draft() async throws {
        let folder = try TestFolder()
        let control = control { $0.draftVersion = 3 }
        try await ControlServer.run(control) { _, server in
            _ = try await edit(#"echo '# more' >> "$2""#, server, folder)
        }
        #expect(control.asked.prefix(2) == [.show(Slug("spring")!, .current), .show(Slug("spring")!, .draft)])
        #expect(applied(control)?.1 == Self.source + "# more\n")
    }

    @Test("a file left as it was changes nothing, and that is said")
    func unchanged() async throws {
        let folder = try TestFolder()
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await edit("true", server, folder)
            #expect((run.standardOutput, run.standardError) == ("spring: unchanged, version 1, draft\n", ""))
            #expect(run.status == 0)
            let json = try await edit("true", server, folder, ["--json"])
            #expect(json.standardOutput.contains(#""name":"spring""#))
        }
        #expect(control.asked == Array(repeating: .show(Slug("spring")!, .current), count: 2))
        #expect(try left(folder) == [])
    }

    @Test("a change by somebody else meanwhile is a conflict; the edited text is kept")
    func conflict() async throws {
        let folder = try TestFolder()
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await edit(
                #""$CTL" tag spring --add x > /dev/null && echo '# more' >> "$2""#, server, folder)
            let kept = try #require(try left(folder).last)
            #expect(
                run.standardError == """
                    campaignctl: spring was changed meanwhile and has revision 8 now; look at it and try again
                    campaignctl: the edited text is kept in \(folder.path)/\(kept)

                    """)
            #expect(run.standardOutput == "")
            #expect(run.status == 1)
            #expect(kept.hasSuffix("/spring.yaml"))
            #expect(try String(contentsOfFile: "\(folder.path)/\(kept)", encoding: .utf8) == Self.source + "# more\n")
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(kept)")
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(
        "a file that is refused, by campaignctl or the daemon, is told with its place and kept",
        arguments: [
            ("echo 'titel: x' >> \"$2\"", "5:1: titel: unknown key; did you mean title?"),
            ("printf 'name: [' > \"$2\"", "2:1: is not YAML: did not find expected node content"),
            (
                "sed -i 's/name: spring/name: summer/' \"$2\"",
                "2:7: name: \"summer\" is the name of another campaign; campaignctl duplicate makes one with a new name"
            ),
            ("echo 'schedule: {timezone: Mars}' >> \"$2\"", "5:22: schedule.timezone: \"Mars\" is no zone"),
        ])
    func refused(script: String, sentence: String) async throws {
        let folder = try TestFolder()
        let control = control()
        control.refuseToApply(.invalidField(FieldError("schedule.timezone", "Mars", "is no zone")))
        try await ControlServer.run(control) { _, server in
            let run = try await edit(script, server, folder)
            let kept = "\(folder.path)/\(try #require(try left(folder).last))"
            #expect(
                run.standardError
                    == "campaignctl: \(kept):\(sentence)\ncampaignctl: the edited text is kept in \(kept)\n")
            #expect(run.status == 1)
            let json = try await edit(script, server, folder, ["--json"])
            let object = try JSONValue(parsing: json.standardOutput.dropLast().utf8)
            #expect(object["error"] == "InvalidField")
            #expect(object["file"]?.stringValue?.hasSuffix("/spring.yaml") == true)
            #expect(json.standardError == "")
            #expect(json.status == 1)
        }
    }

    @Test("a file that the editor took away is told")
    func removed() async throws {
        let folder = try TestFolder()
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await edit(#"rm "$2""#, server, folder)
            #expect(run.standardError.hasSuffix("spring.yaml: can't be read: No such file or directory\n"))
            #expect(run.status == 1)
        }
        #expect(try left(folder) == [])
    }

    @Test("an editor that fails changes nothing; what it wrote is kept")
    func failing() async throws {
        let folder = try TestFolder()
        let control = control()
        try await ControlServer.run(control) { _, server in
            let run = try await edit("exit 3", server, folder)
            let editor = "/bin/sh \(folder.path)/editor --wait"
            #expect(
                run.standardError
                    == "campaignctl: the editor (\(editor)) ended with status 3; nothing was changed\n")
            #expect(run.status == 1)
            #expect(try left(folder) == [])
            let killed = try await edit(#"echo '# more' >> "$2"; kill -TERM $$"#, server, folder)
            // A shell between the two tells a signal as a status.
            let ends = ["was ended by signal 15", "ended with status 143"]
            #expect(ends.contains { killed.standardError.contains("(\(editor)) \($0); nothing was changed\n") })
            #expect(killed.standardError.contains("campaignctl: the edited text is kept in \(folder.path)/"))
            #expect(killed.status == 1)
        }
        #expect(!control.asked.contains { if case .apply = $0 { true } else { false } })
    }

    @Test("a duplicate's file keeps its author's comments, and is applied under the duplicate's name")
    func duplicate() async throws {
        let folder = try TestFolder()
        let control = control()
        var definition = CampaignDefinition()
        definition.title = "Spring"
        control.set(
            file: definition, sourceText: Self.source.replacing("name: spring", with: "name: winter"), of: "spring")
        try await ControlServer.run(control) { _, server in
            let run = try await edit(#"sed -i 's/Spring/Summer/' "$2""#, server, folder)
            #expect(run.status == 0)
        }
        #expect(applied(control)?.0.name == "spring")
        #expect(applied(control)?.1?.hasPrefix("# mine\nname: spring\n") == true)
    }

    @Test(
        "without a file, or with one that says something else, one is written from the definition",
        arguments: [nil, "name: spring\ntitle: Autumn\n", "name: [", "no mapping"] as [String?])
    func written(sourceText: String?) async throws {
        let folder = try TestFolder()
        let control = control()
        var definition = Sample.definition("spring")
        definition.retries = "3"
        definition.lateLimit = "2h"
        control.set(file: definition, sourceText: sourceText, of: "spring")
        try await ControlServer.run(control) { _, server in
            let run = try await edit(#"cat "$2" >&2; echo 'overlap: skip' >> "$2""#, server, folder)
            #expect(run.standardError.hasPrefix(#"name: "spring""# + "\n" + #"title: "Soldes d’été 🎉""#))
            #expect(run.status == 0)
        }
        definition.overlap = "skip"
        #expect(applied(control)?.0 == definition)
    }

    @Test("the default editor is Debian's, else vi")
    func defaultEditor() async throws {
        let folder = try TestFolder()
        let failure = "campaignctl: the editor ended with status 1; nothing was changed\n"
        // Each is a program that tells by its status that it was the one.
        for (name, program, sentence) in [("vi", "true", ""), ("editor", "false", failure)] {
            symlink("/bin/\(program)", "\(folder.path)/\(name)")
            try await ControlServer.run(control()) { _, server in
                let run = try await Campaignctl.run(
                    ["edit", "spring"], server: server, environment: ["PATH": folder.path, "TMPDIR": folder.path])
                #expect(run.standardError == sentence)
                #expect(run.status == (sentence.isEmpty ? 0 : 1))
            }
        }
    }

    @Test("an unknown campaign, and a folder that takes no copy, are told before any editor")
    func early() async throws {
        let folder = try TestFolder()
        try await ControlServer.run(control()) { _, server in
            let missing = try await Campaignctl.run(["edit", "winter"], server: server)
            #expect(missing.standardError == "campaignctl: there is no campaign \"winter\"\n")
            #expect(missing.status == 3)
            let run = try await Campaignctl.run(
                ["edit", "spring"], server: server, environment: ["TMPDIR": "\(folder.path)/none"])
            #expect(
                run.standardError
                    == "campaignctl: \(folder.path)/none: can't be written: No such file or directory\n")
            #expect(run.status == 1)
        }
    }
}
