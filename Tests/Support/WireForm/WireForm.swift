package import Mail

/// What holds of the bytes of every message, whatever stands in it.
package enum WireForm {
    /// What is wrong; empty where nothing is.
    package static func faults(_ message: MailMessage) -> [String] {
        var faults: [String] = []
        var isHeader = true
        let bytes = message.bytes
        if bytes.suffix(2) != [0x0D, 0x0A] { faults.append("does not end with a line end") }
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast() {
            guard line.last == 0x0D else {
                faults.append("has a line feed by itself: \(shown(line))")
                continue
            }
            let line = line.dropLast()
            if line.isEmpty { isHeader = false }
            if line.contains(0x0D) { faults.append("has a carriage return by itself: \(shown(line))") }
            if line.contains(0) { faults.append("has a NUL") }
            if line.count > 998 { faults.append("has a line of \(line.count) octets") }
            if line.first == UInt8(ascii: ".") { faults.append("has a line with a dot before it: \(shown(line))") }
            if line.starts(with: "From ".utf8) { faults.append("has a line that begins a message in mboxes") }
            if !message.needsUTF8, !line.allSatisfy({ $0 < 0x80 }) { faults.append("is not ASCII: \(shown(line))") }
            // A word, or what stands in quotes, is never cut: a line that is one, after a field's name, may be longer.
            let words = line.split(separator: 0x20).count - (line.first == 0x20 ? 0 : 1)
            let isOneWord = words == 1 || line.contains(UInt8(ascii: "\""))
            if line.count > 76, !(isHeader && isOneWord) { faults.append("has a long line: \(shown(line))") }
        }
        return faults
    }

    /// The names of its header fields, in their order.
    package static func fieldNames(_ message: MailMessage) -> [String] {
        let lines = message.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return lines.prefix { $0 != [0x0D] }.filter { $0.first != 0x20 }.map {
            String(decoding: $0.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
        }
    }

    private static func shown(_ line: ArraySlice<UInt8>) -> String { String(decoding: line.prefix(80), as: UTF8.self) }
}
