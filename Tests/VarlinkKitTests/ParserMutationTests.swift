import Testing

@testable import VarlinkKit

@Suite("Readers and damaged input")
struct ParserMutationTests {
    /// Numbers from a seed (xorshift64), so that a failure can be had again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private static func mutated(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0..<max(bytes.count, 1), using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: if !bytes.isEmpty { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
            case 1: if !bytes.isEmpty { bytes.remove(at: place) }
            case 2: bytes.insert(bytes.randomElement(using: &generator) ?? 0x5B, at: min(place, bytes.count))
            default: bytes = Array(bytes.prefix(place))
            }
        }
        return bytes
    }

    @Test("damaged JSON is either refused or printed as something that reads as the same", arguments: 1...20)
    func json(seed: UInt64) throws {
        var generator = Generator(state: seed)
        let text = Array(
            #"{"a":[1,-2.5e3,"x\u00e9\ud83c\udf89\n",null,true],"b":{"c":[[[]]],"d":9223372036854775807}}"#.utf8)
        for _ in 0..<500 {
            let input = Self.mutated(text, &generator)
            guard let value = try? JSONValue(parsing: input) else { continue }
            #expect(try JSONValue(parsing: value.serialized) == value, "seed \(seed): \(input)")
        }
    }

    @Test("damaged descriptions are either refused or printed as something that reads as the same", arguments: 1...20)
    func interfaces(seed: UInt64) throws {
        var generator = Generator(state: seed)
        let text = Array(TestService().interfaceDescription.utf8)
        for _ in 0..<50 {
            let input = String(decoding: Self.mutated(text, &generator), as: UTF8.self)
            guard let interface = try? VarlinkInterface(parsing: input) else { continue }
            #expect(try VarlinkInterface(parsing: interface.description) == interface, "seed \(seed): \(input)")
        }
    }
}
