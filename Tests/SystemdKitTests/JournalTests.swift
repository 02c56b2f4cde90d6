import CSystemd
import Glibc
import Testing

@testable import SystemdKit

@Suite("Journal")
struct JournalTests {
    /// What `write` leaves in a pipe.
    private func line(_ entry: JournalEntry) throws -> String {
        var pipe: [CInt] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        defer { pipe.forEach { close($0) } }
        try Journal(identifier: "test", destination: .lines(descriptor: pipe[1])).write(entry)
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = read(pipe[0], &bytes, bytes.count)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    @Test("without journald an entry is one line: the message, two spaces, the fields")
    func plainLine() throws {
        let entry = JournalEntry(
            "Campaign spring is active", priority: .notice, messageID: "7d4958e842da4a758f6c1cdc7b36dcc5",
            fields: [JournalField("CAMPAIGN", "spring"), JournalField("CAMPAIGN_STATUS", "active")])
        #expect(
            try line(entry) == "Campaign spring is active  PRIORITY=5 MESSAGE_ID=7d4958e842da4a758f6c1cdc7b36dcc5 "
                + "CAMPAIGN=spring CAMPAIGN_STATUS=active\n")
    }

    @Test(
        "no value can forge or rearrange a line",
        arguments: [
            ("Soldes d’été 🎉", "\"Soldes d’été 🎉\""), ("", "\"\""),
            ("a\nb", "\"a\\nb\""), ("a\"b", "\"a\\\"b\""),
            ("a\\b", "a\\b"), ("a\\ b", "\"a\\\\ b\""), ("\u{1B}[31m", "\\u{1b}[31m"), ("a\u{202E}b", "a\\u{202e}b"),
            ("a\u{2028}b", "\"a\\u{2028}b\""), ("\t", "\"\\t\""), ("x\u{7F}\u{9B}", "x\\u{7f}\\u{9b}"),
        ])
    func escapes(value: String, shown: String) throws {
        #expect(try line(JournalEntry("m", fields: [JournalField("V", value)])) == "m  PRIORITY=6 V=\(shown)\n")
    }

    @Test("a message with a line break stays one line, and bytes that are no text are shown as U+FFFD")
    func oddBytes() throws {
        let entry = JournalEntry("a\nb \"c\"", fields: [JournalField("RAW", bytes: [0x61, 0xFF, 0x00])])
        #expect(try line(entry) == "a\\nb \"c\"  PRIORITY=6 RAW=a\u{FFFD}\\u{0}\n")
    }

