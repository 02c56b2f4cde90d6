public import CampaignModel

/// Why a call is refused; each case is an error of `org.campaignd`.
public enum ControlError: Error, Hashable, Sendable {
    /// `why` is the whole sentence where there is more to say than that it is not there.
    case notFound(Kind, name: String, why: String? = nil)
    /// `command` is nil for what changes nothing. `why` is a sentence's end with the way out: `it has ended; duplicate
    /// it instead`.
    case invalidState(name: String, status: Status, command: CommandName?, allowed: [CommandName], why: String)
    case invalidField(FieldError)
    case checksFailed(name: String, [AlertView])
    case nameTaken(String)
    /// `revision` is the present one.
    case conflict(name: String, revision: Int)
    case accessDenied(needs: Role)
    /// `name` is the limit that is reached, or what does not answer or fails: `campaigns`, `launcher-down`,
    /// `ledger`, `audience`, `preview`.
    case held(name: String, why: String)

    /// What was looked for.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case campaign, version, draft, send, message, upload, surface, audience
    }
}

extension ControlError {
    /// A refusal of the lifecycle about the campaign of that name.
    public init(_ refusal: Refusal, campaign name: Slug) {
        switch refusal {
        case .invalidState(let status, let command, let allowed, let why):
            self = .invalidState(name: name.text, status: status, command: command, allowed: allowed, why: why)
        case .invalidField(let error): self = .invalidField(error)
        case .checksFailed(let alerts):
            self = .checksFailed(name: name.text, alerts.map { AlertView($0, campaign: name) })
        case .notFound(let text): self = .notFound(.send, name: name.text, why: text)
        case .held(let name, let why): self = .held(name: name, why: why)
        }
    }
}

extension ControlError: CustomStringConvertible {
    /// The sentence that people read.
    public var description: String {
        switch self {
        case .notFound(_, _, let why?): why
        case .notFound(let kind, let name, nil):
            "there is no \(kind.rawValue) \"\(FieldError.shown(name))\""
        case .invalidState(let name, let status, let command, let allowed, let why):
            "\(name) is \(status.rawValue)" + (command.map { " and can't be changed by \($0.rawValue)" } ?? "")
                + ": \(why); allowed are " + allowed.map(\.rawValue).joined(separator: ", ")
        case .invalidField(let error): error.description
        case .checksFailed(let name, let alerts):
            "\(name) is not ready: "
                + alerts.filter { $0.severity == .error }.map { "\($0.text) (\($0.code))" }.joined(separator: "; ")
        case .nameTaken(let name): "the name \(name) belongs to another campaign, perhaps an archived one"
        case .conflict(let name, let revision):
            "\(name) was changed meanwhile and has revision \(revision) now; look at it and try again"
        case .accessDenied(.operator):
            "you may not change campaigns, nor see recipients; root and the group campaignd may"
        case .accessDenied(.viewer):
            "you may not see campaigns; root and the groups campaignd and campaignd-view may"
        case .held(let name, let why): "held by \(name): \(why)"
        }
    }
}
