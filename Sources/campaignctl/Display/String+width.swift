/// What texts take of a terminal.
extension String {
    /// How many columns it takes: two for wide characters (East Asian, emoji), none for what stands on another, else
    /// one. A character is what a person sees as one: an emoji of several joined by ZWJ is two columns wide.
    var displayWidth: Int {
        // Most texts are ASCII, and lists are long.
        if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
        return reduce(0) { $0 + Self.width(of: $1) }
    }

    /// The text, or as much of it as there is room for, with `…`.
    func cut(to width: Int) -> String {
        guard displayWidth > width else { return self }
        var kept = ""
        var left = width - 1
        for character in self {
            left -= Self.width(of: character)
            if left < 0 { break }
            kept.append(character)
        }
        return kept + "…"
    }

    /// The text in lines of whole words, none wider than that but a single word that is.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        for word in split(separator: " ") {
            if let line = lines.last, "\(line) \(word)".displayWidth <= width {
                lines[lines.count - 1] = "\(line) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Dressed, with spaces after it up to a width.
    func padded(to width: Int, dress: (String) -> String = { $0 }) -> String {
        dress(self) + String(repeating: " ", count: max(0, width - displayWidth))
    }

    private static func width(of character: Character) -> Int {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else { return 0 }
        // VARIATION SELECTOR-16 asks for an emoji where a letter would be shown else.
        if isWide(first) || scalars.contains("\u{FE0F}") { return 2 }
        // Below the combining marks only SOFT HYPHEN is not shown; to look a category up takes time.
        if first.value < 0x300, first.value != 0xAD { return 1 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        // The voiced marks of halfwidth katakana stand beside their letter.
        default: return 1 + scalars.dropFirst().count { $0 == "\u{FF9E}" || $0 == "\u{FF9F}" }
        }
    }

    /// East Asian Width W and F (UAX #11) in the blocks where they stand, and emoji that are shown as such.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x1100: false
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1AFF0...0x1B2FF,
            0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }
}
