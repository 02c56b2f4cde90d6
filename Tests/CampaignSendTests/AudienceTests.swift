import CampaignModel
import Glibc
import SendProtocol
import Testing

/// `count` and `sample` through the real program: where the list lies in a file, and what both have in common.
@Suite struct AudienceTests {
    @Test("a file's recipients are counted without its header, and the first ones shown in order")
    func file() throws {
        let rig = try SenderRig()
        rig.write("email,name\r\nann@example.org,\"Ann \"\"A\"\"\r\nof X\"\r\n\r\nbob@example.org,Bob", to: "list.csv")
        #expect(try rig.count() == .counted(2))
        #expect(
            try rig.lines() == [
                "email=ann@example.org name=Ann \"A\"\\u{D}\\u{A}of X", "email=bob@example.org name=Bob",
            ])
        #expect(try rig.lines(1).count == 1)
        rig.write("{\"email\":\"ann@example.org\",\"n\":1}\n{\"email\":\"bob@example.org\"}\n", to: "list.csv")
        #expect(try rig.count() == .counted(2))
        #expect(try rig.lines() == ["email=ann@example.org n=1", "email=bob@example.org"])
    }

    @Test("an empty file and a header alone have no recipients", arguments: ["", "email,name\n"])
    func empty(list: String) throws {
        let rig = try SenderRig()
        rig.write(list, to: "list.csv")
        #expect(try rig.count() == .counted(0))
        #expect(try rig.sample() == .recipients([]))
    }

    static let faults: [(String, String)] = [
        ("email,name\nann@example.org\n", "RIG/list.csv: line 2 has 1 field; the header line names 2"),
        ("email,email\n", "RIG/list.csv: line 1 must name the columns, and has \"email\" twice"),
        ("{\"email\":\"a\"}\n[]\n", "RIG/list.csv: line 2 is not a JSON object; each line must be one"),
    ]

    @Test("a fault in a list is told with file and line, by both verbs", arguments: faults)
    func faulty(list: String, reason: String) throws {
        let rig = try SenderRig()
        rig.write(list, to: "list.csv")
        #expect(try rig.count() == .failed(reason))
        #expect(try rig.sample() == .failed(reason))
    }

    @Test("a sample is not held up by a fault that lies behind it")
    func faultBehind() throws {
        let rig = try SenderRig()
        rig.write("email\nann\nbob\n1,2\n", to: "list.csv")
        #expect(try rig.lines(2) == ["email=ann", "email=bob"])
        #expect(try rig.sample(3) == .failed("RIG/list.csv: line 4 has 2 fields; the header line names 1"))
    }

    @Test("a reference is known to the surface alone")
    func reference() throws {
        let rig = try SenderRig()
        rig.audienceFile("reference: list 7\n")
        #expect(try rig.count() == .onlyTheSurfaceKnows)
        #expect(try rig.sample() == .onlyTheSurfaceKnows)
    }

    @Test("an audience that is missing, refused or wrong is told as a send would tell it")
    func configuration() throws {
        let rig = try SenderRig()
        let file = "RIG/config/audiences.d/subscribers.yaml"
        rig.audienceFile("file: \(rig.path)/list.csv\n", mode: 0o664)
        let mode = "\(file) is refused: its mode is 664, and only its owner may write it (chmod go-w)"
        #expect(try rig.count() == .failed(mode))
        #expect(try rig.sample() == .failed(mode))
        rig.audienceFile("fille: /x\n")
        #expect(try rig.count() == .failed("\(file):1:1: fille: unknown key; did you mean file?"))
        unlink(rig.configurationPath + "/audiences.d/subscribers.yaml")
        mkfifo(rig.configurationPath + "/audiences.d/subscribers.yaml", 0o600)
        #expect(try rig.count() == .failed("\(file) is refused: it is no plain file"))
        unlink(rig.configurationPath + "/audiences.d/subscribers.yaml")
        #expect(try rig.count() == .failed("audience subscribers is not known: there is no \(file)"))
    }

    @Test("an audience's file of another user is refused", .enabled(if: getuid() == 0, "needs root to give it away"))
    func owner() throws {
        let rig = try SenderRig()
        chown(rig.configurationPath + "/audiences.d/subscribers.yaml", 65_534, 65_534)
        #expect(
            try rig.count() == .failed(
                "RIG/config/audiences.d/subscribers.yaml is refused: "
                    + "its owner is user 65534 and must be root or user 0"))
    }

    @Test("a list that is not there, or no plain file, is named and holds nobody up")
    func noList() throws {
        let rig = try SenderRig()
        let list = rig.path + "/list.csv"
        let correct = "put the list there, or correct its path in audiences.d/subscribers.yaml"
        unlink(list)
        #expect(try rig.count() == .failed("there is no RIG/list.csv; \(correct)"))
        #expect(try rig.sample() == .failed("there is no RIG/list.csv; \(correct)"))
        mkfifo(list, 0o600)
        let noFile = AudienceCount.failed("RIG/list.csv is no plain file, and a list of recipients must be one")
        #expect(try rig.count() == noFile)
        unlink(list)
        rig.makeFolder(list)
        #expect(try rig.count() == noFile)
        rmdir(list)
        symlink(list, list)
        #expect(try rig.count() == .failed("RIG/list.csv can't be read: Too many levels of symbolic links"))
        unlink(list)
        rig.write("email\nann\n", to: "elsewhere")
        symlink(rig.path + "/elsewhere", list)
        #expect(try rig.count() == .counted(1))
        rig.audienceFile("file: /dev/null\n")
        #expect(try rig.count() == .failed("/dev/null is no plain file, and a list of recipients must be one"))
    }

    @Test("a file of 200,000 recipients is counted")
    func large() throws {
        let rig = try SenderRig()
        var list = "email,name\n"
        for number in 0..<200_000 { list += "user\(number)@example.org,\"User, \(number)\"\n" }
        rig.write(list, to: "list.csv")
        #expect(try rig.count() == .counted(200_000))
        #expect(try rig.lines(100).last == "email=user99@example.org name=User, 99")
    }

    @Test("a sample of the widest recipients is cut until it fits into one answer")
    func widest() throws {
        let rig = try SenderRig()
        let names = (0..<100).map { "column \($0)" }.joined(separator: ",")
        let value = String(repeating: "\\", count: 1_000)
        let record = Array(repeating: value, count: 100).joined(separator: ",")
        rig.write(names + "\n" + Array(repeating: record, count: 30).joined(separator: "\n"), to: "list.csv")
        #expect(try rig.count() == .counted(30))
        guard case .recipients(let list) = try rig.sample(30) else { Issue.record("no recipients"); return }
        #expect((15...30).contains(list.count))
        #expect(list.allSatisfy { $0.columns.count == 64 })
    }

    @Test("a peer that ends its side after the request still gets the answer")
    func halfClosed() throws {
        let rig = try SenderRig()
        let peer = try rig.start(.count(SenderRig.subscribers))
        peer.endWriting()
        #expect(try peer.answersToEnd() == [.count(.counted(1))])
    }

    @Test("a limit outside 1 to 100 is refused")
    func limit() throws {
        let rig = try SenderRig()
        let answers = try rig.answers(.sample(SenderRig.subscribers, limit: 101))
        #expect(answers == [.refused(reason: "bad request: limit is 101; allowed are 1 to 100")])
    }
}
