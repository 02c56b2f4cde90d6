extension VarlinkInterface {
    /// Reads an interface description.
    ///
    /// Comments directly above the interface, a member, a field or an enumeration's value are its documentation;
    /// other comments are dropped. Printing and reading again gives an equal value.
    ///
    /// - Throws: `VarlinkInterfaceError` with line and column.
    public init(parsing text: String) throws(VarlinkInterfaceError) {
        var parser = VarlinkInterfaceParser(text)
        self = try parser.interface()
    }
}

/// A recursive descent over the tokens; the depth of types is bounded.
struct VarlinkInterfaceParser {
    /// Structures, arrays and the like inside one another. Nothing readable is nested half as deep.
    static let maximumTypeDepth = 32

    private var lexer: VarlinkInterfaceLexer
    private var token: VarlinkInterfaceLexer.Token
    /// Where each type is used for the first time, in the order of the text: looked up when all are known.
    private var references: [(name: String, token: VarlinkInterfaceLexer.Token)] = []

    init(_ text: String) {
        lexer = VarlinkInterfaceLexer(text)
        token = lexer.next()
    }

    mutating func interface() throws(VarlinkInterfaceError) -> VarlinkInterface {
        let documentation = token.documentation
        try takeWord("interface")
        let name = try takeName("an interface", where: Self.isInterfaceName)
        var interface = VarlinkInterface(name: name, documentation: documentation)
        var names: Set<String> = []
        while token.kind != .end {
            guard token.startsLine else { throw expected("a line end") }
            let nameToken: VarlinkInterfaceLexer.Token
            (nameToken, interface.members) = try member(after: interface.members)
            if case .word(let name) = nameToken.kind, !names.insert(name).inserted {
                throw error(.duplicate(name, kind: "member"), at: nameToken)
            }
        }
        let types = Set(interface.types.map(\.name))
        for reference in references where !types.contains(reference.name) {
            throw error(.unknownType(reference.name), at: reference.token)
        }
        return interface
    }

    private mutating func member(
        after members: [VarlinkInterface.Member]
    ) throws(VarlinkInterfaceError) -> (VarlinkInterfaceLexer.Token, [VarlinkInterface.Member]) {
        let documentation = token.documentation
        guard case .word(let keyword) = token.kind, ["type", "method", "error"].contains(keyword) else {
            throw expected("\"type\", \"method\" or \"error\"")
        }
        advance()
        let nameToken = token
        let name = try takeName("a \(keyword)", where: Self.isMemberName)
        let member: VarlinkInterface.Member
        switch keyword {
        case "type":
            guard token.kind == .mark("(") else { throw expected("\"(\"") }
            member = .type(.init(name: name, documentation: documentation, type: try structureOrEnumeration(depth: 1)))
        case "method":
            let input = try fields()
            try takeMark("->")
            member = .method(
                .init(name: name, documentation: documentation, input: input, output: try fields()))
        default:
            member = .error(.init(name: name, documentation: documentation, parameters: try fields()))
        }
        return (nameToken, members + [member])
    }

    /// The parameters of a method or error: a structure.
    private mutating func fields() throws(VarlinkInterfaceError) -> [VarlinkField] {
        let start = token
        guard case .structure(let fields) = try structureOrEnumeration(depth: 1) else {
            throw error(.expected("fields with types", found: "an enumeration"), at: start)
        }
        return fields
    }
}

// MARK: - Types

extension VarlinkInterfaceParser {
    private mutating func type(depth: Int) throws(VarlinkInterfaceError) -> VarlinkType {
        if takeMarkIfThere("?") {
            if token.kind == .mark("?") { throw expected("a type that is not optional") }
            return .optional(try type(depth: depth + 1))
        }
        if depth > Self.maximumTypeDepth { throw error(.tooDeep(limit: Self.maximumTypeDepth), at: token) }
        if takeMarkIfThere("[") {
            if takeMarkIfThere("]") { return .array(try type(depth: depth + 1)) }
            try takeWord("string")
            try takeMark("]")
            return .dictionary(try type(depth: depth + 1))
        }
        if token.kind == .mark("(") { return try structureOrEnumeration(depth: depth + 1) }
        guard case .word(let word) = token.kind else { throw expected("a type") }
        if let builtin = Self.builtinTypes[word] {
            advance()
            return builtin
        }
        let start = token
        let name = try takeName("a type", where: Self.isMemberName)
        references.append((name, start))
        return .named(name)
    }

