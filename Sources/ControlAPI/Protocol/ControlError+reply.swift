internal import CampaignModel
public import VarlinkKit

extension ControlError {
    /// The interface that the errors belong to, with the dot that follows it.
    static let prefix = "org.campaignd."

    /// The error as it goes over the wire.
    public var reply: VarlinkErrorReply {
        var parameters = self.parameters
        parameters["text"] = .string(description)
        return VarlinkErrorReply(Self.prefix + word, parameters)
    }

    /// The error's name: `NotFound`.
    public var word: String {
        switch self {
        case .notFound: "NotFound"
        case .invalidState: "InvalidState"
        case .invalidField: "InvalidField"
        case .checksFailed: "ChecksFailed"
        case .nameTaken: "NameTaken"
        case .conflict: "Conflict"
        case .accessDenied: "AccessDenied"
        case .held: "Held"
        }
    }

    private var parameters: JSONObject {
        switch self {
        case .notFound(let kind, let name, _):
            ["kind": .string(kind.rawValue), "name": .string(name)]
        case .invalidState(let name, let status, _, let allowed, _):
            [
                "name": .string(name), "status": .string(status.rawValue),
                "allowed": JSONValue(allowed.map(\.rawValue)),
            ]
        case .invalidField(let error):
            ["field": .string(error.field), "value": JSONValue(error.value), "reason": .string(error.reason)]
        case .checksFailed(let name, let alerts):
            ["name": .string(name), "alerts": .array(alerts.map { .object($0.json) })]
        case .nameTaken(let name):
            ["name": .string(name)]
        case .conflict(let name, let revision):
            ["name": .string(name), "revision": JSONValue(revision)]
        case .accessDenied(let needs):
            ["needs": .string(needs.rawValue)]
        case .held(let name, let why):
            ["name": .string(name), "reason": .string(why)]
        }
    }
}
