import JSONTokens

/// Cuts an interface description into tokens, each with its place.
struct VarlinkInterfaceLexer {
    enum Kind: Equatable {
        /// A keyword or a name: letters, digits, `_`, `.`, `-`.
        case word(String)
        /// One of `(` `)` `:` `,` `?` `[` `]` `->`.
        case mark(String)
        case end
        /// A character that begins no token.
        case unknown(Character)

        /// How a message calls it.
        var text: String {
            switch self {
            case .word(let word): "\"\(word.shown)\""
            case .mark(let mark): "\"\(mark)\""
            case .end: "the end"
            case .unknown(let character): "\"\(String(character).shown)\""
            }
        }
    }

    struct Token: Equatable {
        var kind: Kind
        var line: Int
        var column: Int
        /// Whether it is the first token of its line.
        var startsLine: Bool
        /// The comment lines directly above it, joined.
        var documentation: String
    }

    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private var column = 1
    private var comment: [String] = []
    private var lineHasToken = false

    init(_ text: String) {
        rest = text.unicodeScalars[...]
    }

    mutating func next() -> Token {
        skipSpaceAndComments()
        var token = Token(
            kind: .end, line: line, column: column, startsLine: !lineHasToken,
            documentation: comment.joined(separator: "\n"))
        comment = []
        lineHasToken = true
        guard let scalar = rest.first else { return token }
        if Self.isAlphanumeric(scalar) {
            token.kind = .word(word())
        } else if "():,?[]".unicodeScalars.contains(scalar) {
            token.kind = .mark(String(scalar))
            advance()
        } else if scalar == "-", rest.dropFirst().first == ">" {
            token.kind = .mark("->")
            advance()
            advance()
        } else {
            token.kind = .unknown(Character(scalar))
            advance()
        }
        return token
    }

    private mutating func word() -> String {
        var word = String.UnicodeScalarView()
        while let scalar = rest.first {
            // The hyphen of `->` is no part of a name.
            let isHyphen = scalar == "-" && rest.dropFirst().first != ">"
            guard Self.isAlphanumeric(scalar) || scalar == "_" || scalar == "." || isHyphen else { break }
            word.append(scalar)
            advance()
        }
        return String(word)
    }

    /// Keeps the comment lines that stand directly above the next token. A comment behind a token on its line, or one
    /// with an empty line below it, belongs to nothing.
    private mutating func skipSpaceAndComments() {
        var lineIsEmpty = !lineHasToken
        while let scalar = rest.first {
            switch scalar {
            case "\n":
                if lineIsEmpty { comment = [] }
                lineIsEmpty = true
                lineHasToken = false
                advance()
            case " ", "\t", "\r":
                advance()
            case "#":
                let text = commentLine()
                if !lineHasToken { comment.append(text) }
                lineIsEmpty = false
            default:
                return
            }
        }
    }

    private mutating func commentLine() -> String {
        advance()
        var text = String.UnicodeScalarView()
        while let scalar = rest.first, scalar != "\n" {
            text.append(scalar)
            advance()
        }
        if text.first == " " { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
        return String(text)
    }

    private mutating func advance() {
        if rest.removeFirst() == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
    }

    static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
    }
}
