/// Why a command changes nothing.
public enum Refusal: Error, Hashable, Sendable {
    /// The campaign's status does not allow it; what it does allow, and a sentence with the way out.
    case invalidState(Status, command: CommandName, allowed: [CommandName], why: String)
    case invalidField(FieldError)
    /// Every check that failed, at once.
    case checksFailed([Alert])
    /// Nothing that the command could act on.
    case notFound(String)
    /// It can't be done now, by a limit or since the sender does not answer.
    case held(name: String, why: String)
}

extension Refusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidState(let status, let command, let allowed, let why):
            "\(command.rawValue): the campaign is \(status.rawValue): \(why); allowed are "
                + allowed.map(\.rawValue).joined(separator: ", ")
        case .invalidField(let error): error.description
        case .checksFailed(let alerts): alerts.map { "\($0.code.rawValue): \($0.text)" }.joined(separator: "\n")
        case .notFound(let text): text
        case .held(let name, let why): "\(name): \(why)"
        }
    }
}
