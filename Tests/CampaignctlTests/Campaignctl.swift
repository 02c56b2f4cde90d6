import Foundation
import ProgramRun
import VarlinkKit

@testable import ControlBench

/// Runs the real campaignctl, which the build puts beside the tests.
enum Campaignctl {
    static let program: String = {
        let tests = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let own = URL(fileURLWithPath: CommandLine.arguments[0])
        for folder in [tests, own].compactMap({ $0?.deletingLastPathComponent() }) {
            let path = folder.appendingPathComponent("campaignctl").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        return "campaignctl-not-built"
    }()

    /// - Parameters:
    ///   - server: where it connects to; nil for a socket that is not there.
    ///   - environment: variables beside those that every run gets.
    static func run(
        _ arguments: [String], server: VarlinkServer? = nil, socket: String? = nil,
        environment: [String: String] = [:], input: String = "", closesOutput: Bool = false
    ) async throws -> ProgramRun {
        let path = socket ?? server.map(ControlServer.path) ?? "/nonexistent/control.sock"
        var variables = ["CAMPAIGND_SOCKET": path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
        variables.merge(environment) { _, own in own }
        return try await ProgramRun.run(
            program, arguments, environment: variables, input: input, closesOutput: closesOutput)
    }
}

/// A folder of its own, gone with the value.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("campaignctl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and gives its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
