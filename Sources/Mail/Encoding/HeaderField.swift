/// One field of a header, folded as it grows: lines of 76 octets where words are that short, of 998 at most.
/// RFC 5322, section 2.1.1 and 2.2.3
struct HeaderField {
    private static let lineLength = 76
    /// The longest word: a line of 998 octets less the space that it begins with. RFC 5322, section 2.1.1
    static let maximumWordLength = 997

    private(set) var bytes: [UInt8]
    /// Of the last line.
    private var column: Int
    private var isEmpty = true

    init(_ name: String) {
        bytes = Array(name.utf8) + [UInt8(ascii: ":")]
        column = bytes.count
    }

    /// The field with its line end.
    var line: [UInt8] { bytes + [0x0D, 0x0A] }

    /// A word of up to ``maximumWordLength`` octets that stays as it is, after a space.
    mutating func append(word: some Collection<UInt8>) {
        let isLong = 1 + word.count > Self.lineLength
        // A word that is too long for any line need not have one to itself, where that is allowed.
        let fits = column + 1 + word.count <= (isLong && isEmpty ? 1 + Self.maximumWordLength : Self.lineLength)
        if !fits { fold() }
        bytes.append(0x20)
        bytes.append(contentsOf: word)
        column += 1 + word.count
        isEmpty = false
    }

    /// Text beyond ASCII as encoded words.
    mutating func append(encoding text: ArraySlice<UInt8>) {
        let encoding = EncodedWord.Encoding(for: text)
        var rest = text
        while !rest.isEmpty {
            if Self.lineLength - column - 1 < EncodedWord.minimumLength { fold() }
            let room = min(Self.lineLength - column - 1, EncodedWord.maximumLength)
            append(word: EncodedWord.next(of: &rest, encoding, length: room))
        }
    }

    /// Any text as people read it, such as a subject: its words, and as encoded words what is no word of ASCII.
    mutating func append(text: [UInt8]) {
        let text = text.onOneLine
        var words = text.split(separator: 0x20)[...]
        while let word = words.popFirst() {
            guard Self.mustEncode(word) || Self.isFarFromNext(word, words) else {
                append(word: word)
                continue
            }
            // The spaces between two encoded words don't count, those in one do.
            var end = word.endIndex
            while let next = words.first,
                next.startIndex > end + 1 || Self.mustEncode(next) || Self.isFarFromNext(next, words.dropFirst())
            {
                end = next.endIndex
                words.removeFirst()
            }
            append(encoding: text[word.startIndex..<end])
        }
    }

    /// A display name: words, a quoted string, or encoded words. RFC 5322, section 3.2.5, RFC 2047, section 5 (3)
    mutating func append(phrase: [UInt8]) {
        let phrase = phrase.onOneLine
        guard !phrase.isEmpty else { return }
        guard phrase.count < Self.lineLength, phrase.allSatisfy({ $0 < 0x80 }), !Self.looksEncoded(phrase) else {
            append(encoding: phrase)
            return
        }
        let words = phrase.split(separator: 0x20, omittingEmptySubsequences: false)
        if words.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isAtomText) }) {
            for word in words { append(word: word) }
            return
        }
        // It is one word, spaces and all.
        let quoted = Array(String(decoding: phrase, as: UTF8.self).quoted.utf8)
        if quoted.count < Self.lineLength { append(word: quoted) } else { append(encoding: phrase) }
    }

    private mutating func fold() {
        bytes.append(0x0D)
        bytes.append(0x0A)
        column = 0
    }

    private static func mustEncode(_ word: ArraySlice<UInt8>) -> Bool {
        word.count > maximumWordLength || !word.allSatisfy { $0 < 0x80 } || looksEncoded(word)
    }

    /// Whether more than a space stands before the next word; readers make one of them.
    private static func isFarFromNext(_ word: ArraySlice<UInt8>, _ rest: ArraySlice<ArraySlice<UInt8>>) -> Bool {
        rest.first.map { $0.startIndex > word.endIndex + 1 } ?? false
    }

    /// What a reader would decode though nobody has encoded it.
    private static func looksEncoded(_ text: ArraySlice<UInt8>) -> Bool {
        zip(text, text.dropFirst()).contains { $0 == UInt8(ascii: "=") && $1 == UInt8(ascii: "?") }
    }
}

extension [UInt8] {
    /// Without spaces at its ends, and with a space in place of each character that could end a line for somebody:
    /// ASCII's controls, those of ISO 8859 (next line among them), Unicode's line and paragraph separators.
    var onOneLine: ArraySlice<UInt8> {
        var line = self
        var place = 0
        while place < line.count {
            switch line[place] {
            case 0..<0x20, 0x7F: line[place] = 0x20
            case 0xC2 where place + 1 < line.count && (0x80...0x9F).contains(line[place + 1]):
                line.replaceSubrange(place...(place + 1), with: CollectionOfOne(0x20))
            case 0xE2
            where place + 2 < line.count && line[place + 1] == 0x80 && (0xA8...0xA9).contains(line[place + 2]):
                line.replaceSubrange(place...(place + 2), with: CollectionOfOne(0x20))
            default: break
            }
            place += 1
        }
        return line.trimmedBlanks
    }
}
