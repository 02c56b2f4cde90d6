import Foundation
import ProgramRun
import Testing

@testable import ControlBench
import VarlinkKit

@Suite("Bad input", .timeLimit(.minutes(10)))
struct BadInputTests {
    @Test(
        "a campaign file is refused with its place, before anything is sent",
        arguments: [
            ("name: [", "is not YAML: did not find expected node content", 2, 1, "file"),
            ("name: spring\ntitel: x\n", "titel: unknown key; did you mean title?", 2, 1, "titel"),
            ("name: spring\nschedule:\n  stat: now\n",
             "schedule.stat: unknown key; did you mean start?", 3, 3, "schedule.stat"),
            ("name: spring\ntitle: [a]\n", "title: is a list, and must be a single value", 2, 8, "title"),
            ("name: spring\nschedule: weekly\n",
             "schedule: is a single value, and must be a mapping of keys to values", 2, 11, "schedule"),
            ("name: spring\nschedule:\n  start: tomorrow\n",
             "schedule.start: \"tomorrow\" is not a date and time of the years 0001 to 9999; write 2026-12-07T09:00, "
                + "or now", 3, 10,
             "schedule.start"),
            ("name: Spring!\n",
             "name: \"Spring!\" is not a name; use a-z, 0-9 and -, starting with a letter or digit, 63 "
                + "characters at most", 1, 7,
             "name"),
            ("name: spring\ntitle: \"a\\eb\"\n",
             "title: \"a\\u{1B}b\" holds the control character U+1B; none is allowed", 2, 8, "title"),
            ("name: spring\ntitle: \"a\u{202E}b\"\n",
             "title: \"a\\u{202E}b\" holds the control character U+202E; none is allowed", 2, 8, "title"),
            ("name: spring\nschedule:\n  every: day\n  at: [\"09:00\", \"25:00\"]\n",
             "schedule.at: \"25:00\" is not a time of day; hours are 00 to 23, minutes and seconds 00 to 59", 4, 17,
             "schedule.at"),
            ("name: spring\nschedule:\n  every: day\n  at: [9:00]\n",
             "schedule.at: \"9:00\" is not a time of day; write \"09:00\"", 4, 8, "schedule.at"),
            ("name: spring\nschedule:\n  every: week\n  days: [friday, munday]\n",
             "schedule.days: \"munday\" is not a day here; did you mean monday?", 4, 18, "schedule.days"),
            ("name: spring\nschedule:\n\tevery: week\n", "a tab is here; indent with spaces", 3, 1, "file"),
            ("name: &a spring\n", "name: anchors (&name) are not allowed", 1, 7, "name"),
            ("name: spring\nretries: 010x\n",
             "retries: \"010x\" is not a whole number from 0 to 100", 2, 10, "retries"),
        ])
    func campaign(text: String, sentence: String, line: Int, column: Int, field: String) async throws {
        let folder = try TestFolder()
        let file = try folder.file("c.yaml", text)
        let people = try await Campaignctl.run(["create", "-f", file])
        #expect(people.standardError == "campaignctl: \(file):\(line):\(column): \(sentence)\n")
        #expect(people.standardOutput == "")
        #expect(people.status == 1)
        let json = try await Campaignctl.run(["apply", "-f", file, "--json"])
        #expect(json.status == 1)
        #expect(json.standardError == "")
        let object = try JSONValue(parsing: json.standardOutput.dropLast().utf8)
        #expect(object["error"] == "InvalidField")
        #expect(object["field"]?.stringValue == field)
        #expect(object["line"] == .int(Int64(line)))
        #expect(object["column"] == .int(Int64(column)))
        #expect(object["file"]?.stringValue == file)
        #expect(object["text"]?.stringValue == "\(file):\(line):\(column): \(sentence)")
    }

    @Test("a file without a name, of 10 MB, of no UTF-8, or that is not there, is refused")
    func wholeFiles() async throws {
        let folder = try TestFolder()
        let nameless = try folder.file("nameless.yaml", "title: x\n")
        let large = try folder.file("large.yaml", [UInt8](repeating: 35, count: 10 << 20))
        let binary = try folder.file("binary.yaml", Array("name: spring\ntitle: ".utf8) + [0xC3, 0x28])
        for (file, sentence) in [
            (nameless, "\(nameless): name: is missing; a campaign needs one, such as spring-newsletter"),
            (large, "\(large): has 10485760 bytes; 131072 at most are allowed"),
            (binary, "\(binary):2:8: is not valid UTF-8 here"),
            ("\(folder.path)/none.yaml", "\(folder.path)/none.yaml: can't be read: No such file or directory"),
            (folder.path, "\(folder.path): can't be read: Is a directory"),
        ] {
            let run = try await Campaignctl.run(["create", "-f", file])
            #expect(run.standardError == "campaignctl: \(sentence)\n")
            #expect(run.status == 1)
        }
    }

