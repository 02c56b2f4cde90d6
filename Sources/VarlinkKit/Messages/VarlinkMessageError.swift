import JSONTokens

/// Why a JSON value is not a Varlink call or reply.
public enum VarlinkMessageError: Error, Equatable, CustomStringConvertible {
    /// The message is not a JSON object but a value of that kind.
    case notAnObject(kind: String)
    /// A member that must be there is not.
    case missing(String)
    /// A member is of the wrong kind.
    case wrongKind(String, found: String, expected: String)
    /// A member that the protocol does not know.
    case unknown(String)

    public var description: String {
        switch self {
        case .notAnObject(let kind): "a message is a JSON object, not \(kind)"
        case .missing(let member): "\(member): missing from the message"
        case .wrongKind(let member, let found, let expected): "\(member): is \(found), must be \(expected)"
        case .unknown(let member): "\(member.shown): not a member of a Varlink message"
        }
    }
}

/// The members of one message, taken out one by one, so that what is left over is unknown.
struct MessageMembers {
    private var members: JSONObject

    init(_ value: JSONValue) throws(VarlinkMessageError) {
        guard case .object(let members) = value else { throw .notAnObject(kind: value.kind) }
        self.members = members
    }

    mutating func string(_ name: String) throws(VarlinkMessageError) -> String? {
        switch members.removeValue(forKey: name) {
        case nil, .null: return nil
        case .string(let text): return text
        case .some(let other): throw .wrongKind(name, found: other.kind, expected: "string")
        }
    }

    mutating func object(_ name: String) throws(VarlinkMessageError) -> JSONObject {
        switch members.removeValue(forKey: name) {
        case nil, .null: return [:]
        case .object(let object): return object
        case .some(let other): throw .wrongKind(name, found: other.kind, expected: "object")
        }
    }

    mutating func flag(_ name: String) throws(VarlinkMessageError) -> Bool {
        switch members.removeValue(forKey: name) {
        case nil, .null: return false
        case .bool(let flag): return flag
        case .some(let other): throw .wrongKind(name, found: other.kind, expected: "bool")
        }
    }

    /// A vendor's extension is an object named in reverse-domain notation (https://varlink.org/Method-Call).
    func finish() throws(VarlinkMessageError) {
        // The smallest name, so that the same message gets the same answer every time.
        let unknown = members.filter { !($0.key.contains(".") && $0.value.objectValue != nil) }
        if let name = unknown.first?.key { throw .unknown(name) }
    }
}
