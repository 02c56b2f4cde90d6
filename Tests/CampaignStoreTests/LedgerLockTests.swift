import Foundation
import Glibc
import Testing

@testable import CampaignStore

@Suite("The ledger's lock")
struct LedgerLockTests {
    @Test("a second process that holds it is named with its pid, and lets go when it ends")
    func secondProcess() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/lock"
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/bin/sh")
        holder.arguments = ["-c", "exec 9>\"$1\" && flock 9 && echo $$ >&9 && echo held && read line", "sh", path]
        let input = Pipe()
        let output = Pipe()
        holder.standardInput = input
        holder.standardOutput = output
        try holder.run()
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) == "held\n")
        let pid = holder.processIdentifier
        #expect(throws: LedgerLockError.held(path: path, pid: pid)) { try LedgerLock(directory: folder.path) }
        #expect(
            LedgerLockError.held(path: path, pid: pid).description
                == "process \(pid) holds \(path): a second campaignd can't use the same ledger")
        try input.fileHandleForWriting.close()
        holder.waitUntilExit()
        _ = try LedgerLock(directory: folder.path)
    }

    @Test("it holds the pid of its holder, and none once it is free")
    func content() throws {
        let folder = try TemporaryFolder()
        let lock = try LedgerLock(directory: folder.path)
        #expect(String(decoding: try folder.bytes(of: "lock"), as: UTF8.self) == "\(getpid())\n")
        #expect(throws: LedgerLockError.held(path: folder.path + "/lock", pid: getpid())) {
            try LedgerLock(directory: folder.path)
        }
        #expect(lock.path == folder.path + "/lock")
        lock.release()
        #expect(try folder.bytes(of: "lock") == [])
    }

    @Test("no program that is started keeps it")
    func closedOnExec() throws {
        let folder = try TemporaryFolder()
        let lock = try LedgerLock(directory: folder.path)
        let descriptor = try #require(lock.descriptor)
        #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
        #expect(folder.mode(of: "lock") == 0o600)
    }

    @Test("the store keeps it until it is closed")
    func heldByStore() throws {
        let ledger = try TemporaryLedger()
        #expect(throws: LedgerLockError.self) { try LedgerLock(directory: ledger.folder.path) }
        try ledger.store.close()
        _ = try LedgerLock(directory: ledger.folder.path)
    }

    @Test("a folder that is not there is told")
    func missingFolder() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path + "/nowhere"
        #expect(throws: LedgerLockError.failed(path: missing + "/lock", reason: "No such file or directory")) {
            try LedgerLock(directory: missing)
        }
    }
}