    private static let builtinTypes: [String: VarlinkType] = [
        "bool": .bool, "int": .int, "float": .float, "string": .string, "object": .object,
    ]

    /// What follows the first name tells which of the two it is: a colon means a field. `()` is an empty structure.
    private mutating func structureOrEnumeration(depth: Int) throws(VarlinkInterfaceError) -> VarlinkType {
        if depth > Self.maximumTypeDepth { throw error(.tooDeep(limit: Self.maximumTypeDepth), at: token) }
        try takeMark("(")
        if takeMarkIfThere(")") { return .structure([]) }
        var fields: [VarlinkField] = []
        var values: [VarlinkEnumerationValue] = []
        var names: Set<String> = []
        repeat {
            let start = token
            let name = try takeName("a field", where: Self.isFieldName)
            guard names.insert(name).inserted else { throw error(.duplicate(name, kind: "field"), at: start) }
            if fields.isEmpty, token.kind != .mark(":") {
                values.append(VarlinkEnumerationValue(name, documentation: start.documentation))
            } else {
                if !values.isEmpty { throw expected("\",\" or \")\"") }
                try takeMark(":")
                fields.append(
                    VarlinkField(name, try type(depth: depth + 1), documentation: start.documentation))
            }
        } while takeMarkIfThere(",")
        guard takeMarkIfThere(")") else { throw expected("\",\" or \")\"") }
        return values.isEmpty ? .structure(fields) : .enumeration(values)
    }
}

// MARK: - Tokens and names

extension VarlinkInterfaceParser {
    private mutating func advance() {
        token = lexer.next()
    }

    private mutating func takeWord(_ word: String) throws(VarlinkInterfaceError) {
        guard token.kind == .word(word) else { throw expected("\"\(word)\"") }
        advance()
    }

    private mutating func takeMark(_ mark: String) throws(VarlinkInterfaceError) {
        guard takeMarkIfThere(mark) else { throw expected("\"\(mark)\"") }
    }

    private mutating func takeMarkIfThere(_ mark: String) -> Bool {
        guard token.kind == .mark(mark) else { return false }
        advance()
        return true
    }

    private mutating func takeName(
        _ kind: String, where isName: (String) -> Bool
    ) throws(VarlinkInterfaceError) -> String {
        guard case .word(let word) = token.kind else { throw expected("the name of \(kind)") }
        guard isName(word) else { throw error(.invalidName(word, kind: kind), at: token) }
        advance()
        return word
    }

    private func expected(_ what: String) -> VarlinkInterfaceError {
        error(.expected(what, found: token.kind.text), at: token)
    }

    private func error(
        _ reason: VarlinkInterfaceError.Reason, at token: VarlinkInterfaceLexer.Token
    ) -> VarlinkInterfaceError {
        VarlinkInterfaceError(reason: reason, line: token.line, column: token.column)
    }

    /// `org.campaignd`: two parts or more, each of letters, digits and inner hyphens; the first begins with a letter.
    static func isInterfaceName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
            return false
        }
        return parts.allSatisfy { part in
            !part.isEmpty && part.first != "-" && part.last != "-"
                && part.unicodeScalars.allSatisfy { VarlinkInterfaceLexer.isAlphanumeric($0) || $0 == "-" }
        }
    }

    /// `ListCampaigns`: letters and digits, the first one a capital letter.
    static func isMemberName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, ("A"..."Z").contains(first) else { return false }
        return name.unicodeScalars.allSatisfy(VarlinkInterfaceLexer.isAlphanumeric)
    }

    /// `start_at`: letters, digits and single inner underscores, the first one a letter.
    static func isFieldName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return name.split(separator: "_", omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy(VarlinkInterfaceLexer.isAlphanumeric)
        }
    }
}
