import Testing

@testable import VarlinkKit

@Suite("Messages in a stream of bytes")
struct VarlinkFramesTests {
    private func append(_ text: String, to frames: inout VarlinkFrames) {
        Array(text.utf8).withUnsafeBytes { frames.append($0) }
    }

    private func next(_ frames: inout VarlinkFrames) throws -> String? {
        try frames.next().map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("a message in pieces is whole when its NUL has come")
    func split() throws {
        var frames = VarlinkFrames(limit: 10)
        for piece in ["a", "b", "", "c"] {
            append(piece, to: &frames)
            #expect(try next(&frames) == nil)
        }
        append("\0", to: &frames)
        #expect(frames.count == 1)
        #expect(try next(&frames) == "abc")
        #expect(try next(&frames) == nil)
        #expect(frames.isEmpty)
    }

    @Test("several messages in one piece come one after the other, empty ones too")
    func joined() throws {
        var frames = VarlinkFrames(limit: 10)
        append("a\0\0bc\0d", to: &frames)
        #expect(frames.count == 3)
        #expect(try next(&frames) == "a")
        #expect(try next(&frames) == "")
        append("e\0", to: &frames)
        #expect(try next(&frames) == "bc")
        #expect(try next(&frames) == "de")
        #expect(try next(&frames) == nil)
        #expect(frames.isEmpty)
    }

    @Test("a message of the limit is taken, one byte more is refused as soon as it is there")
    func limit() throws {
        var frames = VarlinkFrames(limit: 4)
        append("abcd", to: &frames)
        #expect(try next(&frames) == nil)
        append("\0", to: &frames)
        #expect(try next(&frames) == "abcd")
        append("abcd", to: &frames)
        #expect(try next(&frames) == nil)
        append("e", to: &frames)
        #expect(throws: VarlinkFrames.TooLong(limit: 4)) { try frames.next() }
    }

    @Test("a long message behind good ones does not spoil them")
    func limitBehind() throws {
        var frames = VarlinkFrames(limit: 4)
        append("a\0abcde\0", to: &frames)
        #expect(try next(&frames) == "a")
        #expect(throws: VarlinkFrames.TooLong(limit: 4)) { try frames.next() }
    }

    @Test("cut anywhere, a stream gives the same messages")
    func everyCut() throws {
        let stream = Array("{\"a\":1}\0\0bc\0{}\0rest".utf8)
        for first in 0...stream.count {
            for second in first...stream.count {
                var frames = VarlinkFrames(limit: 8)
                var messages: [String] = []
                for piece in [stream[..<first], stream[first..<second], stream[second...]] {
                    Array(piece).withUnsafeBytes { frames.append($0) }
                    while let message = try next(&frames) { messages.append(message) }
                }
                #expect(messages == ["{\"a\":1}", "", "bc", "{}"])
            }
        }
    }
}
