import CampaignEngine
import CampaignModel
import Foundation
import GRDB
import Glibc
import Testing

@testable import CampaignStore

@Suite("Opening a ledger")
struct OpeningTests {
    @Test("a new ledger and all files beside it are their owner's alone, whatever the umask")
    func modes() throws {
        let ledger = try TemporaryLedger()
        try ledger.store.append([event(.daemonStarted)], at: instant(0))
        for name in ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm", "lock"] {
            #expect(ledger.folder.mode(of: name) == 0o600, "\(name)")
        }
        #expect(ledger.folder.mode(of: "ledger.sqlite.new") == nil)
    }

    @Test("a ledger with a wider mode is narrowed")
    func narrowing() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        chmod(folder.ledgerPath, 0o644)
        try folder.open().close()
        #expect(folder.mode(of: Store.fileName) == 0o600)
    }

    @Test("what was written is there when it is opened again")
    func reopening() throws {
        let folder = try TemporaryFolder()
        let campaign = try draft("spring")
        let first = try folder.open()
        try first.commit([decision(campaign)], at: instant(5))
        try first.close()
        let second = try folder.open()
        #expect(try second.campaign(named: slug("spring"))?.campaign == campaign)
        #expect(try second.newestWrite() == instant(5))
        try second.close()
    }

    @Test("a closed ledger answers nothing, and is not closed twice; its log is in the file")
    func closing() throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        try store.commit([decision(try draft("spring"))], at: instant(0))
        try store.close()
        try store.close()
        #expect(throws: LedgerError.failed("the ledger failed: it is closed")) {
            try store.campaign(named: slug("spring"))
        }
        #expect(throws: LedgerError.failed("the ledger failed: it is closed")) {
            try store.append([event(.daemonStopped)], at: instant(0))
        }
        #expect(throws: StoreError.failed("it is closed")) { try store.campaigns() }
        #expect(throws: StoreError.self) { try store.backup(to: folder.path + "/copy") }
        #expect(folder.mode(of: "copy") == nil)
        let log = folder.path + "/ledger.sqlite-wal"
        #expect(try !FileManager.default.fileExists(atPath: log) || folder.bytes(of: "ledger.sqlite-wal").isEmpty)
    }

    @Test("what a crash left of a ledger that was being made is made anew")
    func unfinished() throws {
        let folder = try TemporaryFolder()
        try folder.write(Array("half a ledger".utf8), to: "ledger.sqlite.new")
        try folder.open().close()
        #expect(folder.mode(of: "ledger.sqlite.new") == nil)
    }

    @Test("a folder that does not exist is named")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/nowhere"
        #expect(throws: StoreError.missingDirectory(missing)) {
            try Store.open(at: missing + "/ledger.sqlite", holding: folder.lock(), machineID: nil)
        }
    }

    /// A file, and the sentence that it is refused with; PATH stands for its path.
    static let refused: [(name: String, bytes: [UInt8], sentence: String)] = [
        (
            "empty", [],
            "PATH is empty, which no ledger ever is; restore it from a backup, or remove it to begin a new one"
        ),
        (
            "text", Array("name: spring\n".utf8),
            "PATH is not a ledger of campaignd and was left as it is: it does not begin as an SQLite database does"
        ),
        (
            "header alone", Array("SQLite format 3\0".utf8),
            "PATH is not a ledger of campaignd and was left as it is: it does not begin as an SQLite database does"
        ),
        (
            "zeros", [UInt8](repeating: 0, count: 8_192),
            "PATH is not a ledger of campaignd and was left as it is: it does not begin as an SQLite database does"
        ),
    ]

    @Test("a file that is no ledger is refused in one sentence and left as it is", arguments: refused)
    func refusal(_ file: (name: String, bytes: [UInt8], sentence: String)) throws {
        let folder = try TemporaryFolder()
        try folder.write(file.bytes)
        try expectRefusal(in: folder, file.sentence)
        #expect(try folder.bytes() == file.bytes)
    }

    @Test("another program's SQLite file is refused and left as it is")
    func otherProgram() throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseQueue(path: folder.ledgerPath)
        try queue.write { try $0.execute(sql: "CREATE TABLE notes (text TEXT); PRAGMA application_id = 77") }
        try queue.close()
        let bytes = try folder.bytes()
        try expectRefusal(
            in: folder,
            "PATH is not a ledger of campaignd and was left as it is: "
                + "it is the SQLite database of another program (application id 77)")
        #expect(try folder.bytes() == bytes)
    }

    @Test(
        "a ledger that lost its end, or whose schema is rubbish, is told as damaged and left as it is",
        arguments: [true, false])
    func damaged(isCut: Bool) throws {
        let folder = try TemporaryFolder()
        let store = try folder.open()
        for number in 0..<50 { try store.commit([decision(try draft("c\(number)"))], at: instant(0)) }
        try store.close()
        var bytes = try folder.bytes()
        if isCut {
            bytes.removeLast(bytes.count / 2)
        } else {
            for index in 100..<4_096 { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
        }
        try folder.write(bytes)
        do {
            _ = try folder.open()
            Issue.record("a damaged ledger was opened")
        } catch let error as StoreError {
            guard case .damaged(folder.ledgerPath, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(error.description.hasPrefix("\(folder.ledgerPath) is damaged: "))
            #expect(error.description.hasSuffix("; restore it from a backup"))
        }
        #expect(try folder.bytes() == bytes)
    }

    @Test("a write-ahead log without its ledger is no new ledger")
    func orphanedLog() throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "ledger.sqlite-wal")
        try expectRefusal(
            in: folder,
            "PATH is damaged: the file is gone, and its write-ahead log PATH-wal is not; restore it from a backup")
        #expect(folder.mode(of: Store.fileName) == nil)
    }

    @Test("a folder in the ledger's place is refused")
    func folderInPlace() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.ledgerPath, withIntermediateDirectories: false)
        try expectRefusal(in: folder, "PATH is not a ledger of campaignd and was left as it is: it is a folder")
    }

    @Test("a ledger that may not be written is refused, and says why")
    func permission() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        chmod(folder.ledgerPath, 0o400)
        let bytes = try folder.bytes()
        let lock = try folder.lock()
        try withoutPrivileges {
            #expect(throws: StoreError.noPermission(path: folder.ledgerPath, reason: "Permission denied")) {
                try Store.open(at: folder.ledgerPath, holding: lock, machineID: nil)
            }
        }
        #expect(try folder.bytes() == bytes)
    }

    @Test("a file system that is read-only is told as that")
    func readOnly() {
        #expect(LedgerFile.refusal(of: "/a/ledger.sqlite", code: EROFS) == .readOnly("/a/ledger.sqlite"))
        #expect(DatabaseError(resultCode: .SQLITE_READONLY).asStoreError(at: "/a") == .readOnly("/a"))
        #expect(StoreError.readOnly("/a").description == "/a can't be written: it is read-only")
    }

    @Test("a newer schema is refused by its version, and the file left as it is")
    func newerSchema() throws {
        let folder = try TemporaryFolder()
        let newer = MigrationTests.newer
        try Store.open(at: folder.ledgerPath, holding: folder.lock(), machineID: nil, schema: newer).close()
        let bytes = try folder.bytes()
        try expectRefusal(
            in: folder,
            "PATH has schema version \(newer.version), and this campaignd knows versions up to "
                + "\(Schema.current.version); use a newer campaignd")
        #expect(try folder.bytes() == bytes)
    }

    @Test("a setting that did not take is refused")
    func unsafeSetting() {
        let error = StoreError.unsafeSetting(path: "/a", name: "synchronous", found: "1", needed: "2")
        #expect(error.description == "/a can't be kept safely: SQLite's synchronous is 1, and 2 is needed")
    }

    @Test("a ledger knows the machine that it was made on, until it is adopted")
    func machine() throws {
        let folder = try TemporaryFolder()
        try folder.open().close()
        let store = try folder.open(machineID: "aaaa")
        #expect(try store.machineID() == "aaaa")
        #expect(try !store.isForeign())
        try store.close()
        let nameless = try folder.open()
        #expect(try !nameless.isForeign())
        try nameless.close()
        let moved = try folder.open(machineID: "bbbb")
        #expect(try moved.isForeign())
        let event = Event(.ledgerAdopted, at: instant(100), campaign: nil, actor: .daemon, text: "adopted")
        try moved.adopt(event, at: instant(100))
        #expect(try !moved.isForeign())
        #expect(try moved.events(after: 0, limit: 10).map(\.event) == [event])
        try moved.close()
    }

    private func expectRefusal(in folder: TemporaryFolder, _ sentence: String) throws {
        do {
            _ = try folder.open()
            Issue.record("it was opened")
        } catch let error as StoreError {
            #expect(error.description == sentence.replacingOccurrences(of: "PATH", with: folder.ledgerPath))
        }
    }

    /// Runs without root's right to open every file: setfsuid(2) holds for this thread alone, and `body` does not
    /// leave it.
    private func withoutPrivileges(_ body: () throws -> Void) throws {
        typealias SetFSUID = @convention(c) (uid_t) -> CInt
        let setfsuid = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetFSUID.self)
        let nobody: uid_t = 65_534
        if geteuid() == 0 { _ = setfsuid(nobody) }
        defer { if geteuid() == 0 { _ = setfsuid(0) } }
        try body()
    }
}
