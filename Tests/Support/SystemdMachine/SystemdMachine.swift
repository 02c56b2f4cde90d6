public import Foundation
public import ProgramRun

/// A throw-away machine with a real systemd, by Tests/Support/with-systemd.
///
/// Inside, `/units` is the project's systemd/ folder, `/project` the project, and built programs lie where the caller
/// wants them.
public enum SystemdMachine {
    /// The exit status that says that a machine can't be booted here; with-systemd prints why.
    static let cannotRunStatus: Int32 = 77

    /// Whether one can be booted here. Any other failure is not a reason to skip.
    public static let canRun: Bool = {
        let machine = root.appending(path: "Tests/Support/with-systemd").path
        guard let outcome = try? ProgramRun.runBlocking(machine, ["true"]) else { return true }
        if outcome.status == cannotRunStatus { print(outcome.standardError) }
        return outcome.status != cannotRunStatus
    }()

    /// The project's own folder.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Boots, runs a bash script that ends at its first failing command, and powers off.
    ///
    /// - Parameters:
    ///   - programs: built programs by the path that they have inside.
    ///   - limit: after so long it is powered off.
    public static func run(
        _ script: String, programs: [String: String], limit: Duration = ProgramRun.limit
    ) async throws -> ProgramRun {
        let built = try builtProducts()
        var arguments = ["--bind", root.appending(path: "systemd").path + ":/units:ro"]
        arguments += ["--bind", root.path + ":/project:ro"]
        for (path, name) in programs.sorted(by: { $0.key < $1.key }) {
            arguments += ["--bind", "\(built.appending(path: name).path):\(path):ro"]
        }
        if let runtime = try swiftRuntime() {
            // At a place that ProtectHome= does not hide, wherever the toolchain is.
            arguments += ["--bind", "\(runtime):\(runtimeInside):ro", "--env", "LD_LIBRARY_PATH=\(runtimeInside)"]
        }
        // Everything systemd starts finds the runtime too.
        let prelude = """
            export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
            systemctl set-environment LD_LIBRARY_PATH=\(runtimeInside)
            """
        return try await ProgramRun.run(
            root.appending(path: "Tests/Support/with-systemd").path,
            arguments + ["--", "bash", "-euc", prelude + "\n" + script], limit: limit)
    }

    private static let runtimeInside = "/usr/lib/swift-runtime"

    /// The folder of this test's own executable, which is that of the built programs.
    public static func builtProducts() throws -> URL {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: executable).deletingLastPathComponent()
    }

    /// Where this process has the Swift runtime from; nil where it is linked in.
    private static func swiftRuntime() throws -> String? {
        // String(contentsOfFile:) gives the first page of it: the file says that its size is 0.
        let file = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps"))
        let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        let line = maps.split(separator: "\n").first { $0.hasSuffix("/libswiftCore.so") }
        return line.flatMap { $0.firstIndex(of: "/").map { start in String(line?[start...] ?? "") } }
            .map { URL(filePath: $0).deletingLastPathComponent().path }
    }
}
