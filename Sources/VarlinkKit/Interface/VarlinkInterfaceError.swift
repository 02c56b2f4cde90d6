import JSONTokens

/// Why a text is not an interface description, and where.
public struct VarlinkInterfaceError: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Sendable, Equatable {
        /// Something else stands where `expected` must be.
        case expected(String, found: String)
        /// A word that does not follow the rule for names of its kind.
        case invalidName(String, kind: String)
        /// A name that its kind may have once only.
        case duplicate(String, kind: String)
        /// A type that the interface does not define.
        case unknownType(String)
        /// Types inside one another beyond the limit.
        case tooDeep(limit: Int)
    }

    public var reason: Reason
    /// From 1.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int

    public var description: String {
        let what =
            switch reason {
            case .expected(let expected, let found): "expected \(expected), found \(found)"
            case .invalidName(let name, let kind): "\"\(name.shown)\" is not the name of \(kind)"
            case .duplicate(let name, let kind): "\(kind) \"\(name.shown)\" is there twice"
            case .unknownType(let name): "type \"\(name.shown)\" is not defined in this interface"
            case .tooDeep(let limit): "types are nested more than \(limit) deep"
            }
        return "line \(line), column \(column): \(what)"
    }
}
