import Foundation

/// A throw-away machine with a real systemd, by Tests/Support/with-systemd.
///
/// Inside, `/units` is the project's systemd/ folder, and the probe is /usr/bin/SystemdProbe; with `asPrograms` it is
/// /usr/bin/campaignd and /usr/bin/campaign-send too.
enum SystemdMachine {
    /// What a script printed, line by line, and how it ended.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The rest of each line of the form `name: rest`.
        var answers: [String: String] {
            var answers: [String: String] = [:]
            for line in output.split(separator: "\n") {
                guard let colon = line.firstRange(of: ": ") else { continue }
                answers[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
            }
            return answers
        }
    }

    /// The exit status that says that a machine can't be booted here; with-systemd prints why.
    static let cannotRunStatus: Int32 = 77

    /// Whether one can be booted here. Any other failure is not a reason to skip.
    static let canRun: Bool = {
        let process = Process()
        process.executableURL = root.appending(path: "Tests/Support/with-systemd")
        process.arguments = ["true"]
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return true }
        process.waitUntilExit()
        return process.terminationStatus != cannotRunStatus
    }()

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Boots, runs a bash script that ends at its first failing command, and powers off.
    static func run(_ script: String, asPrograms: Bool = false) async throws -> Outcome {
        let probe = try builtProducts().appending(path: "SystemdProbe").path
        var arguments = ["--bind", root.appending(path: "systemd").path + ":/units:ro"]
        for name in ["SystemdProbe"] + (asPrograms ? ["campaignd", "campaign-send"] : []) {
            arguments += ["--bind", "\(probe):/usr/bin/\(name):ro"]
        }
        if let runtime = try swiftRuntime() {
            // At a place that ProtectHome= does not hide, wherever the toolchain is.
            arguments += ["--bind", "\(runtime):/opt/swift-runtime:ro", "--env", "LD_LIBRARY_PATH=/opt/swift-runtime"]
        }
        // Everything systemd starts finds the runtime too.
        let prelude = """
            export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            systemctl set-environment LD_LIBRARY_PATH=/opt/swift-runtime
            """
        return try await launch(arguments + ["--", "bash", "-euc", prelude + "\n" + script])
    }

    private static func launch(_ arguments: [String]) async throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "systemd-machine-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try ["output", "errors"].map { name in
            let file = folder.appending(path: name)
            try Data().write(to: file)
            return (file, try FileHandle(forWritingTo: file))
        }
        let process = Process()
        process.executableURL = root.appending(path: "Tests/Support/with-systemd")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = files[0].1
        process.standardError = files[1].1
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Outcome(
            status: status, output: try String(contentsOf: files[0].0, encoding: .utf8),
            errors: try String(contentsOf: files[1].0, encoding: .utf8))
    }

    /// The folder of this test's own executable, which is that of the probe.
    private static func builtProducts() throws -> URL {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: executable).deletingLastPathComponent()
    }

    /// Where this process has the Swift runtime from; nil where it is linked in.
    private static func swiftRuntime() throws -> String? {
        let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
        let line = maps.split(separator: "\n").first { $0.hasSuffix("/libswiftCore.so") }
        return line.flatMap { $0.firstIndex(of: "/").map { start in String(line?[start...] ?? "") } }
            .map { URL(filePath: $0).deletingLastPathComponent().path }
    }
}
