import Testing
import VarlinkKit

@testable import ControlAPI
@testable import ControlBench

@Suite("Access", .timeLimit(.minutes(10)))
struct AccessTests {
    static let policy = AccessPolicy(daemonUID: 900, operatorGIDs: [500, 510], viewerGIDs: [501])

    @Test(
        "a peer's uid and groups say what it may do",
        arguments: [
            (0, 0, [], .operator), (900, 900, [], .operator), (1000, 500, [], .operator),
            (1000, 1000, [7, 510], .operator), (1000, 501, [], .viewer), (1000, 1000, [501], .viewer),
            (1000, 501, [500], .operator), (1000, 1000, [], nil), (1000, 0, [0], nil), (65534, 65534, [7], nil),
        ] as [(UInt32, UInt32, [UInt32], Role?)])
    func role(uid: UInt32, gid: UInt32, groups: [UInt32], role: Role?) {
        #expect(Self.policy.role(of: VarlinkPeer(pid: 1, uid: uid, gid: gid, groups: groups)) == role)
    }

    @Test("groups that do not exist grant nobody")
    func missingGroups() {
        let policy = AccessPolicy(
            daemonUID: 900, operatorGroups: ["no-such-group-of-operators"], viewerGroups: ["no-such-group-of-viewers"])
        #expect(policy == AccessPolicy(daemonUID: 900))
        #expect(policy.role(of: VarlinkPeer(pid: 1, uid: 1000, gid: 1000)) == nil)
    }

    @Test("groups and users are found by name and number")
    func accounts() {
        #expect(SystemAccounts.groupID(named: "root") == 0)
        #expect(SystemAccounts.userName(0) == "root")
        #expect(SystemAccounts.userName(4_000_000_000) == nil)
    }

    @Test("viewers read, operators change, others do nothing", arguments: ControlMethod.allCases)
    func methods(method: ControlMethod) {
        #expect(ControlService.denial(of: method, to: .operator) == nil)
        #expect(ControlService.denial(of: method, to: nil) == method.needs)
        let reads: Set<ControlMethod> = [
            .list, .count, .show, .diff, .preview, .next, .check, .simulate, .complete, .sends, .log, .alerts,
            .listMessages, .showMessage, .listSurfaces, .listAudiences, .countAudience, .status, .metrics,
        ]
        #expect(ControlService.denial(of: method, to: .viewer) == (reads.contains(method) ? nil : .operator))
    }

    @Test("who may not is told so before anything is asked")
    func denied() async {
        let control = RecordingControl()
        let service = ControlService(control: control, access: { Self.policy }, userName: { _ in nil })
        let call = VarlinkCall(method: "org.campaignd.Stop", parameters: ["name": "NOT A NAME"])
        await #expect(throws: ControlError.accessDenied(needs: .operator).reply) {
            try await service.handle(
                call, from: VarlinkPeer(pid: 1, uid: 1000, gid: 501),
                replies: VarlinkReplies(acceptsMore: false) { _ throws(VarlinkErrorReply) in })
        }
        #expect(control.asked == [])
    }
}
