/// Base64 with padding (RFC 4648 section 4): no line ends, no other alphabet.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    /// The value of each letter; 255 for what is none.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: some Collection<UInt8>) -> String {
        var letters: [UInt8] = []
        letters.reserveCapacity((bytes.count + 2) / 3 * 4)
        var held: UInt32 = 0
        var count = 0
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                for shift in [18, 12, 6, 0] as [UInt32] { letters.append(alphabet[Int(held >> shift & 63)]) }
                held = 0
                count = 0
            }
        }
        if count == 1 {
            letters += [alphabet[Int(held >> 2)], alphabet[Int(held << 4 & 63)], padding, padding]
        } else if count == 2 {
            for value in [held >> 10, held >> 4 & 63, held << 2 & 63] { letters.append(alphabet[Int(value)]) }
            letters.append(padding)
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// - Returns: nil for anything that ``encode(_:)`` does not give.
    static func decode(_ text: String) -> [UInt8]? {
        var letters = Array(text.utf8)
        guard letters.count % 4 == 0 else { return nil }
        var padded = 0
        while padded < 2, letters.last == padding {
            letters.removeLast()
            padded += 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3 + 2)
        var held: UInt32 = 0
        var bits: UInt32 = 0
        for letter in letters {
            let value = values[Int(letter)]
            guard value != 255 else { return nil }
            held = held << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: held >> bits))
                held &= (1 << bits) - 1
            }
        }
        // The bits that padding leaves over are zero, else two texts would mean the same.
        return held == 0 ? bytes : nil
    }
}
