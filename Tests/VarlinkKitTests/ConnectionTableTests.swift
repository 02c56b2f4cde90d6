import NIOCore
import NIOEmbedded
import Testing

@testable import VarlinkKit

@Suite("Who has a place among the connections")
struct ConnectionTableTests {
    private let loop = EmbeddedEventLoop()

    private func table(_ limits: VarlinkLimits) throws -> VarlinkConnectionTable {
        let dispatcher = try VarlinkDispatcher(services: [TestService()], identity: TestServer.identity)
        return VarlinkConnectionTable(eventLoop: loop, limits: limits, dispatcher: dispatcher)
    }

    private func peer(_ uid: UInt32) -> VarlinkPeer {
        VarlinkPeer(pid: 1, uid: uid, gid: uid)
    }

    @Test("when others have taken all that they may, those with reserved places come in, and nobody else")
    func reserved() throws {
        let table = try table(VarlinkLimits(connections: 10, reservedConnections: 3, connectionsPerUser: 4))
        for uid: UInt32 in [1, 1, 1, 1, 2, 2, 2] { _ = try table.makeConnection(from: peer(uid)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(2)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(3)) }
        for uid: UInt32 in [0, 3, 0] { _ = try table.makeConnection(from: peer(uid), keepsPlace: true) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) {
            try table.makeConnection(from: peer(0), keepsPlace: true)
        }
        #expect(table.count == 10)
    }

    @Test("who has a reserved place is still one user among others")
    func perUser() throws {
        let table = try table(VarlinkLimits(connections: 10, reservedConnections: 3, connectionsPerUser: 2))
        for _ in 0..<2 { _ = try table.makeConnection(from: peer(0), keepsPlace: true) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooManyOfUser) {
            try table.makeConnection(from: peer(0), keepsPlace: true)
        }
        for uid: UInt32 in 1...5 { _ = try table.makeConnection(from: peer(uid)) }
        #expect(throws: VarlinkConnectionTable.Refusal.tooMany) { try table.makeConnection(from: peer(6)) }
    }
}
