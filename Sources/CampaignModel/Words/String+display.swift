extension Unicode.Scalar {
    /// Whether a terminal or a log would act on this character, or show its neighbours in another order:
    /// C0 and C1 controls, line separators, and the bidirectional overrides and isolates of Unicode TR 9.
    public var isUnsafeToDisplay: Bool {
        switch value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x2028, 0x2029: true
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Noncharacters are shown by nobody, and journalctl shows no text at all that holds one. Unicode, 23.7
    fileprivate var isHiddenByReaders: Bool {
        isUnsafeToDisplay || (0xFDD0...0xFDEF).contains(value) || value & 0xFFFE == 0xFFFE
    }
}

extension String {
    /// The text with every character that ``Unicode/Scalar/isUnsafeToDisplay`` names, and every noncharacter, written
    /// as `\u{1B}`.
    public var escapedForDisplay: String {
        guard unicodeScalars.contains(where: \.isHiddenByReaders) else { return self }
        var shown = ""
        for scalar in unicodeScalars {
            if scalar.isHiddenByReaders {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
