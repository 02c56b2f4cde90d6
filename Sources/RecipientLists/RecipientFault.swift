/// A list of recipients that can't be read: where, and what is wrong there. It repeats no value of the list: what is
/// told of it goes into logs, and values are people's.
package struct RecipientFault: Error, Hashable, CustomStringConvertible {
    /// From 1; lines are counted by their line feeds, in quoted values too.
    package let line: Int
    /// Follows the line's number: `has 2 fields; …`.
    package let reason: String

    package init(_ line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { "line \(line) \(reason)" }

    /// - Parameter line: the line on which the bytes begin.
    static func checkText(_ bytes: [UInt8], from line: Int) throws(RecipientFault) {
        // Most records are ASCII, which is seen without making a text.
        guard !isASCII(bytes), String(validating: bytes, as: UTF8.self) == nil else { return }
        // No character of several bytes holds a line feed: a line that is wrong is wrong by itself.
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let index = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        throw RecipientFault(line + index, "is not valid UTF-8; save the list as UTF-8")
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var all: UInt8 = 0
            var place = 0
            while place < buffer.count {
                all |= buffer[place]
                place += 1
            }
            return all < 0x80
        }
    }
}
