import CampaignModel
import Foundation
@testable import Mail
import Testing
import WireForm

/// Messages as Python's email package reads them, which knows nothing of how they were made.
@Suite("Messages read by a parser that is not ours", .timeLimit(.minutes(5)))
struct ForeignReaderTests {
    /// One text in each of 24 scripts, and what is hard in them.
    static let scripts = [
        "Soldes d’été à Paris", "Ελληνικά νέα", "Новости магазина", "أخبار المتجر لهذا الأسبوع", "חדשות החנות",
        "दुकान की ख़बर", "দোকানের খবর", "கடை செய்தி", "దుకాణం వార్తలు", "ಅಂಗಡಿ ಸುದ್ದಿ", "കടയിലെ വാർത്ത", "ข่าวร้านค้า",
        "ຂ່າວຮ້ານ", "ព័ត៌មានហាង", "ဆိုင်သတင်း", "მაღაზიის ამბები", "Խանութի նորություններ", "የሱቅ ዜና", "商店新闻", "お店のニュース",
        "가게 소식", "ཚོང་ཁང་གསར་འགྱུར", "වෙළඳසැල් පුවත්", "ᏗᎦᎶᎯᏍᏗ", "👨‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍🚀 🇺🇦 1️⃣",
        "a\u{200F}שלום\u{200E} mixed עברית 123",
        "z\u{351}\u{36B}\u{343}a\u{361}lgo", "\u{1F9D1}\u{200D}\u{1F4BB}", "e\u{301} and é",
    ]

    @Test("subjects, names, headers and bodies in every script")
    func everyScript() async throws {
        var settings = try Sample.settings()
        settings.recipientName = "{{x}}"
        let messages = try Self.scripts.map { text in
            var settings = settings
            settings.from = Mailbox(name: text, address: settings.from.address)
            settings.replyTo = Mailbox(name: "\(text), \(text)", address: settings.from.address)
            return try Sample.message(
                Sample.content(
                    subject: "\(text): {{x}}", text: "\(text)\n{{x}}\n", html: "<p>\(text)</p>{{x}}\n",
                    headers: [("X-Text", "{{x}} \(text)")]),
                settings: settings, columns: ["x": text])
        }
        let readings = try await ForeignReading.read(messages)
        try #require(readings.count == Self.scripts.count)
        for (index, text) in Self.scripts.enumerated() {
            let reading = readings[index]
            #expect(WireForm.faults(messages[index]).isEmpty)
            #expect(reading.defects.isEmpty, "\(text)")
            expectSame(reading.subject, "\(text): \(text)")
            expectSame(reading.header("X-Text"), "\(text) \(text)")
            expectSame(reading.from.first?[0], text)
            expectSame(reading.to.first?[0], text)
            expectSame(reading.replyTo.first?[0], "\(text), \(text)")
            expectSame(reading.text, "\(text)\r\n\(text)\r\n")
            expectSame(reading.html, "<p>\(text)</p>\(text)\r\n")
            #expect(reading.kinds == ["multipart/alternative", "text/plain", "text/html"])
            #expect(reading.date == 1_767_600_000)
        }
    }

    /// By their bytes: Swift takes é and e with an accent for the same.
    private func expectSame(_ read: String?, _ written: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let bytes = read.map { Array($0.utf8) }
        #expect(bytes == Array(written.utf8), "\(read ?? "nothing")", sourceLocation: sourceLocation)
    }

    static let hardBodies = [
        ".", "..", ".\n.\n", "a\n.\r\nb", "From here\n>From there\nFrom ", " leading and trailing \n\t\n",
        String(repeating: "x", count: 998),
        String(repeating: "x", count: 998) + "\n" + String(repeating: "é", count: 998),
        String(repeating: ". ", count: 500), String(repeating: "From ", count: 300), String(repeating: "=", count: 100),
        "--=_alternative\n--=_mixed--\n--\n", "a\rb\r\nc\n\rd", "\u{0}\u{1}\u{7F}\u{85}\u{2028}",
        "Content-Type: text/html\n\n<b>",
        "\n\n\n", String(repeating: "語", count: 400),
        ".\n" + String(repeating: "語\n", count: 99), "=?utf-8?q?x?=", "=20\n=\n",
    ]

