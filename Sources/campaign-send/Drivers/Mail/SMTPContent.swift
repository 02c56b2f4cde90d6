import Glibc

/// A message as it goes over the line after DATA: a dot more before each line that begins with one, and a line with a
/// dot alone at the end. RFC 5321, 4.5.2
enum SMTPContent {
    /// The end of a message without content.
    static let end = Array(".\r\n".utf8)

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let dot = UInt8(ascii: ".")

    /// Nil where a CR or an LF stands alone: servers differ in what they take for the end of a line, so that a message
    /// could end early and go on as commands.
    static func encoded(_ message: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(message.count + message.count / 64 + 8)
        let isSound = message.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                if bytes[start] == dot { result.append(dot) }
                let end = place(of: lineFeed, in: bytes, from: start) ?? bytes.count
                let hasEnd = end < bytes.count
                // The one CR of a line is the one before its LF.
                let first = place(of: carriageReturn, in: UnsafeRawBufferPointer(rebasing: bytes[..<end]), from: start)
                guard first == (hasEnd ? end - 1 : nil) else { return false }
                result += bytes[start..<min(end + 1, bytes.count)]
                start = end + 1
            }
            return true
        }
        guard isSound else { return nil }
        if !message.isEmpty, message.last != lineFeed { result += [carriageReturn, lineFeed] }
        return result + end
    }

    private static func place(of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count,
            let found = memchr(base + start, CInt(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
