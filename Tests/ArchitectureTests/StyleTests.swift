import Foundation
import Testing

/// The habits of CONTRIBUTING.md that a machine can see.
@Suite("The code keeps its style")
struct StyleTests {
    private static let lineLimit = 120
    private static let fileLimit = 400

    private static func sources() throws -> [SourceTree.File] { try SourceTree.swiftFiles(in: "Sources") }
    private static func tests() throws -> [SourceTree.File] { try SourceTree.swiftFiles(in: "Tests") }

    @Test("no file is longer than 400 lines, and no line than 120 characters")
    func length() throws {
        for file in try Self.sources() + Self.tests() {
            #expect(file.lines.count <= Self.fileLimit + 1, "\(file.path) has \(file.lines.count) lines")
            for (index, line) in file.lines.enumerated() where line.count > Self.lineLimit {
                Issue.record("\(file.path):\(index + 1) has \(line.count) characters")
            }
        }
    }

    @Test("no test sleeps")
    func sleeps() throws {
        let calls = ["Task" + ".sleep", "usleep" + "(", " sleep" + "(", "Thread" + ".sleep", "nanosleep" + "("]
        try Self.expectNone(of: calls, in: Self.tests())
    }

    @Test("schedules are computed by Recurrence alone, never by Foundation's calendars")
    func calendars() throws {
        try Self.expectNone(
            of: ["TimeZone(", "Calendar(", "Calendar.current", "DateComponents", "DateFormatter"], in: Self.sources())
    }

    @Test("nothing is left for later, and nothing is forced")
    func leftovers() throws {
        try Self.expectNone(of: ["TO" + "DO", "FIX" + "ME", "XX" + "X", "try" + "!", "as" + "! "], in: Self.sources())
    }

    @Test("libraries neither log nor print")
    func printing() throws {
        let programs: Set = ["campaignd", "campaignctl", "campaign-send"]
        let libraries = try Self.sources().filter { !programs.contains($0.module) }
        try Self.expectNone(of: ["print(\"", "debugPrint(", "NSLog("], in: libraries)
    }

    @Test("each verb writes its name down: made of its type's name, those of all took two thirds of every start")
    func commandNames() throws {
        for file in try Self.sources() where file.lines.contains(where: { $0.contains("= CommandConfiguration(") }) {
            #expect(file.lines.contains { $0.contains("commandName: \"") }, "\(file.path)")
        }
    }

    @Test("no type is named for doing everything")
    func names() throws {
        let banned = ["Util", "Manager", "Helper", "Common"]
        for file in try Self.sources() {
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            #expect(!banned.contains { name.contains($0) }, "\(file.path)")
        }
    }

    @Test("what the compiler can't check stands beside its proof")
    func unchecked() throws {
        for file in try Self.sources() {
            for (index, line) in file.lines.enumerated() {
                guard line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") else { continue }
                let before = file.lines[max(0, index - 4)..<index]
                #expect(before.contains { $0.contains("//") }, "\(file.path):\(index + 1) has no comment above it")
            }
        }
    }

    private static func expectNone(of texts: [String], in files: [SourceTree.File]) throws {
        for file in files where !file.path.hasPrefix("Tests/ArchitectureTests/") {
            for (index, line) in file.lines.enumerated() {
                if line.trimmingCharacters(in: .whitespaces).hasPrefix("//") { continue }
                for text in texts where line.contains(text) {
                    Issue.record("\(file.path):\(index + 1) has \(text)")
                }
            }
        }
    }
}
