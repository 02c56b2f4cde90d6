/// Writes fixed shapes of ASCII text, such as `2026-12-07T09:00:00`, digit by digit: lists print some of them for each
/// of a hundred thousand campaigns.
struct DigitWriter {
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    private var count = 0

    /// The text that `write` writes; what is beyond `length` bytes is left out.
    static func text(_ length: Int, _ write: (inout DigitWriter) -> Void) -> String {
        String(unsafeUninitializedCapacity: length) { bytes in
            var writer = DigitWriter(bytes: bytes)
            write(&writer)
            return writer.count
        }
    }

    private init(bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The last `width` decimal digits of a number that is not negative, with leading zeros.
    mutating func number(_ value: Int, _ width: Int) {
        guard count + width <= bytes.count else { return }
        var rest = value
        for place in stride(from: count + width - 1, through: count, by: -1) {
            bytes[place] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        count += width
    }

    /// One character of ASCII.
    mutating func put(_ character: Unicode.Scalar) {
        guard count < bytes.count else { return }
        bytes[count] = UInt8(ascii: character)
        count += 1
    }
}