    @Test("a message file is refused with its place")
    func messages() async throws {
        let folder = try TestFolder()
        let binary = try folder.file("m.txt", [0xFF])
        let large = try folder.file("large.txt", [UInt8](repeating: 97, count: (10 << 20) + 1))
        var cases = [
            (binary, "\(binary): is not valid UTF-8"),
            (large, "\(large): has 10485761 bytes; 10485760 at most are allowed"),
        ]
        for (number, (text, sentence)) in [
            ("subject: Hi\n", "1:1: needs a text, an html, or both"),
            ("text: a\nsubjekt: b\n", "2:1: subjekt: unknown key; did you mean subject?"),
            ("text: a\nsubject: \"a\\nBcc: x\"\n",
             "2:10: subject: \"a\\u{A}Bcc: x\" holds a line end or another control character; none is allowed"),
            ("text: a\nheaders:\n  \"X A\": b\n",
             "3:3: headers: \"X A\" is not a header's name; use letters, digits and -"),
            ("text: a\nattachments: [\"../x\"]\n",
             "2:14: attachments: \"../x\" is not a file's own name; it has 1 to 255 bytes, no / and no control "
                + "character, and is not . or .."),
        ].enumerated() {
            let file = try folder.file("m\(number).yaml", text)
            cases.append((file, "\(file):\(sentence)"))
        }
        let missing = try folder.file("missing.yaml", "text: a\nattachments: [none.pdf]\n")
        cases.append((missing, "\(folder.path)/none.pdf: can't be read: No such file or directory"))
        for (file, sentence) in cases {
            let run = try await Campaignctl.run(["message", "put", "m", "-f", file])
            #expect(run.standardError == "campaignctl: \(sentence)\n")
            #expect(run.status == 1)
        }
    }

    @Test("a daemon that can't be reached is told as absent, refused or not permitted, with what to do")
    func unreachable() async throws {
        let folder = try TestFolder()
        let left = "\(folder.path)/left"
        try bindWithoutListening(left)
        let file = try folder.file("file", "")
        let advice = "start campaignd (systemctl start campaignd.socket), or name its socket with --socket or "
            + "$CAMPAIGND_SOCKET"
        let dead = "nobody listens on this socket; campaignd has ended; start it again "
            + "(systemctl restart campaignd.socket)"
        for (socket, sentence, reason) in [
            ("\(folder.path)/none", "\(folder.path)/none: there is no such socket; \(advice)", "absent"),
            (left, "\(left): \(dead)", "refused"), (file, "\(file): \(dead)", "refused"),
        ] {
            let run = try await Campaignctl.run(["list", "--socket", socket])
            #expect(run.standardError == "campaignctl: \(sentence)\n")
            #expect(run.status == 4)
            let json = try await Campaignctl.run(["stop", "a", "b", "--json"], socket: socket)
            #expect(json.status == 4)
            let object = try JSONValue(parsing: json.standardOutput.dropLast().utf8)
            #expect(object["error"] == "Unreachable")
            #expect(object["reason"]?.stringValue == reason)
        }
    }

    @Test("a socket that may not be used is told so")
    func noPermission() async throws {
        let folder = try TestFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/closed", withIntermediateDirectories: false)
        chmod("\(folder.path)/closed", 0)
        chmod(folder.path, 0o755)
        let socket = "\(folder.path)/closed/control.sock"
        let arguments = ["--socket", socket, "list"]
        // Root may do everything, so that it has to become somebody else first.
        let run =
            getuid() == 0
            ? try await ProgramRun.run(
                "/usr/bin/setpriv",
                ["--reuid=65534", "--regid=65534", "--clear-groups", Campaignctl.program, "list", "--socket", socket])
            : try await Campaignctl.run(Array(arguments.suffix(1) + arguments.prefix(2)))
        chmod("\(folder.path)/closed", 0o700)
        #expect(
            run.standardError == "campaignctl: \(socket): no permission to connect; "
                + "ask for the right to use this socket and the folders above it, or run as root\n")
        #expect(run.status == 4)
    }

    @Test(
        "usage errors end with 2, never 64",
        arguments: [
            ["frobnicate"], ["list", "--stauts", "x"], ["stop"], ["create"], ["tag", "spring"],
            ["list", "--status", "x"],
            ["stop", "a", "b", "--revision", "1"], ["list", "--limit", "0"], ["show", "a", "--live", "--version", "2"],
            ["message"],
        ])
    func usage(arguments: [String]) async throws {
        let run = try await Campaignctl.run(arguments)
        #expect(run.status == (arguments == ["message"] ? 0 : 2))
        if run.status == 2 {
            #expect(run.standardOutput == "")
            #expect(run.standardError.contains("See 'campaignctl"))
        }
    }

    private func bindWithoutListening(_ path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(code == 0)
    }
}
