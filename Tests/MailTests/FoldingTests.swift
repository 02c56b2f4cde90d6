@testable import Mail
import Testing

@Suite("Header fields")
struct FoldingTests {
    private func field(_ name: String, text: String) -> [String] {
        var field = HeaderField(name)
        field.append(text: Array(text.utf8))
        return String(decoding: field.bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    private func phrase(_ text: String) -> String {
        var field = HeaderField("To")
        field.append(phrase: Array(text.utf8))
        return String(decoding: field.bytes, as: UTF8.self)
    }

    @Test("words of ASCII stay as they are, and lines are folded between them at 76")
    func words() {
        #expect(field("Subject", text: "Sale: 20 % off") == ["Subject: Sale: 20 % off"])
        let word = String(repeating: "a", count: 33)
        #expect(field("Subject", text: "\(word) \(word) b") == ["Subject: \(word) \(word)", " b"])
        #expect(field("Subject", text: "\(word) \(word.dropLast()) b") == ["Subject: \(word) \(word.dropLast())", " b"])
        #expect(field("Subject", text: "\(word) \(word.dropLast(2)) b") == ["Subject: \(word) \(word.dropLast(2)) b"])
    }

    @Test("a word that no line of 76 holds keeps its line up to 998, and is encoded beyond")
    func longWords() {
        let long = { String(repeating: "a", count: $0) }
        #expect(field("Subject", text: long(200)) == ["Subject: " + long(200)])
        #expect(field("Subject", text: "b " + long(200) + " c") == ["Subject: b", " " + long(200), " c"])
        #expect(field("Subject", text: long(989)) == ["Subject: " + long(989)])
        #expect(field("Subject", text: long(990)) == ["Subject:", " " + long(990)])
        #expect(field("Subject", text: long(997)) == ["Subject:", " " + long(997)])
        let encoded = field("Subject", text: long(998))
        #expect(encoded.count > 15)
        #expect(encoded.allSatisfy { $0.utf8.count <= 76 })
        #expect(encoded.first?.hasPrefix("Subject: =?utf-8?q?aaa") == true)
        // A line of its own where that makes it short.
        let header = String(repeating: "X", count: 30)
        #expect(field(header, text: long(60)) == [header + ":", " " + long(60)])
    }

    @Test("what is beyond ASCII is encoded with the spaces between")
    func encoded() {
        #expect(field("Subject", text: "Soldes d’été") == ["Subject: Soldes =?utf-8?b?ZOKAmcOpdMOp?="])
        #expect(field("Subject", text: "a é è b") == ["Subject: a =?utf-8?b?w6kgw6g=?= b"])
        #expect(field("Subject", text: "привет") == ["Subject: =?utf-8?b?0L/RgNC40LLQtdGC?="])
        #expect(field("Subject", text: "a  b c") == ["Subject: =?utf-8?q?a__b?= c"])
        #expect(field("Subject", text: "é b  c") == ["Subject: =?utf-8?q?=C3=A9_b__c?="])
        #expect(field("Subject", text: "=?utf-8?q?x?=") == ["Subject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?="])
    }

    @Test(
        "an encoded word has 75 octets at most and whole characters",
        arguments: ["é", "語", "🎉", "👨‍👩‍👧‍👦", "a", "é a"])
    func encodedWords(_ character: String) {
        for count in [1, 5, 9, 10, 11, 30, 400] {
            let text = String(repeating: character, count: count) + "é"
            var read = ""
            for line in field("Subject", text: text) {
                #expect(line.utf8.count <= 76)
                for word in line.split(separator: " ") where word.hasPrefix("=?") {
                    #expect(word.utf8.count <= 75)
                    let content = decoded(String(word))
                    #expect(content != nil, "\(word) is cut inside a character")
                    read += content ?? ""
                }
            }
            #expect(read == text)
        }
    }

    /// The characters of one encoded word; nil where one of them is not whole.
    private func decoded(_ word: String) -> String? {
        let parts = word.split(separator: "?", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "=", parts[1] == "utf-8", parts[4] == "=" else { return nil }
        var bytes: [UInt8] = []
        if parts[2] == "q" {
            var rest = parts[3].utf8[...]
            while let byte = rest.popFirst() {
                switch byte {
                case UInt8(ascii: "_"): bytes.append(0x20)
                case UInt8(ascii: "="):
                    bytes.append(UInt8(String(Substring(rest.prefix(2))), radix: 16) ?? 0)
                    rest = rest.dropFirst(2)
                default: bytes.append(byte)
                }
            }
        } else {
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
            var (bits, count) = (0, 0)
            for byte in parts[3].utf8 where byte != UInt8(ascii: "=") {
                bits = (bits << 6 | (alphabet.firstIndex(of: byte) ?? 0)) & 0xFFFF
                count += 6
                if count >= 8 {
                    count -= 8
                    bytes.append(UInt8(bits >> count & 0xFF))
                }
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    @Test("a display name is words, a quoted string or encoded words", arguments: [
        ("Ann Smith", "To: Ann Smith"), ("Ann B. Smith", #"To: "Ann B. Smith""#),
        ("O'Neill, Ann", #"To: "O'Neill, Ann""#),
        (#"Ann "the boss" \ Smith"#, #"To: "Ann \"the boss\" \\ Smith""#),
        ("eve@example.net", #"To: "eve@example.net""#),
        ("Chloé", "To: =?utf-8?q?Chlo=C3=A9?="), ("a  b", #"To: "a  b""#), ("  Ann  ", "To: Ann"), ("", "To:"),
        (String(repeating: "a.", count: 36) + "b", "To:\r\n \"\(String(repeating: "a.", count: 36))b\""),
        (String(repeating: "a\"", count: 19) + "b.", "To: \"\(String(repeating: "a\\\"", count: 19))b.\""),
        ("=?utf-8?q?x?=", "To: =?utf-8?q?=3D=3Futf-8=3Fq=3Fx=3F=3D?="), ("a\r\nBcc: b", #"To: "a  Bcc: b""#),
    ])
    func names(_ name: String, field: String) {
        #expect(phrase(name) == field)
    }
}
