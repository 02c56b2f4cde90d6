import CampaignModel
import SendProtocol
import Testing

@Suite struct FrameTests {
    static let frames = [
        try! Frame(head: Array("{}".utf8)),
        try! Frame(head: Array("{\"a\":1}".utf8), body: [0, 1, 2, 255]),
        try! Frame(head: [UInt8](repeating: 32, count: 70_000), body: [UInt8](repeating: 7, count: 300)),
    ]

    @Test(
        "a stream cut into pieces of any length gives the same messages",
        arguments: [1, 2, 3, 7, 8, 9, 4_096, 1 << 20])
    func split(length: Int) throws {
        let stream = Self.frames.flatMap(\.bytes)
        var decoder = FrameDecoder(bodyLimit: 1_000)
        var found: [Frame] = []
        for start in stride(from: 0, to: stream.count, by: length) {
            found += try decoder.read(stream[start..<min(start + length, stream.count)])
        }
        let isEqual = found == Self.frames
        #expect(isEqual)
        #expect(decoder.isEmpty)
    }

    @Test("a message that is cut off anywhere is none", arguments: [1, 4, 7, 8, 9, 10, 18])
    func cutOff(length: Int) throws {
        var decoder = FrameDecoder(bodyLimit: 1_000)
        #expect(try decoder.read(Self.frames[1].bytes.prefix(length)).isEmpty)
        #expect(!decoder.isEmpty)
    }

    @Test("lengths stand first, highest byte first")
    func prefix() {
        #expect(Self.frames[1].bytes.prefix(8) == [0, 0, 0, 7, 0, 0, 0, 4])
    }

    static let refused: [([UInt8], String)] = [
        ([0, 0, 0, 0, 0, 0, 0, 0], "the message's head has 0 bytes; allowed are 1 to 1048576"),
        ([0, 16, 0, 1, 0, 0, 0, 0], "the message's head has 1048577 bytes; allowed are 1 to 1048576"),
        ([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0], "the message's head has 4294967295 bytes; allowed are 1 to 1048576"),
        ([0, 0, 0, 1, 0, 0, 0, 11], "the message's body has 11 bytes; allowed are 0 to 10"),
        (Array("GET / HTTP/1.1\r\n".utf8), "the message's head has 1195725856 bytes; allowed are 1 to 1048576"),
    ]

    @Test("a prefix that announces too much is refused before anything behind it is read", arguments: refused)
    func tooLong(bytes: [UInt8], reason: String) throws {
        var decoder = FrameDecoder(bodyLimit: 10)
        let error = try #require(throws: FrameError.self) { try decoder.read(bytes) }
        #expect(error.description == reason)
        #expect(throws: FrameError.self) { try decoder.read(Self.frames[0].bytes) }
    }

    @Test("the longest allowed head and body pass, one byte more does not")
    func limits() throws {
        let head = [UInt8](repeating: 32, count: ProtocolLimits.headBytes)
        let body = [UInt8](repeating: 0, count: ProtocolLimits.bodyBytes)
        var decoder = FrameDecoder(bodyLimit: ProtocolLimits.bodyBytes)
        #expect(try decoder.read(Frame(head: head, body: body).bytes).count == 1)
        #expect(throws: FrameError.self) { try Frame(head: head + [32]) }
        #expect(throws: FrameError.self) { try Frame(head: [32], body: body + [0]) }
    }
}
