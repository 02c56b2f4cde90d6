import CampaignEngine
import CampaignModel
import Glibc
import NIOPosix
import Testing

@testable import campaignd

/// The real campaign-send behind the child launcher, with directories of its own. It is started through a script that
/// notes each process, so that the rig can wait for the end of all of them.
final class ChildRig: Sendable {
    let folder: Folder
    let launcher: SenderLauncher

    init() throws {
        folder = try Folder()
        for name in ["state", "config", "config/surfaces.d", "config/audiences.d"] { folder.makeFolder(name) }
        folder.write("file: \(folder.path)/list.csv\n", to: "config/audiences.d/subscribers.yaml")
        folder.write("email\nann@example.org\n", to: "list.csv")
        launcher = Self.launcher(in: folder, executable: folder.path + "/sender")
        sender("exec \(Self.program) \"$@\"")
    }

    deinit {
        for process in processes {
            // Those that a fault left; the others have ended.
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    static func launcher(in folder: Folder, executable: String) -> SenderLauncher {
        var launcher = SenderLauncher(
            dialer: ChildDialer(
                executable: executable, stateDirectory: folder.path + "/state",
                configurationDirectory: folder.path + "/config"),
            group: MultiThreadedEventLoopGroup.singleton)
        // A busy machine is no silent sender.
        launcher.answerTimeout = .seconds(60)
        return launcher
    }

    /// What is started as the sender: a script, which finds `$RIG`.
    func sender(_ script: String) {
        folder.write(
            "#!/bin/sh\nRIG='\(folder.path)'\necho $$ >>\"$RIG/processes\"\n\(script)\n", to: "sender", mode: 0o755)
    }

    /// What the surface newsletter runs.
    func surface(_ script: String) {
        folder.write("#!/bin/sh\nRIG='\(folder.path)'\n\(script)\n", to: "surface", mode: 0o755)
        folder.write(
            "channel: email\ncommand:\n  run: [\(folder.path)/surface]\n", to: "config/surfaces.d/newsletter.yaml")
    }

    /// All senders that were started, in order.
    var processes: [pid_t] { (folder.text("processes") ?? "").split(separator: "\n").compactMap { pid_t($0) } }

    /// All reports of a hand-over, up to its end.
    func handOver(_ number: Int = 1, then act: @Sendable (SendReport) async -> Void = { _ in }) async -> [SendReport] {
        let reports = Reports()
        await launcher.handOver(Sample.handOver(number)) { report in
            reports.take(report)
            await act(report)
        }
        return reports.all
    }

    /// campaign-send, built beside the tests.
    private static let program: String = {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
        let own = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        // A runner of the toolchain's loads the bundle that its arguments name.
        let candidates = [own] + CommandLine.arguments.filter { $0.hasSuffix(".xctest") }
        let paths = candidates.map { $0.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/campaign-send" }
        return paths.first { access($0, X_OK) == 0 } ?? "/campaign-send-is-not-built"
    }()
}
