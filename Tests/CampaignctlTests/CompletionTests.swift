import CampaignModel
import ControlAPI
import Foundation
import ProgramRun
import Testing

@testable import ControlBench
@testable import campaignctl

@Suite("Completion", .timeLimit(.minutes(10)))
struct CompletionTests {
    private let control = RecordingControl(campaigns: [
        Sample.campaign(named: "autumn", .active), Sample.campaign(named: "spring"),
        Sample.campaign(named: "spring-2"),
    ])

    private func words(_ line: String...) throws -> [String]? {
        guard case .words(let words) = try Completer(line).offer else { return nil }
        return words.map(\.text)
    }

    @Test("verbs, options and their words, at the end of what is typed")
    func typed() throws {
        #expect(try words("sh") == ["show"])
        #expect(try words("message", "p") == ["put", "publish", "preview"])
        #expect(try words("list", "--status", "a") == ["activating", "active", "archived"])
        #expect(try words("list", "--status=a") == ["--status=activating", "--status=active", "--status=archived"])
        #expect(try words("list", "--status", "=", "ar") == ["archived"])
        #expect(try words("list", "--no-") == ["--no-headers", "--no-pager"])
        #expect(try words("list", "--no-headers", "--no-") == ["--no-pager"])
        #expect(try words("list", "--status", "active", "--sta") == ["--status"])
        #expect(try words("list", "")?.isEmpty == true)
        #expect(try words("list", "--search", "")?.isEmpty == true)
        #expect(try words("nothing", "sh") == ["show"])
        #expect(try words("complete", "")?.contains("complete") == false)
    }

    @Test("names and files where they are asked for")
    func asked() throws {
        #expect(try Completer(["show", "sp"]).offer == .names(.campaign, after: ""))
        #expect(try Completer(["show", "spring", "--yaml", ""]).offer == .names(.campaign, after: ""))
        #expect(try Completer(["edit", "spring", ""]).offer == .words([]))
        #expect(try Completer(["stop", "--reason", "why", "--", "-"]).offer == .names(.campaign, after: ""))
        #expect(try Completer(["list", "--tag=sp"]).offer == .names(.tag, after: "--tag="))
        #expect(try Completer(["message", "show", ""]).offer == .names(.message, after: ""))
        #expect(try Completer(["surface", "test", ""]).offer == .names(.surface, after: ""))
        #expect(try Completer(["audience", "count", ""]).offer == .names(.audience, after: ""))
        #expect(try Completer(["apply", "-f", ""]).offer == .files)
        #expect(try Completer(["show", "--socket", "/a", "--json", ""]).socket == "/a")
        #expect(try Completer(["show", "--socket=/b", ""]).socket == "/b")
    }

    @Test("names come from campaignd; where it does not answer, nothing is said")
    func names() async throws {
        try await ControlServer.run(control) { _, server in
            let run = try await Campaignctl.run(["complete", "--", "show", "spr"], server: server)
            #expect((run.standardOutput, run.standardError, run.status) == ("spring\nspring-2\n", "", 0))
            let tag = try await Campaignctl.run(["complete", "--", "list", "--tag=s"], server: server)
            #expect(tag.standardOutput == "--tag=spring\n")
            let elsewhere = try await Campaignctl.run(
                ["complete", "--", "show", "--socket", "/nonexistent", "s"], server: server)
            #expect((elsewhere.standardOutput, elsewhere.standardError, elsewhere.status) == ("", "", 0))
        }
        let run = try await Campaignctl.run(["complete", "--", "show", "spr"])
        #expect((run.standardOutput, run.standardError, run.status) == ("", "", 0))
    }

    /// What a shell is told to do with the words of a line, so that it prints what it would offer.
    private func arguments(_ shell: String, _ line: String) -> [String] {
        let script = "campaignctl completion \(shell)"
        switch shell {
        case "bash":
            let command = """
                source <(\(script)); COMP_WORDS=(campaignctl \(line)); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _campaignctl; printf '%s\\n' "${COMPREPLY[@]}"
                """
            return ["--norc", "-c", command]
        case "zsh":
            let command = """
                compdef() { }; _describe() { print -l -- ${(P)2} }; _files() { print files }
                source <(\(script)); words=(campaignctl \(line)); CURRENT=$#words; _campaignctl | cut -d: -f1
                """
            return ["-f", "-c", command]
        default:
            let typed = line.replacing("''", with: "")
            return ["--no-config", "-c", "\(script) | source; complete -C \"campaignctl \(typed)\" | cut -f1"]
        }
    }

    @Test("each shell offers what campaignctl tells", arguments: ["bash", "zsh", "fish"])
    func shell(shell: String) async throws {
        let program = (Campaignctl.program as NSString).deletingLastPathComponent
        let folder = try TestFolder()
        try await ControlServer.run(control) { _, server in
            for (line, offered) in [
                ("show spr", ["spring", "spring-2"]), ("sh", ["show"]), ("list --status ar", ["archived"]),
                ("list --tag ''", ["fr", "spring"]),
            ] {
                let run = try await ProgramRun.run(
                    "/usr/bin/\(shell)", arguments(shell, line),
                    environment: [
                        "PATH": "\(program):/usr/bin:/bin", "CAMPAIGND_SOCKET": ControlServer.path(of: server),
                        "HOME": folder.path, "LANG": "C.UTF-8",
                    ])
                #expect(run.standardOutput.split(separator: "\n").map(String.init) == offered, "\(shell): \(line)")
                #expect(run.standardError == "")
            }
        }
    }
}
