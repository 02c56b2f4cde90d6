import Foundation
@testable import Recurrence
import SeededRandom
import Testing
import ZoneFixtures

@Suite("TZif files")
struct TZifTests {
    private static func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: "\(SystemZones.defaultDirectory)/\(name)")))
    }

    @Test("versions 1 to 4 are read; version 1 has no footer and keeps its last offset")
    func versions() throws {
        var file = TZifBuilder()
        file.types = [(0, 0, 0), (3_600, 0, 0)]
        file.transitions = [(1_000, 1)]
        file.footer = "AAA-2"
        for version in [UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4")] {
            file.version = version
            let zone = try Zone(name: "Test/Zone", tzif: file.bytes)
            #expect(zone.offset(at: Instant(secondsSinceEpoch: 999)) == 0)
            #expect(zone.offset(at: Instant(secondsSinceEpoch: 1_000)) == 7_200)
        }
        file.version = 0
        let zone = try Zone(name: "Test/Zone", tzif: file.bytes)
        #expect(zone.offset(at: Instant(secondsSinceEpoch: 1_000)) == 3_600)
        #expect(zone.offset(at: .latest) == 3_600)
    }

    @Test("what follows the footer is ignored")
    func trailingBytes() throws {
        #expect(try Zone(name: "Test/Zone", tzif: TZifBuilder().bytes + [1, 2, 3]).offset(at: .latest) == 0)
    }

    @Test("a file with a fault is refused in a sentence that names it", arguments: [
        ("magic", "not a TZif file"),
        ("version", "a TZif file of an unknown version (byte 53); 1 to 4 are read"),
        ("leap", "a TZif file with leap seconds; those of POSIX time have none"),
        ("no types", "a damaged TZif file: the number of types is 0; 1 to 256 are allowed"),
        ("no abbreviations", "a damaged TZif file: the abbreviations are missing"),
        ("abbreviation", "a damaged TZif file: an abbreviation starts past the end of its table"),
        ("unended", "a damaged TZif file: abbreviations do not end with a NUL"),
        ("offset", "a damaged TZif file: an offset is 93600 s; −25 to 26 hours are allowed"),
        ("flag", "a damaged TZif file: a daylight flag is 2; 0 and 1 are allowed"),
        ("type", "a damaged TZif file: transition types name type 1 of 1"),
        ("order", "a damaged TZif file: transition times are not ascending"),
        ("indicators", "a damaged TZif file: standard indicators are 2 for 1 types"),
        ("indicator", "a damaged TZif file: indicators hold 7 where 0 and 1 are allowed"),
        ("many", "a TZif file with transitions 10001; up to 10000 are read"),
        ("no footer", "a TZif file that ends too early"),
        ("footer", #"a TZif file whose footer "CET-1CEST,M3.5.0" is not a POSIX time zone"#),
        ("long footer", "a TZif file with footer bytes 257; up to 256 are read"),
    ])
    func faults(fault: String, sentence: String) {
        var file = TZifBuilder()
        var bytes: [UInt8]?
        switch fault {
        case "magic": bytes = Array("TZix".utf8) + file.bytes.dropFirst(4)
        case "version": file.version = UInt8(ascii: "5")
        case "leap": file.leapSeconds = 1
        case "no types": file.types = []
        case "no abbreviations": file.abbreviations = []
        case "abbreviation": file.types = [(0, 0, 4)]
        case "unended": file.abbreviations = Array("LMT".utf8)
        case "offset": file.types = [(93_600, 0, 0)]
        case "flag": file.types = [(0, 2, 0)]
        case "type": file.transitions = [(0, 1)]
        case "order": file.transitions = [(5, 0), (5, 0)]
        case "indicators": file.standardIndicators = [0, 0]
        case "indicator": file.standardIndicators = [7]
        case "many": file.transitions = (0...10_000).map { (Int64($0), 0) }
        case "no footer": file.footer = nil
        case "footer": file.footer = "CET-1CEST,M3.5.0"
        default: file.footer = String(repeating: "A", count: 257)
        }
        #expect { try Zone(name: "Test/Zone", tzif: bytes ?? file.bytes) } throws: { "\($0)" == sentence }
    }

    @Test("a footer that is not a POSIX time zone is refused", arguments: [
        "A", "AB-1", "CET", "-1", "CET-25", "CET-1:60", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,",
        "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1CEST,J366,J1", "CET-1CEST,366,1",
        "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0x", "<CET-1", "<>-1", "C3T-1", "CET-99999999999999999999",
        "CET-1CEST,M3.5.0,M10.5.0/\u{0}",
    ])
    func badFooters(footer: String) {
        var file = TZifBuilder()
        file.footer = footer
        #expect(throws: TZifError.self) { try Zone(name: "Test/Zone", tzif: file.bytes) }
    }

    @Test("a real file cut at any length is an error", arguments: ["Europe/Paris", "Africa/Casablanca", "Etc/UTC"])
    func truncations(name: String) throws {
        let bytes = try Self.file(name)
        // The last newline ends the footer; without it the footer is cut.
        for length in 0..<bytes.count {
            #expect(throws: TZifError.self) { try Zone(name: name, tzif: Array(bytes[..<length])) }
        }
        #expect(throws: Never.self) { try Zone(name: name, tzif: bytes) }
    }

    @Test("random damage to real files is an error or a zone that answers, never a crash")
    func damage() throws {
        var generator = SeededGenerator(seed: 20_261_207)
        var read = 0
        for name in ["Europe/Paris", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Gaza", "Etc/UTC"] {
            let bytes = try Self.file(name)
            for _ in 0..<400 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    let place = Int.random(in: 0..<damaged.count, using: &generator)
                    // Half of the time in the headers and the footer, where a byte says most.
                    let near = Bool.random(using: &generator) ? place : Bool.random(using: &generator)
                        ? place % min(44, damaged.count) : damaged.count - 1 - place % min(30, damaged.count)
                    damaged[near] = Bool.random(using: &generator)
                        ? damaged[near] ^ (1 << UInt8.random(in: 0...7, using: &generator))
                        : UInt8.random(in: 0...255, using: &generator)
                }
                guard let zone = try? Zone(name: name, tzif: damaged) else { continue }
                read += 1
                try use(zone, &generator)
            }
        }
        #expect(read > 100)
    }

    @Test("a zone that jumps by hours many times a day still answers, in order")
    func densestZone() throws {
        var generator = SeededGenerator(seed: 7)
        var file = TZifBuilder()
        file.types = (0..<200).map { _ in (Int32.random(in: -89_999...93_599, using: &generator), 0, 0) }
        file.transitions = (0..<10_000).map { (Int64($0) * 977, UInt8.random(in: 0..<200, using: &generator)) }
        file.footer = "AAA-1BBB,M3.5.0,M10.5.0"
        let zone = try Zone(name: "Test/Zone", tzif: file.bytes)
        let series = try Series(
            anchor: local("1970-01-02T00:00"), zone: zone, rule: rule("FREQ=DAILY;BYHOUR=0,6,12,18;BYMINUTE=0,30"))
        let found = series.occurrences(300)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.instant < $1.instant })
        for (early, late) in zip(found, found.dropFirst()) {
            #expect(series.last(before: late.instant) == early)
            #expect(series.next(after: late.instant - 1) == late)
        }
    }

    @Test("transitions at the ends of 64 bits do not overflow")
    func extremes() throws {
        var file = TZifBuilder()
        file.types = [(0, 0, 0), (3_600, 0, 0), (7_200, 0, 0)]
        file.transitions = [(.min, 1), (-1 << 59, 2), (0, 1), (.max, 2)]
        let zone = try Zone(name: "Test/Zone", tzif: file.bytes)
        #expect(zone.offset(at: .earliest) == 7_200)
        #expect(zone.offset(at: Instant(secondsSinceEpoch: -1)) == 7_200)
        #expect(zone.offset(at: .latest) == 3_600)
        file.transitions = [(.min, 1)]
        file.footer = "AAA-1BBB,M3.5.0,M10.5.0"
        #expect(try Zone(name: "Test/Zone", tzif: file.bytes).offset(at: instant("0001-07-01T00:00:00Z")) == 7_200)
    }

    private func use(_ zone: Zone, _ generator: inout SeededGenerator) throws {
        for _ in 0..<5 {
            let second = Int64.random(in: -62_135_596_800...253_402_300_799, using: &generator)
            let local = zone.local(at: Instant(secondsSinceEpoch: second))
            _ = zone.resolve(local)
        }
        let series = try Series(anchor: local("2026-01-01T02:30"), zone: zone, rule: rule("FREQ=DAILY"))
        let found = series.occurrences(20, after: instant("2026-03-20T00:00:00Z"))
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.instant < $1.instant })
        _ = series.last(before: instant("2037-01-01T00:00:00Z"))
    }
}
