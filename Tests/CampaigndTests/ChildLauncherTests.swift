import CampaignEngine
import CampaignModel
import Glibc
import Testing

@testable import campaignd

/// Both ends of the send protocol, the sender's a child process.
@Suite(.timeLimit(.minutes(10))) struct ChildLauncherTests {
    private let rig: ChildRig

    init() throws {
        rig = try ChildRig()
    }

    @Test("a send is accepted, tells its progress and ends")
    func sent() async throws {
        rig.surface("echo '{\"progress\": 1, \"total\": 3}'; echo '{\"progress\": 3}'; echo done >\"$RIG/ended\"")
        let reports = await rig.handOver()
        #expect(reports.first == .accepted)
        #expect(reports.last == .ended(.sent, SendProgress(done: 3, total: 3)))
        for report in reports.dropFirst().dropLast() {
            guard case .progress = report else { Issue.record("\(reports)"); return }
        }
        #expect(rig.folder.text("ended") == "done\n")
    }

    @Test("what has a record is not started again, and the record is the answer")
    func again() async throws {
        rig.surface("echo started >>\"$RIG/starts\"")
        _ = await rig.handOver()
        #expect(
            await rig.handOver() == [
                .already(AttemptRecord(attempt: Sample.attempt(), status: .ended(.sent, SendProgress())))
            ])
        // Another attempt of what was sent starts nothing either.
        #expect(
            await rig.handOver(2) == [
                .already(AttemptRecord(attempt: Sample.attempt(), status: .ended(.sent, SendProgress())))
            ])
        #expect(rig.folder.text("starts") == "started\n")
    }

    @Test("exit 75 is a temporary failure, another one a permanent one")
    func failures() async throws {
        rig.surface("exit 75")
        guard case .ended(.temporary(let later, nil), _)? = await rig.handOver().last else {
            Issue.record("not temporary")
            return
        }
        #expect(later.contains("75"))
        rig.surface("exit 3")
        guard case .ended(.failed(let never), _)? = await rig.handOver(2).last else {
            Issue.record("not failed")
            return
        }
        #expect(never.contains("3"))
    }

    @Test("a query tells the attempts of a key, and leaves out what never began")
    func query() async throws {
        rig.surface("exit 75")
        #expect(try await rig.launcher.query([Sample.key]) == [:])
        _ = await rig.handOver()
        let records = try await rig.launcher.query([Sample.otherKey, Sample.key])
        #expect(Array(records.keys) == [Sample.key])
        #expect(records[Sample.key]?.map(\.attempt) == [Sample.attempt()])
    }

    @Test("what is revoked never begins; what has begun can't be revoked")
    func revoke() async throws {
        rig.surface("echo started >>\"$RIG/starts\"")
        let revoked = AttemptRecord(
            attempt: Sample.attempt(), status: .ended(.revoked(reason: "stopped"), SendProgress()))
        #expect(try await rig.launcher.revoke(Sample.attempt(), reason: "stopped") == revoked)
        #expect(await rig.handOver() == [.already(revoked)])
        #expect(rig.folder.text("starts") == nil)
        #expect(await rig.handOver(2).last == .ended(.sent, SendProgress()))
        let second = try await rig.launcher.revoke(Sample.attempt(2), reason: "stopped")
        #expect(second.status == .ended(.sent, SendProgress()))
    }

    @Test("a running send is cancelled, and ends as cancelled with the person's reason")
    func cancel() async throws {
        try #require(mkfifo(rig.folder.path + "/gate", 0o600) == 0)
        rig.surface("read -r line <\"$RIG/gate\"")
        let launcher = rig.launcher
        let reports = await rig.handOver { report in
            guard report == .accepted else { return }
            do { try await launcher.cancel(Sample.key, reason: "wrong prices") } catch { Issue.record("\(error)") }
        }
        #expect(reports.first == .accepted)
        guard case .ended(.cancelled(let reason), _)? = reports.last else { Issue.record("\(reports)"); return }
        #expect(reason.contains("wrong prices"))
    }

    @Test("a send whose first listener is gone is followed to its end")
    func follow() async throws {
        try #require(mkfifo(rig.folder.path + "/gate", 0o600) == 0)
        // Linux opens both ends at once without waiting for anybody.
        let gate = open(rig.folder.path + "/gate", O_RDWR | O_CLOEXEC)
        defer { close(gate) }
        rig.surface("echo '{\"progress\": 1, \"total\": 2}'; read -r line <\"$RIG/gate\"; echo '{\"progress\": 2}'")
        let launcher = rig.launcher
        let followed = Reports()
        let reports = await rig.handOver { report in
            guard case .progress(let progress) = report, progress.done == 1 else { return }
            await launcher.follow(Sample.attempt()) { report in
                if followed.all.isEmpty { write(gate, "go\n", 3) }
                followed.take(report)
            }
        }
        #expect(reports.last == .ended(.sent, SendProgress(done: 2, total: 2)))
        #expect(followed.all.first == .progress(SendProgress(done: 1, total: 2)))
        #expect(followed.all.last == .ended(.sent, SendProgress(done: 2, total: 2)))
    }

    @Test("a sender that is killed after accepted is lost, and later known as interrupted")
    func killed() async throws {
        try #require(mkfifo(rig.folder.path + "/gate", 0o600) == 0)
        rig.surface("read -r line <\"$RIG/gate\"")
        let rig = rig
        let reports = await rig.handOver { report in
            if report == .accepted, let process = rig.processes.last { kill(process, SIGKILL) }
        }
        #expect(reports.first == .accepted)
        guard case .lost? = reports.last else { Issue.record("\(reports)"); return }
        // Until the surface, which dies with the sender, has let go of the lock.
        await rig.launcher.follow(Sample.attempt()) { _ in }
        let records = try await rig.launcher.query([Sample.key])
        guard case .ended(.interrupted, _)? = records[Sample.key]?.first?.status else {
            Issue.record("\(records)")
            return
        }
    }

    @Test("a child has a session, directories and a connection of its own, and nothing on its standard input")
    func child() async throws {
        rig.sender(
            """
            echo "$STATE_DIRECTORY $CONFIGURATION_DIRECTORY" >"$RIG/directories"
            cut -d' ' -f6 /proc/$$/stat >"$RIG/session"
            cat >"$RIG/input"
            readlink /proc/$$/fd/3 >"$RIG/connection"
            exit 1
            """)
        // It leaves the request unread, so that the connection may end with an error or without one.
        let reports = await rig.handOver()
        guard case .notBegun? = reports.first, reports.count == 1 else { Issue.record("\(reports)"); return }
        #expect(rig.folder.text("directories") == "\(rig.folder.path)/state \(rig.folder.path)/config\n")
        #expect(rig.folder.text("session") == rig.processes.first.map { "\($0)\n" })
        #expect(rig.folder.text("input") == "")
        #expect(rig.folder.text("connection")?.hasPrefix("socket:[") == true)
    }

    @Test("a program that is not there began nothing, and is named")
    func absent() async throws {
        let path = rig.folder.path + "/absent"
        let launcher = ChildRig.launcher(in: rig.folder, executable: path)
        let reports = Reports()
        await launcher.handOver(Sample.handOver()) { reports.take($0) }
        #expect(reports.all == [.notBegun(reason: "posix_spawn of \(path): No such file or directory")])
    }
}
