import Glibc
import SendRecords
import SimulatedDisk
import SystemdKit
import Testing

/// What record-keeping asks of any disk; the machine's and the simulated one both pass.
@Suite("A disk of records", .serialized)
struct DiskTests {
    /// A disk with an empty folder on it.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Two processes' disks, or one and the same.
        let use: @Sendable (_ body: (any RecordDisk, any RecordDisk, String) throws -> Void) throws -> Void
    }

    static let places = [
        Place(testDescription: "the machine's") { body in
            var template = Array("/tmp/records-disk.XXXXXX".utf8CString)
            try #require(mkdtemp(&template) != nil)
            let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let disk = SystemDisk()
            defer {
                for name in (try? disk.names(in: path)) ?? [] {
                    try? disk.unlink("\(path)/\(name)")
                    try? disk.removeEmptyFolder("\(path)/\(name)")
                }
                try? disk.removeEmptyFolder(path)
            }
            try body(disk, disk, path)
        },
        Place(testDescription: "a simulated one") { body in
            let machine = SimulatedMachine(seed: 0)
            try body(machine.process(), machine.process(), SimulatedMachine.statePath)
        },
    ]

    private func code(_ body: () throws -> Void) -> Int32? {
        do { try body() } catch { return (error as? SystemError)?.code }
        return nil
    }

    @Test("what was written is read by others, from the beginning or near the end", arguments: places)
    func content(place: Place) throws {
        try place.use { disk, other, path in
            let file = try disk.create(path + "/a")
            try file.write([1, 2, 3])
            try file.write([4, 5])
            #expect(try other.read(path + "/a", limit: 5) == [1, 2, 3, 4, 5])
            #expect(code { _ = try other.read(path + "/a", limit: 4) } == EFBIG)
            let read = try #require(try other.open(path + "/a"))
            #expect(try read.seek(toLast: 2) && read.read(limit: 5) == [4, 5])
            #expect(try read.seek(toLast: 9) && read.read(limit: 5) == [1, 2, 3, 4, 5])
            try file.truncate(to: 0)
            #expect(try !read.seek(toLast: 2))
            try file.rewind()
            try file.write([6])
            #expect(try other.read(path + "/a", limit: 5) == [6])
            #expect(try other.open(path + "/none") == nil && other.openFolder(path + "/none") == nil)
            #expect(code { _ = try disk.create(path + "/a") } == EEXIST)
            #expect(code { _ = try disk.create(path + "/none/a") } == ENOENT)
        }
    }

    @Test("a file is changed where it stands, and its mark tells growth and replacement", arguments: places)
    func changes(place: Place) throws {
        try place.use { disk, other, path in
            #expect(try disk.openToChange(path + "/a") == nil && disk.mark(of: path + "/a") == nil)
            try disk.create(path + "/a").write([1, 2, 3])
            let first = try #require(try other.mark(of: path + "/a"))
            #expect(first.size == 3)
            let file = try #require(try disk.openToChange(path + "/a"))
            try file.seek(to: 2)
            try file.write([9, 4])
            try file.seek(to: 1)
            #expect(try file.read(atMost: 8) == [2, 9, 4])
            try file.seek(to: 7)
            #expect(try file.read(atMost: 8) == [])
            #expect(try other.mark(of: path + "/a") == FileMark(file: first.file, size: 4))
            try disk.create(path + "/b").write([5, 6, 7, 8])
            try disk.rename(path + "/b", to: path + "/a")
            let second = try #require(try other.mark(of: path + "/a"))
            #expect(second.file != first.file && second.size == 4)
        }
    }

    @Test("room that was reserved is there as zeros, and is cut to what was written", arguments: places)
    func room(place: Place) throws {
        try place.use { disk, other, path in
            let file = try disk.create(path + "/room")
            try file.reserve(4)
            #expect(try other.read(path + "/room", limit: 4) == [0, 0, 0, 0])
            try file.write([7, 8])
            try file.truncate(to: 2)
            try file.sync()
            #expect(try other.read(path + "/room", limit: 4) == [7, 8])
        }
    }

    @Test("a second name is the same file, a taken one stays, and one that is gone is free", arguments: places)
    func names(place: Place) throws {
        try place.use { disk, other, path in
            try disk.create(path + "/new").write([1])
            try disk.link(path + "/new", to: path + "/a")
            try disk.create(path + "/b").write([2])
            #expect(code { try disk.link(path + "/b", to: path + "/a") } == EEXIST)
            #expect(code { try disk.link(path + "/none", to: path + "/c") } == ENOENT)
            try disk.unlink(path + "/new")
            #expect(try other.read(path + "/a", limit: 1) == [1])
            try disk.rename(path + "/b", to: path + "/a")
            #expect(try other.names(in: path) == ["a"])
            #expect(try other.read(path + "/a", limit: 1) == [2])
            #expect(code { try disk.unlink(path + "/new") } == ENOENT)
            #expect(code { try disk.rename(path + "/new", to: path + "/a") } == ENOENT)
            #expect(code { _ = try disk.names(in: path + "/none") } == ENOENT)
            #expect(code { _ = try disk.openFolder(path + "/a") } == ENOTDIR)
            #expect(code { _ = try disk.create(path + "/a/b") } == ENOTDIR)
            #expect(other.exists(path + "/a") && !other.exists(path + "/b"))
            #expect(other.modifiedAt(path + "/a") != nil && other.modifiedAt(path + "/b") == nil)
        }
    }

    @Test("a folder is made once, and removed when it is empty", arguments: places)
    func folders(place: Place) throws {
        try place.use { disk, other, path in
            #expect(try disk.makeFolder(path + "/f"))
            #expect(try !other.makeFolder(path + "/f"))
            #expect(code { _ = try disk.makeFolder(path + "/none/f") } == ENOENT)
            _ = try disk.create(path + "/f/a")
            #expect(code { try disk.unlink(path + "/f") } == EISDIR)
            #expect(code { try disk.removeEmptyFolder(path + "/f") } == ENOTEMPTY)
            try disk.unlink(path + "/f/a")
            try other.removeEmptyFolder(path + "/f")
            #expect(code { try disk.removeEmptyFolder(path + "/f") } == ENOENT)
        }
    }

    @Test("a record's lock stands against every other open file until it is let go", arguments: places)
    func locks(place: Place) throws {
        try place.use { disk, other, path in
            let record = try disk.create(path + "/new")
            try record.lock()
            try disk.link(path + "/new", to: path + "/a")
            let look = try #require(try other.open(path + "/a"))
            #expect(try !look.lockShared())
            #expect(code { try look.lock() } == EWOULDBLOCK)
            record.unlock()
            #expect(try look.lockShared())
            let beside = try #require(try disk.open(path + "/a"))
            #expect(try beside.lockShared())
            #expect(code { try record.lock() } == EWOULDBLOCK)
        }
    }

    @Test("a lock goes when its file is closed", arguments: places)
    func closing(place: Place) throws {
        try place.use { disk, other, path in
            func lockAndClose() throws { try disk.create(path + "/a").lock() }
            try lockAndClose()
            #expect(try other.open(path + "/a")?.lockShared() == true)
        }
    }
}
