import Glibc

/// Cuts a stream of bytes into lines. A line's beginning is kept up to a limit, the rest counted, so that no output
/// makes the process grow.
struct OutputLines {
    /// Longer than any progress line with a note of 2 KiB in it.
    static let keptBytes = 16 * 1_024

    private var kept: [UInt8] = []
    private var whole = 0

    /// - Parameter emit: gets each line without its line break, and the length of the whole line.
    mutating func read(_ bytes: ArraySlice<UInt8>, emit: ([UInt8], Int) -> Void) {
        var rest = bytes
        while let length = Self.lengthToLineBreak(rest) {
            keep(rest.prefix(length))
            end(emit)
            rest = rest.dropFirst(length + 1)
        }
        keep(rest)
    }

    /// memchr(3), since a flood is searched byte by byte.
    private static func lengthToLineBreak(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress, let found = memchr(start, CInt(UInt8(ascii: "\n")), buffer.count)
            else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }

    /// The end of the stream: what is there is a line too.
    mutating func finish(emit: ([UInt8], Int) -> Void) {
        if whole > 0 { end(emit) }
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        whole += bytes.count
        kept += bytes.prefix(Self.keptBytes - kept.count)
    }

    private mutating func end(_ emit: ([UInt8], Int) -> Void) {
        // As a program on another system may end its lines.
        if kept.last == UInt8(ascii: "\r"), kept.count == whole {
            kept.removeLast()
            whole -= 1
        }
        emit(kept, whole)
        kept.removeAll(keepingCapacity: true)
        whole = 0
    }
}