    @Test("what goes to journald names the program and the place in the source")
    func allFields() {
        let entry = JournalEntry("m", fields: [JournalField("A", bytes: [0, 10])])
        let line = #line - 1
        let fields = entry.allFields(identifier: "campaignd")
        #expect(
            fields.map(\.name) == [
                "MESSAGE", "PRIORITY", "SYSLOG_IDENTIFIER", "CODE_FILE", "CODE_LINE", "CODE_FUNC", "A",
            ])
        let texts = fields.map { String(decoding: $0.value, as: UTF8.self) }
        #expect(
            texts == ["m", "6", "campaignd", "SystemdKitTests/JournalTests.swift", "\(line)", "allFields()", "\0\n"])
    }

    @Test(
        "a field's name that journald would drop, or that the entry sets itself, is refused",
        arguments: [
            "", "_PID", "lower", "1ST", "WITH-DASH", "WITH SPACE", "A=B", "ÄTHER", "MESSAGE", "PRIORITY", "CODE_LINE",
            String(repeating: "A", count: 65),
        ])
    func refusedNames(name: String) {
        #expect(throws: JournalError.invalidName(name)) { _ = try JournalField.Name(name) }
    }

    @Test("other names are taken", arguments: ["A", "CAMPAIGN", "EVENT_SEQ", "A1_", String(repeating: "A", count: 64)])
    func takenNames(name: String) throws {
        #expect(try JournalField.Name(name).description == name)
    }

    @Test("the refusal of a name says what is allowed")
    func refusalText() {
        #expect(
            JournalError.invalidName("x").description == "journal field name: \"x\" is not allowed; it must be 1 to 64 "
                + "of A-Z, 0-9 and _, start with a letter, and be none that an entry sets itself")
    }

    @Test("an entry one past its limits is refused, one at them is not")
    func limits() throws {
        let sink = open("/dev/null", O_WRONLY)
        defer { close(sink) }
        let journal = Journal(identifier: "test", destination: .lines(descriptor: sink))
        let field = JournalField("A", "b")
        try journal.write(JournalEntry("", fields: Array(repeating: field, count: JournalEntry.maximumFields)))
        #expect(throws: JournalError.tooManyFields(JournalEntry.maximumFields + 1)) {
            try journal.write(JournalEntry("", fields: Array(repeating: field, count: JournalEntry.maximumFields + 1)))
        }
        let longest = [UInt8](repeating: 0x61, count: JournalEntry.maximumBytes - 1)
        try journal.write(JournalEntry("", fields: [JournalField("A", bytes: longest)]))
        #expect(throws: JournalError.tooLarge(bytes: JournalEntry.maximumBytes + 1)) {
            try journal.write(JournalEntry("m", fields: [JournalField("A", bytes: longest)]))
        }
    }

    @Test("a journald that is away is told, where libsystemd would lose the entry without a word")
    func unreachable() {
        let journal = Journal(identifier: "test", destination: .journald, reachedPath: "/nonexistent/socket")
        #expect(!journal.isReachable)
        let error = SystemError(call: "connect", object: "/nonexistent/socket", code: ENOENT)
        #expect(throws: JournalError.unreachable(error)) { try journal.write(JournalEntry("m")) }
    }

    @Test("a socket that is left behind without its listener is not reachable, one with it is")
    func reachable() throws {
        let socket = try TestSocket(SOCK_DGRAM)
        #expect(Journal(identifier: "test", destination: .journald, reachedPath: socket.address).isReachable)
        // Made without a listener: a closed one can live on for a moment, in a program that another test starts.
        let left = socket.address + ".left"
        #expect(mknod(left, S_IFSOCK | 0o600, 0) == 0)
        #expect(!Journal(identifier: "test", destination: .journald, reachedPath: left).isReachable)
    }

    @Test("a descriptor that can't be written is an error")
    func closedDescriptor() {
        let journal = Journal(identifier: "test", destination: .lines(descriptor: -1))
        #expect(throws: JournalError.failed(SystemError(call: "write", object: "descriptor -1", code: EBADF))) {
            try journal.write(JournalEntry("m"))
        }
    }

    @Test("JOURNAL_STREAM is believed for the very stream it names, and no other")
    func journalStream() throws {
        var pipe: [CInt] = [0, 0]
        #expect(Glibc.pipe(&pipe) == 0)
        defer { pipe.forEach { close($0) } }
        var status = stat()
        #expect(fstat(pipe[1], &status) == 0)
        #expect(Journal.leads(pipe[1], to: "\(status.st_dev):\(status.st_ino)"))
        let others = ["\(status.st_dev):\(status.st_ino + 1)", "\(status.st_dev):\(status.st_ino):"]
        for other in others + ["", ":", "1", "a:b"] {
            #expect(!Journal.leads(pipe[1], to: other))
        }
        #expect(!Journal.leads(pipe[1], to: nil))
        #expect(!Journal.leads(-1, to: "\(status.st_dev):\(status.st_ino)"))
    }

    @Test("a program whose standard error leads elsewhere writes lines there")
    func standardWithoutStream() {
        let journal = Journal.standard(identifier: "test", variables: DictionaryVariables([:]))
        #expect(journal.destination == .lines(descriptor: STDERR_FILENO))
        #expect(journal.isReachable)
    }
}