    @Test("what is hard in a body, in the template and in a column, as text, as HTML and as both")
    func bodies() async throws {
        var messages: [MailMessage] = []
        var expected: [(text: String?, html: String?)] = []
        for body in Self.hardBodies {
            for (template, columns) in [(body, [:]), ("{{{x}}}", ["x": body]), ("a{{{x}}}b", ["x": body])] {
                let filled = template.replacing("{{{x}}}", with: columns["x"] ?? "")
                for (text, html) in [(true, false), (false, true), (true, true)] {
                    messages.append(
                        try Sample.message(
                            Sample.content(text: text ? template : nil, html: html ? template : nil), columns: columns))
                    expected.append((text ? Self.lines(filled) : nil, html ? Self.lines(filled) : nil))
                }
            }
        }
        for (index, reading) in try await ForeignReading.read(messages).enumerated() {
            #expect(WireForm.faults(messages[index]).isEmpty)
            #expect(reading.defects.isEmpty)
            #expect(reading.text == expected[index].text)
            #expect(reading.html == expected[index].html)
        }
    }

    /// With CR LF for every line end, at the end too.
    static func lines(_ text: String) -> String {
        var lines = text.unicodeScalars.reduce(into: (text: "", isAfterReturn: false)) { sofar, scalar in
            if scalar != "\r", scalar != "\n" { sofar.text.unicodeScalars.append(scalar) }
            if scalar == "\r" || (scalar == "\n" && !sofar.isAfterReturn) { sofar.text += "\r\n" }
            sofar.isAfterReturn = scalar == "\r"
        }.text
        if !lines.utf8.suffix(2).elementsEqual("\r\n".utf8) { lines += "\r\n" }
        return lines
    }

    static let attacks = [
        "x\r\nBcc: eve@example.net", "x\nBcc: eve@example.net\n\n<script>alert(1)</script>", "x\rBcc: eve@example.net",
        "x\r\n\r\nbody", "\r\n.\r\nMAIL FROM:<eve@example.net>", "x\u{85}Bcc: eve@example.net",
        "x\u{2028}Bcc: e@example.net",
        "eve@example.net>, <bob@example.org", "\", <eve@example.net>, \"", "=?utf-8?q?=0D=0ABcc:_eve@example.net?=",
        "\\", "\"", "\\\"", "(comment", "a, b; c: d", "<", ">", "\0", "\t\tx\t", "--=_mixed", "{{email}}",
        "\u{B}x\u{C}",
    ]

