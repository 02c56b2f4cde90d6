/// An entry as one line of text, for where no journald runs: `MESSAGE  FIELD=value FIELD="with spaces"`.
///
/// The message comes first, then two spaces and the fields that are about the event, with `PRIORITY` and
/// `MESSAGE_ID`; the place in the source and the program's name are left out. Control characters, line and
/// paragraph separators and characters that turn the direction of text are shown as escapes, so that no value
/// can forge a line or rearrange one. Bytes that are not UTF-8 are shown as U+FFFD.
enum JournalLine {
    private static let leftOut: Set<String> = ["MESSAGE", "SYSLOG_IDENTIFIER", "CODE_FILE", "CODE_LINE", "CODE_FUNC"]

    /// The line, with its line break.
    static func format(_ entry: JournalEntry, identifier: String) -> String {
        let fields = entry.allFields(identifier: identifier)
            .filter { !leftOut.contains($0.name) }
            .map { "\($0.name)=\(value($0.value))" }
        return escaped(entry.message, quoted: false) + "  " + fields.joined(separator: " ") + "\n"
    }

    private static func value(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.allSatisfy({ isShownAsItIs($0) && $0 != UInt8(ascii: " ") }), !bytes.isEmpty { return text }
        let isOneWord = !text.isEmpty && text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0 != "\"" }
        return isOneWord ? escaped(text, quoted: false) : "\"" + escaped(text, quoted: true) + "\""
    }

    private static func escaped(_ text: String, quoted: Bool) -> String {
        if text.utf8.allSatisfy(isShownAsItIs) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case "\"" where quoted: result += "\\\""
            case "\\" where quoted: result += "\\\\"
            case _ where isHidden(scalar): result += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether nothing is to be looked up about it, as is so of nearly all that is told.
    private static func isShownAsItIs(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        default: break
        }
        switch scalar.value {
        // Bidi_Control of the Unicode Character Database.
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: return true
        default: return false
        }
    }
}
