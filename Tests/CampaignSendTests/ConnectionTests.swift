import CampaignModel
import Glibc
import SendProtocol
import Testing

@testable import campaign_send

@Suite struct ConnectionTests {
    /// A connection whose kernel buffers hold little.
    private func pair() throws -> (Connection, SenderPeer) {
        var ends: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        var size: CInt = 1
        setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        return (Connection(descriptor: ends[0]), SenderPeer(descriptor: ends[1], process: 0))
    }

    @Test("a peer that takes nothing holds nothing up, and gets the newest progress when it wakes")
    func stalled() throws {
        let (connection, peer) = try pair()
        let note = String(repeating: "n", count: 2_000)
        for done in 1...1_000 { connection.offer(SendProgress(done: Int64(done), note: note)) }
        #expect(connection.wantsToWrite)
        var told: [Int64] = []
        while told.last != 1_000 {
            guard case .progress(let progress)? = try peer.answer() else { Issue.record("no progress"); return }
            told.append(try #require(progress.done))
            connection.flush()
        }
        #expect(told.count < 100)
        #expect(told == told.sorted())
        close(connection.descriptor)
    }

    @Test("a peer that is gone is noticed and written to no more")
    func gone() throws {
        let (connection, peer) = try pair()
        peer.hangUp()
        connection.send(.accepted)
        #expect(connection.isLost)
        connection.offer(SendProgress(done: 1))
        #expect(!connection.wantsToWrite)
        connection.finish()
        close(connection.descriptor)
    }
}
