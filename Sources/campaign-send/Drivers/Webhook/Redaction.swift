/// Takes secrets out of what a peer or a library says, before anybody reads it: an answer may well repeat the header
/// that it did not like.
struct Redaction {
    /// Longest first, so that one which begins like another is found whole.
    private let secrets: [(bytes: [UInt8], shown: [UInt8])]

    private enum Match {
        case none
        /// The text ends before the secret does.
        case beginning
        /// How many bytes of the text are the secret.
        case whole(Int)
    }

    /// - Parameter secrets: what each credential holds, by its name.
    init(_ secrets: [String: String]) {
        self.secrets = secrets.filter { !$0.value.isEmpty }
            .map { (Array($0.value.utf8), Array("${\($0.key)}".utf8)) }
            .sorted { $0.bytes.count > $1.bytes.count }
    }

    /// The bytes with `${NAME}` in the place of each secret, as it is or as JSON may write it.
    ///
    /// - Parameter isCut: more would follow, so that a secret's beginning at the end is one too and is left out.
    func clean(_ bytes: [UInt8], isCut: Bool = false) -> [UInt8] {
        guard !secrets.isEmpty else { return bytes }
        var result: [UInt8] = []
        var start = 0
        search: while start < bytes.count {
            for secret in secrets {
                switch Self.match(secret.bytes, bytes, at: start) {
                case .whole(let count):
                    result += secret.shown
                    start += count
                    continue search
                case .beginning where isCut:
                    return result
                case .beginning, .none:
                    break
                }
            }
            result.append(bytes[start])
            start += 1
        }
        return result
    }

    func clean(_ text: String) -> String {
        String(decoding: clean(Array(text.utf8)), as: UTF8.self)
    }

    private static func match(_ secret: [UInt8], _ bytes: [UInt8], at start: Int) -> Match {
        let plain = match(secret, bytes, at: start) { (bytes[$0...$0], $0 + 1) }
        if case .whole = plain { return plain }
        let escaped = match(secret, bytes, at: start) { unescaped(bytes, at: $0) }
        if case .none = escaped { return plain }
        return escaped
    }

    /// - Parameter read: the bytes for which the text stands at a place, and the place after it; nil where it ends
    ///   before that is clear.
    private static func match(
        _ secret: [UInt8], _ bytes: [UInt8], at start: Int, _ read: (Int) -> (ArraySlice<UInt8>, Int)?
    ) -> Match {
        var rest = secret[...]
        var place = start
        while !rest.isEmpty {
            guard place < bytes.count, let (part, next) = read(place) else { return .beginning }
            guard rest.starts(with: part) else { return .none }
            rest = rest.dropFirst(part.count)
            place = next
        }
        return .whole(place - start)
    }

    /// A character of a text in JSON: `\/`, `\"`, `\\` and `\u002b` stand for what many write so. RFC 8259, 7
    private static func unescaped(_ bytes: [UInt8], at place: Int) -> (ArraySlice<UInt8>, Int)? {
        guard bytes[place] == UInt8(ascii: "\\") else { return (bytes[place...place], place + 1) }
        guard place + 1 < bytes.count else { return nil }
        guard bytes[place + 1] == UInt8(ascii: "u") else { return (bytes[(place + 1)...(place + 1)], place + 2) }
        guard place + 6 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[(place + 2)..<(place + 6)], as: UTF8.self)
        // Half of a pair stands for nothing alone, and no secret of ours needs one.
        guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else {
            return (bytes[place...place], place + 1)
        }
        return (Array(String(scalar).utf8)[...], place + 6)
    }
}