    @Test("an attack in every column and place stays what it is: a value")
    func attacked() async throws {
        var settings = try Sample.settings()
        settings.recipientName = "{{x}}"
        let content = Sample.content(
            subject: "Hi {{x}}!", text: "T {{x}}\n", html: "<p title=\"{{x}}\">{{x}}</p>\n",
            headers: [
                ("X-Raw", "a {{{x}}} b"), ("X-Column", "{{x}}"), ("Reply-To", "{{x}} <office@example.org>"),
                ("List-Unsubscribe", "<https://example.org/u?e={{x}}>, <{{x}}>"), ("Keywords", "{{#x}}{{.}}{{/x}}"),
                ("Comments", "<https://example.org/{{{x}}}>"),
            ], attachments: [MessageFile(name: "a.txt", bytes: Array("a".utf8))])
        let messages = try Self.attacks.map {
            try Sample.message(content, settings: settings, columns: ["x": $0])
        }
        let names: Set = [
            "Date", "From", "To", "Message-ID", "Subject", "X-Raw", "X-Column", "Reply-To", "List-Unsubscribe",
            "List-Unsubscribe-Post", "Keywords", "Comments", "Precedence", "MIME-Version", "Content-Type",
        ]
        for (index, reading) in try await ForeignReading.read(messages).enumerated() {
            let attack = Self.attacks[index]
            let line = Self.oneLine(attack)
            #expect(WireForm.faults(messages[index]).isEmpty)
            #expect(reading.defects.isEmpty, "\(attack.debugDescription)")
            #expect(Set(reading.headers.map { $0[0] }).isSubset(of: names))
            #expect(Set(reading.headers.map { $0[0] }).count == reading.headers.count)
            #expect(reading.to.map { $0[1] } == ["ann@example.org"])
            #expect(reading.replyTo.map { $0[1] } == ["office@example.org"])
            #expect(reading.to.first?[0] == line)
            #expect(reading.replyTo.first?[0] == line)
            #expect(reading.subject == Self.oneLine("Hi \(attack)!"))
            #expect(reading.header("X-Raw") == Self.oneLine("a \(attack) b"))
            #expect(reading.header("X-Column") ?? "" == line)
            #expect(reading.header("Keywords") ?? "" == line)
            let escaped = Self.percentEncoded(attack)
            #expect(
                reading.header("List-Unsubscribe")?.hasPrefix("<https://example.org/u?e=\(escaped)>, <") == true)
            #expect(reading.header("List-Unsubscribe")?.filter { $0 == ">" }.count == 2)
            #expect(reading.header("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click")
            #expect(reading.text == Self.lines("T \(attack)\n"))
            let html = attack.unicodeScalars.map { Self.htmlSigns[$0] ?? String($0) }.joined()
            #expect(reading.html == Self.lines("<p title=\"\(html)\">\(html)</p>\n"))
            #expect(reading.attachments.map(\.content) == [Data("a".utf8)])
            #expect(
                reading.kinds
                    == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain"])
        }
    }

    private static let htmlSigns: [Unicode.Scalar: String] = [
        "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    ]

    static func percentEncoded(_ text: String) -> String {
        let unreserved = CharacterSet(
            charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    /// With a space in place of each control and separator, and none at the ends.
    static func oneLine(_ text: String) -> String {
        let spaced = String(String.UnicodeScalarView(text.unicodeScalars.map {
            let isControl = $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || (0x2028...0x2029).contains($0.value)
            return isControl ? " " : $0
        }))
        return spaced.trimmingCharacters(in: CharacterSet(charactersIn: " "))
    }

    @Test("attachments keep their bytes and their names, whatever these are")
    func attachments() async throws {
        let names = [
            "prices.pdf", "Preisliste für März.pdf", "価格表.xlsx", "قائمة.docx", "🎉.png",
            "a \"quoted\" name.txt", "a;b='c'.csv",
            "back\\slash.html",
            String(repeating: "long ", count: 40) + ".txt", String(repeating: "語", count: 80) + ".pdf",
            "no end", ".hidden", "100%.ics", "x.TXT",
        ]
        let contents: [[UInt8]] = [
            [], [0], Array(0...255), Array("\r\n.\r\nFrom a\n".utf8), [UInt8](repeating: 0xFF, count: 10_000),
        ]
        let files = names.enumerated().map { MessageFile(name: $1, bytes: contents[$0 % contents.count]) }
        let message = try Sample.message(Sample.content(text: "a\n", html: "<b>a</b>\n", attachments: files))
        #expect(WireForm.faults(message).isEmpty)
        let reading = try await ForeignReading.read(message)
        #expect(reading.defects.isEmpty)
        #expect(reading.attachments.map(\.name) == names)
        #expect(reading.attachments.map(\.content) == files.map { Data($0.bytes) })
        #expect(
            reading.attachments.map(\.kind).prefix(3) == [
                "application/pdf", "application/pdf",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ])
        #expect((reading.text, reading.html) == ("a\r\n", "<b>a</b>\r\n"))
    }

    @Test("addresses beyond ASCII go as they are, and the message says that it needs SMTPUTF8")
    func utf8() async throws {
        var settings = try Sample.settings()
        settings.replyTo = try Mailbox("Jörg <jörg@bücher.example>")
        let message = try Sample.message(
            Sample.content(subject: "Grüße"), settings: settings, to: "用户@例子.广告")
        #expect(message.needsUTF8)
        let reading = try await ForeignReading.read(message)
        // Which it takes for a defect even under its policy for them.
        #expect(reading.defects.allSatisfy { $0.contains("NonASCIILocalPartDefect") })
        #expect(reading.to == [["", "用户@例子.广告"]])
        #expect(reading.replyTo == [["Jörg", "jörg@bücher.example"]])
        #expect(reading.subject == "Grüße")
    }

    @Test("a word of 998 octets in a subject, a name and a header")
    func longWords() async throws {
        var settings = try Sample.settings()
        settings.recipientName = "{{x}}"
        let content = Sample.content(subject: "{{x}}", headers: [("X-Long", "{{x}}")])
        let words = [997, 998, 5_000].map { String(repeating: "w", count: $0) }
        let messages = try words.map { try Sample.message(content, settings: settings, columns: ["x": $0]) }
        for (index, reading) in try await ForeignReading.read(messages).enumerated() {
            #expect(WireForm.faults(messages[index]).isEmpty)
            #expect(reading.defects.isEmpty)
            #expect(reading.subject == words[index])
            #expect(reading.header("X-Long") == words[index])
            #expect(reading.to.first?[0] == words[index])
        }
    }
}
