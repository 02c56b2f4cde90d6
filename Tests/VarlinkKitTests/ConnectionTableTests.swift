import NIOCore
import NIOEmbedded
import Testing

@testable import VarlinkKit

@Suite("Who has a place among the connections")
struct ConnectionTableTests {
    private let loop = EmbeddedEventLoop()

    private func table(_ limits: VarlinkLimits) throws -> VarlinkConnectionTable {
        let dispatcher = try VarlinkDispatcher(services: [TestService()], identity: TestServer.identity)
        return VarlinkConnectionTable(
            eventLoop: loop, limits: limits, dispatcher: dispatcher, keepsPlace: { $0.uid == 0 || $0.isMember(of: 7) })
    }

    private func peer(_ uid: UInt32, groups: [UInt32] = []) -> VarlinkPeer {
        VarlinkPeer(pid: 1, uid: uid, gid: uid, groups: groups)
    }

    @Test("when others have taken all that they may, those with reserved places come in, and nobody else")
    func reserved() throws {
        let table = try table(VarlinkLimits(connections: 10, reservedConnections: 3, connectionsPerUser: 4))
        for uid: UInt32 in [1, 1, 1, 1, 2, 2, 2] { _ = try table.makeConnection(from: peer(uid)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(2)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(3)) }
        for peer in [peer(0), peer(3, groups: [7]), peer(0)] { _ = try table.makeConnection(from: peer) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(0)) }
        #expect(table.count == 10)
    }

    @Test("who has a reserved place is still one user among others")
    func perUser() throws {
        let table = try table(VarlinkLimits(connections: 10, reservedConnections: 3, connectionsPerUser: 2))
        for _ in 0..<2 { _ = try table.makeConnection(from: peer(0)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooManyOfUser) { try table.makeConnection(from: peer(0)) }
        for uid: UInt32 in 1...5 { _ = try table.makeConnection(from: peer(uid)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(6)) }
    }

    @Test("a user who comes too often waits for the next second; others, and those with reserved places, do not")
    func arrivals() throws {
        let table = try table(VarlinkLimits(reservedConnections: 3, arrivalsPerUser: 2))
        for second in 0..<2 {
            for _ in 0..<2 { _ = try table.makeConnection(from: peer(1)) }
            for _ in 0..<2 {
                #expect(throws: VarlinkConnectionTable.Refusal.tooOften) { try table.makeConnection(from: peer(1)) }
            }
            _ = try table.makeConnection(from: peer(2))
            for _ in 0..<5 { _ = try table.makeConnection(from: peer(0)) }
            loop.advanceTime(by: second == 0 ? .milliseconds(999) : .zero)
            #expect(throws: VarlinkConnectionTable.Refusal.tooOften) { try table.makeConnection(from: peer(1)) }
            loop.advanceTime(by: .milliseconds(1))
        }
    }
}
