import CampaignModel
import Testing

@testable import RecipientLists
@testable import campaign_send

/// The reader of lists by itself, as tables; each list is read in pieces of several lengths.
@Suite struct RecipientReaderTests {
    /// The recipients as `name=value` with bars between, or the fault.
    static func read(_ list: [UInt8], piece: Int) -> [String] {
        var reader = RecipientReader()
        var found: [String] = []
        func take(_ record: RecipientRecord) -> Bool {
            found.append(record.recipient.columns.map { "\($0.name)=\($0.value)" }.joined(separator: "|"))
            return true
        }
        do throws(RecipientFault) {
            for start in stride(from: 0, to: list.count, by: piece) {
                _ = try reader.read(list[start..<min(start + piece, list.count)], take)
            }
            try reader.finish(take)
        } catch {
            found.append("\(error)")
        }
        return found
    }

    private func check(_ list: [UInt8], _ expected: [String]) {
        for piece in [1, 2, 3, 7, 64, 1 << 20] {
            let found = Self.read(list, piece: piece)
            #expect(found == expected, "pieces of \(piece)")
        }
    }

    static let mark = "\u{FEFF}"
    static let csv: [(String, [String])] = [
        ("", []), (" \r\n\t\n\n", []), (mark, []), ("email", []), ("email\n", []), (mark + "\n\n", []),
        ("email,name\nann,Ann\nbob,Bob\n", ["email=ann|name=Ann", "email=bob|name=Bob"]),
        ("email,name\r\nann,Ann\r\nbob,Bob", ["email=ann|name=Ann", "email=bob|name=Bob"]),
        (mark + "email\nann\n", ["email=ann"]),
        (mark + "\"email\"\nann", ["email=ann"]),
        ("\n \t\nemail\n\nann\r\n\r\n \t\nbob\n\n", ["email=ann", "email=bob"]),
        ("email\n\"\"\n", ["email="]),
        ("a,b\n,\n\"\",\"\"\n", ["a=|b=", "a=|b="]),
        ("a,b\n1,", ["a=1|b="]),
        ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", ["a=x,y|b=say \"hi\""]),
        ("a,b\n\"1\n\r\n2\",3\n4,5\n", ["a=1\n\r\n2|b=3", "a=4|b=5"]),
        ("\"a\nb\",c\n1,2\n", ["a\nb=1|c=2"]),
        ("a\n\"\"\"\"\n", ["a=\""]),
        ("a\n\"x\"", ["a=x"]), ("a\n\"x\"\r", ["a=x"]), ("a\nx\r", ["a=x"]),
        (" a , b\n x , y \n", [" a = x | b= y "]),
        ("é,名\nÀ,🎉\n", ["é=À|名=🎉"]),
        ("a\nx{\n", ["a=x{"]),
    ]

    @Test("CSV is read as RFC 4180 says, with blank lines left out", arguments: csv)
    func readsCSV(list: String, expected: [String]) {
        check(Array(list.utf8), expected)
    }

    static let csvFaults: [(String, [String])] = [
        ("a,b,a\n", ["line 1 must name the columns, and has \"a\" twice"]),
        ("a\u{1B}[2J,a\u{1B}[2J\n", ["line 1 must name the columns, and has \"a\\u{1B}[2J\" twice"]),
        ("ann@b.c,ann@b.c\n", ["line 1 must name the columns, and has the name of column 2 twice"]),
        ("\na,,c\n", ["line 2 must name the columns, and has no name for column 2"]),
        ("a,b\n1,2\n3\n", ["a=1|b=2", "line 3 has 1 field; the header line names 2"]),
        ("a\n\"x\ny\"\n\n1,2,3", ["a=x\ny", "line 5 has 3 fields; the header line names 1"]),
        ("a\n\"x\ny\",2\n", ["line 2 has 2 fields; the header line names 1"]),
        ("a\nx\"y\n", ["line 2 has a quote inside a value; put the value in quotes and write that quote twice"]),
        ("a\n\"x\" \n", ["line 2 goes on after a value's closing quote; a quote in a value is written twice"]),
        ("a\n\"x\"y\n", ["line 2 goes on after a value's closing quote; a quote in a value is written twice"]),
        ("a\n1\n\"x\n\n", ["a=1", "line 3 begins a quoted value that never ends"]),
        ("a\n1\n\"", ["a=1", "line 3 begins a quoted value that never ends"]),
        ("a\rb\r", ["line 1 has a carriage return without a line feed; lines end with LF or CR LF"]),
        ("a\n\"x\"\r\r\n", ["line 2 has a carriage return without a line feed; lines end with LF or CR LF"]),
        ("[{\"a\":1}]", ["line 1 has a quote inside a value; put the value in quotes and write that quote twice"]),
    ]

    @Test("CSV that would have to be guessed at is a fault that names its line and no value", arguments: csvFaults)
    func faultyCSV(list: String, expected: [String]) {
        check(Array(list.utf8), expected)
    }

    static let jsonLines: [(String, [String])] = [
        ("{\"email\":\"ann\",\"age\":42}\n{\"email\":\"bob\"}\n", ["email=ann|age=42", "email=bob"]),
        (mark + "\r\n \n {\"a\":1} \r\n\n{\"b\":2}", ["a=1", "b=2"]),
        ("{}\n{}", ["", ""]),
        ("{\"a\":null,\"b\":true,\"c\":1.50,\"d\":[1, {\"x\":\"y\"}],\"e\":{ },\"f\":12345678901234567890}",
         ["a=null|b=true|c=1.50|d=[1, {\"x\":\"y\"}]|e={ }|f=12345678901234567890"]),
        (#"{"a\n":"\"\\\/\b\f\n\r\t","\u00e9":"\u00E9\ud83c\udf89\ud83cx\udf89\ud83c"}"#,
         ["a\n=\"\\/\u{8}\u{C}\n\r\t|é=é🎉\u{FFFD}x\u{FFFD}\u{FFFD}"]),
        ("{\"a\":\"\"}", ["a="]),
    ]

    @Test("JSON lines are read one object a line, other values than texts as their JSON", arguments: jsonLines)
    func readsJSONLines(list: String, expected: [String]) {
        check(Array(list.utf8), expected)
    }

    static let noObject = "is not a JSON object; each line must be one"
    static let jsonFaults: [(String, [String])] = [
        ("{\"a\":1}\n[1]\n", ["a=1", "line 2 \(noObject)"]),
        ("{\n\"a\":1}\n", ["line 1 \(noObject)"]),
        ("{\"a\":1}\n\n{\"a\":1,}\n", ["a=1", "line 3 \(noObject)"]),
        ("{\"a\":1} {\"a\":2}", ["line 1 \(noObject)"]),
        ("{\"a\":1}\na,b\n", ["a=1", "line 2 \(noObject)"]),
        ("{\"a\":1}\n{\"a\":", ["a=1", "line 2 \(noObject)"]),
        ("{\"a\":1,\"b\":2,\"\\u0061\":3}\n", ["line 1 has two members with one name"]),
    ]

    @Test("a line that is no JSON object is a fault that names it", arguments: jsonFaults)
    func faultyJSONLines(list: String, expected: [String]) {
        check(Array(list.utf8), expected)
    }

    static let badText = "is not valid UTF-8; save the list as UTF-8"
    static let bytes: [([UInt8], [String])] = [
        (Array("a\n1\n".utf8) + [0xE9] + Array("\n".utf8), ["a=1", "line 3 \(badText)"]),
        (Array("a\n\"1\n".utf8) + [0xFF] + Array("\"\n".utf8), ["line 3 \(badText)"]),
        // Each half of a character in a value of its own.
        (Array("a,b\n".utf8) + [0xC3, UInt8(ascii: ","), 0xA9], ["line 2 \(badText)"]),
        ([0xC3, 0x28] + Array("\n1\n".utf8), ["line 1 \(badText)"]),
        ([0xEF, 0xBB], ["line 1 \(badText)"]),
        // UTF-16 as some programs save it.
        ([0xFF, 0xFE, 0x61, 0, 0x0A, 0], ["line 1 \(badText)"]),
        (Array("{\"a\":1}\n{\"a\":\"".utf8) + [0xE9] + Array("\"}\n".utf8), ["a=1", "line 2 \(badText)"]),
    ]

    @Test("bytes that are no UTF-8 are a fault that names their line", arguments: bytes)
    func invalidText(list: [UInt8], expected: [String]) {
        check(list, expected)
    }

    @Test("a recipient may have 1 MiB and 1,000 columns, and no more")
    func limits() {
        let limit = RecipientReader.recordBytes
        func x(_ count: Int) -> String { String(repeating: "x", count: count) }
        func last(_ list: String) -> String? { Self.read(Array(list.utf8), piece: 65_536).last }
        #expect(last("a\n\(x(limit))\n")?.utf8.count == limit + 2)
        #expect(last("a\n1\n\(x(limit + 1))\n") == "line 3 begins a record of more than 1048576 bytes")
        #expect(last("a\n1\n2\"") == "line 3 has a quote inside a value; "
            + "put the value in quotes and write that quote twice")
        #expect(
            last("a\n\"1\n\(x(limit))\"\n") == "line 2 begins a quoted value that does not end within 1048576 bytes")
        #expect(last(x(limit + 1)) == "line 1 begins a record of more than 1048576 bytes")
        #expect(last("{\"a\":\"\(x(limit - 8))\"}")?.utf8.count == limit - 6)
        #expect(last("{}\n{\"a\":\"\(x(limit - 7))\"}") == "line 2 has more than 1048576 bytes")
        #expect(
            last(String(repeating: " ", count: limit + 1))
                == "line 1 and those after it are blank for more than 1048576 bytes")
        let names = (0..<1_000).map { "c\($0)" }.joined(separator: ",")
        #expect(last(names + "\n" + String(repeating: ",", count: 999))?.hasSuffix("|c999=") == true)
        #expect(last(names + ",more") == "line 1 has more than 1000 fields")
        let members = (0...1_000).map { "\"c\($0)\":0" }.joined(separator: ",")
        #expect(last("{\(members)}") == "line 1 has more than 1000 members")
    }

    @Test("every short list means the same in one piece and byte by byte")
    func exhaustive() {
        let alphabet = Array("a,\"\n\r".utf8)
        var lists: [[UInt8]] = [[]]
        for _ in 0..<5 {
            for list in lists {
                #expect(Self.read(list, piece: 1) == Self.read(list, piece: 16))
            }
            lists = lists.flatMap { list in alphabet.map { list + [$0] } }
        }
    }

    @Test("what is written by RFC 4180's rules is read back as it was")
    func readBack() {
        let values = ["", "a", ",", "\"", "\n", "\r\n", "\r", "a\"b", "\"\"", " ", "é,\"\n"]
        for first in values {
            for second in values {
                let fields = [first, second].map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
                let list = "x,y\r\n" + fields.joined(separator: ",") + "\r\n"
                check(Array(list.utf8), ["x=\(first)|y=\(second)"])
            }
        }
    }

    @Test("reading ends with the recipient that is enough, whatever comes after it")
    func enough() throws {
        var reader = RecipientReader()
        var count = 0
        let list = Array("a\n1\n2\n3,wrong\n".utf8)
        let wantsMore = try reader.read(list[...]) { _ in
            count += 1
            return count < 2
        }
        #expect(!wantsMore)
        #expect(count == 2)
    }

    static let ends: [(ProgramExit, String?)] = [
        (.status(0), nil),
        (.status(2), "there is no /l.csv; put the list there, or correct its path in audiences.d/a.yaml"),
        (.status(5), "/l.csv can't be read: Input/output error"),
        (.status(200), "/l.csv is no plain file, and a list of recipients must be one"),
        (.signal(9), "/l.csv was not read to its end: the reading was killed by SIGKILL"),
    ]

    @Test("why a list's file can't be read is told with what to do", arguments: ends)
    func fileFaults(end: ProgramExit, expected: String?) throws {
        let name = try #require(Slug("a"))
        #expect(AudienceSource.file("/l.csv").fault(end, audience: name) == expected)
        let denied = try #require(AudienceSource.file("/l.csv").fault(.status(13), audience: name))
        #expect(denied.hasSuffix("needs the right to read it and to reach its folder"))
    }
}
