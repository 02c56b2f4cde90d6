import Foundation
@testable import Recurrence
import Testing
import ZoneFixtures

@Suite("the system's zone database")
struct SystemZonesTests {
    /// A directory of its own for each test, gone with it.
    private final class Scratch {
        let path = FileManager.default.temporaryDirectory.path() + "/zones-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ bytes: [UInt8]) throws {
            let file = URL(filePath: "\(path)/\(name)")
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    private func zoneBytes(hours: Int32) -> [UInt8] {
        var file = TZifBuilder()
        file.types = [(hours * 3_600, 0, 0)]
        return file.bytes
    }

    @Test("zones and links of the database are found under the name that was asked for", arguments: [
        "Europe/Paris", "US/Eastern", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC", "EST5EDT", "GB-Eire",
        "Zulu",
    ])
    func found(name: String) throws {
        #expect(try SystemZones().zone(named: name).name == name)
    }

    @Test("what cannot be a name is refused by name", arguments: [
        "", "/etc/localtime", "../zoneinfo/UTC", "Europe/../UTC", "Europe//Paris", "/UTC", "UTC/", "Europe/Paris\n",
        "Europe/Paris\u{0}x", "zone.tab", "tzdata.zi", "Europe/Pàris", "Europe Paris", ":UTC", ".", "..", "~/UTC",
    ])
    func invalid(name: String) {
        #expect(throws: ZoneError.invalidName(name)) { try SystemZones().zone(named: name) }
    }

    @Test("a name of 255 bytes is looked for, one of 256 is not")
    func longNames() {
        let longest = String(repeating: "A", count: 255)
        #expect(throws: ZoneError.unknown(longest, nearest: nil)) { try SystemZones().zone(named: longest) }
        #expect(throws: ZoneError.invalidName(longest + "A")) { try SystemZones().zone(named: longest + "A") }
    }

    @Test("an unknown name is refused with the nearest one there is", arguments: [
        ("Europe/Pariss", "Europe/Paris"), ("europe/paris", "Europe/Paris"), ("Paris", "Europe/Paris"),
        ("America/NewYork", "America/New_York"), ("Asia/Calcuta", "Asia/Calcutta"), ("Utc", "UTC"),
    ])
    func nearest(name: String, nearest: String) {
        #expect { try SystemZones().zone(named: name) } throws: { error in
            "\(error)" == "\"\(name)\" is not in the time zone database; the nearest name there is \(nearest)"
        }
    }

    @Test("names that are near to nothing, directories and settings of the host are unknown", arguments: [
        "Europe/Atlantis", "Europe", "localtime", "posixrules", "Mars/Olympus_Mons",
    ])
    func unknown(name: String) {
        #expect { try SystemZones().zone(named: name) } throws: { error in
            "\(error)" == "\"\(name)\" is not in the time zone database; names such as Europe/Paris are"
        }
    }

    @Test("a file that is no zone, and one with leap seconds, are damaged")
    func damaged() throws {
        #expect(throws: ZoneError.damaged("leapseconds", .notTZif)) { try SystemZones().zone(named: "leapseconds") }
        let scratch = try Scratch()
        var file = TZifBuilder()
        file.leapSeconds = 1
        try scratch.write("Right/Paris", file.bytes)
        #expect { try SystemZones(directory: scratch.path).zone(named: "Right/Paris") } throws: { error in
            "\(error)" == "\"Right/Paris\" is no zone in the time zone database: "
                + "a TZif file with leap seconds; those of POSIX time have none"
        }
    }

    @Test("a file that is too large, a device and a FIFO are refused without waiting")
    func strangeFiles() throws {
        let scratch = try Scratch()
        try scratch.write("Large", [UInt8](repeating: 0, count: ZoneFiles.sizeLimitBytes + 1))
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/Zero", withDestinationPath: "/dev/zero")
        #expect(mkfifo(scratch.path + "/Fifo", 0o600) == 0)
        let zones = SystemZones(directory: scratch.path)
        #expect(throws: ZoneError.unreadable("Large", reason: "its file has more than 1048576 bytes")) {
            try zones.zone(named: "Large")
        }
        #expect(throws: ZoneError.self) { try zones.zone(named: "Zero") }
        #expect(throws: ZoneError.self) { try zones.zone(named: "Fifo") }
    }

    @Test("a directory that is not there is told")
    func missingDirectory() {
        #expect { try SystemZones(directory: "/nowhere/zoneinfo").zone(named: "UTC") } throws: { error in
            "\(error)" == "\"UTC\" cannot be read from the time zone database: there is no directory /nowhere/zoneinfo"
        }
    }

    @Test("without a directory, or with an empty one, the system's is read")
    func defaultDirectory() {
        #expect(SystemZones().directory == "/usr/share/zoneinfo")
        #expect(SystemZones(directory: "").directory == "/usr/share/zoneinfo")
    }

    @Test("a zone whose file is replaced, and a directory that is, are noticed by the next question")
    func changes() throws {
        let old = try Scratch()
        let new = try Scratch()
        let links = try Scratch()
        try old.write("Test/Zone", zoneBytes(hours: 1))
        try new.write("Test/Zone", zoneBytes(hours: 2))
        let link = links.path + "/zoneinfo"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: old.path)
        let zones = SystemZones(directory: link)
        let first = try zones.zone(named: "Test/Zone")
        #expect(first.offset(at: .earliest) == 3_600)
        #expect(try zones.zone(named: "Test/Zone") == first)

        try FileManager.default.removeItem(atPath: link)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: new.path)
        #expect(try zones.zone(named: "Test/Zone").offset(at: .earliest) == 7_200)

        try FileManager.default.removeItem(atPath: new.path + "/Test/Zone")
        try new.write("Test/Zone", zoneBytes(hours: 3))
        #expect(try zones.zone(named: "Test/Zone").offset(at: .earliest) == 10_800)
        #expect(try zones.zone(named: "Test/Zone") != first)
    }

    @Test("the version comes from tzdata.zi, from +VERSION, or from the files themselves")
    func version() throws {
        let scratch = try Scratch()
        try scratch.write("Test/Zone", zoneBytes(hours: 1))
        let zones = SystemZones(directory: scratch.path)
        let hashed = zones.version
        #expect(hashed.hasPrefix("files-") && hashed.utf8.count == 22)
        #expect(zones.version == hashed)
        try scratch.write("Test/Other", zoneBytes(hours: 2))
        #expect(zones.version != hashed)
        try scratch.write("+VERSION", Array("2026a\n".utf8))
        #expect(zones.version == "2026a")
        try scratch.write("tzdata.zi", Array("# version 2026b\n# more\n".utf8))
        #expect(zones.version == "2026b")
        try scratch.write("tzdata.zi", Array("# version \u{1B}[31m\n".utf8))
        #expect(zones.version == "2026a")

        // What can't be read is no other version.
        try FileManager.default.removeItem(atPath: scratch.path)
        #expect(zones.version == "2026a")
        #expect(SystemZones(directory: scratch.path).version == "unknown")
    }

    @Test("a directory that contains itself is listed to a bounded depth")
    func loops() throws {
        let scratch = try Scratch()
        try scratch.write("Test/Zone", zoneBytes(hours: 1))
        try FileManager.default.createSymbolicLink(atPath: scratch.path + "/Test/Loop",
            withDestinationPath: scratch.path)
        let names = try ZoneFiles.entries(below: scratch.path).map(\.name)
        #expect(names.contains("Test/Zone"))
        #expect(names.allSatisfy { $0.split(separator: "/").count <= ZoneFiles.depthLimit })
    }
}
