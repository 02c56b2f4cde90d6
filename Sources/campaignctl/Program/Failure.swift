import CampaignModel
import ControlAPI
import Glibc
import VarlinkKit

/// Why a verb did not do what it was asked: a sentence, the same as JSON, and how the program ends.
struct Failure: Error {
    let status: ExitStatus
    /// The sentence, without the program's name.
    let text: String
    /// The error's word and its parameters, without the text.
    var parameters: JSONObject

    var json: JSONValue {
        var members = parameters
        members["text"] = .string(text)
        return .object(members)
    }

    init(_ status: ExitStatus, text: String, parameters: JSONObject) {
        self.status = status
        self.text = text
        self.parameters = parameters
    }

    /// Any error that a verb may meet.
    init(_ error: any Error, socket: String) {
        switch error {
        case let failure as Failure: self = failure
        case let reply as VarlinkErrorReply: self = Failure(reply).namingOption
        case let error as VarlinkClientError: self.init(error, socket: socket)
        case let error as FieldError: self = Failure.invalidField(error).namingOption
        case let error as ViewError:
            self.init(
                .refused,
                text: "campaignd's answer is not understood: \(error); do its version and campaignctl's differ?",
                parameters: ["error": "InvalidReply"])
        case let error as Output.Failed:
            self.init(
                .refused, text: "standard output: \(String(cString: strerror(error.code)))",
                parameters: ["error": "OutputFailed"])
        default:
            self.init(.refused, text: "\(error)", parameters: ["error": "Failed"])
        }
    }

    /// With the name that was meant, where nothing has the one that was given.
    func suggesting(from socket: String) async -> Failure {
        guard status == .notFound, let kind = parameters["kind"]?.stringValue.flatMap(NamedKind.init(rawValue:)),
            let name = parameters["name"]?.stringValue,
            let meant = await Names.nearest(to: name, of: kind, socket: socket)
        else { return self }
        var parameters = parameters
        parameters["suggestion"] = .string(meant)
        return Failure(status, text: "\(text); did you mean \(meant)?", parameters: parameters)
    }

    /// Where a field was given as an option, with the option's name in place of the field's.
    private var namingOption: Failure {
        guard parameters["error"] == "InvalidField", let field = parameters["field"]?.stringValue,
            let option = AskedVerb.option(of: field)
        else { return self }
        return named(option, inPlaceOf: field)
    }

    /// The same about another field: the sentence begins with it.
    func named(_ name: String, inPlaceOf field: String) -> Failure {
        guard parameters["field"]?.stringValue == field, text.hasPrefix(field) else { return self }
        var parameters = parameters
        parameters["field"] = .string(name)
        return Failure(status, text: name + text.dropFirst(field.count), parameters: parameters)
    }

    static func invalidField(_ error: FieldError) -> Failure {
        Failure(
            .refused, text: error.description,
            parameters: [
                "error": "InvalidField", "field": .string(error.field), "value": JSONValue(error.value),
                "reason": .string(error.reason),
            ])
    }
}

// MARK: - The daemon's errors

extension Failure {
    private init(_ reply: VarlinkErrorReply) {
        let word = reply.name.split(separator: ".").last.map(String.init) ?? reply.name
        var parameters = reply.parameters
        parameters["error"] = .string(word)
        let text = parameters.removeValue(forKey: "text")?.stringValue
        self.init(
            Self.status(of: word), text: text ?? "campaignd refused: \(Self.sentence(of: reply, word))",
            parameters: parameters)
    }

    private static func status(of word: String) -> ExitStatus {
        switch word {
        case "NotFound": .notFound
        case "AccessDenied", "PermissionDenied": .accessDenied
        default: .refused
        }
    }

    /// For the errors of the protocol itself, which have no text.
    private static func sentence(of reply: VarlinkErrorReply, _ word: String) -> String {
        guard let parameter = reply.parameters.values.compactMap(\.stringValue).sorted().first else { return word }
        return "\(word) (\(parameter.escapedForDisplay)); do its version and campaignctl's differ?"
    }

    /// What a person sees: each blocking alert on a line of its own.
    var lines: [String] {
        guard let alerts = parameters["alerts"]?.arrayValue, !alerts.isEmpty else { return [text.escapedForDisplay] }
        let name = parameters["name"]?.stringValue ?? "the campaign"
        return ["\(name) is not ready:"]
            + alerts.map { alert in
                "  "
                    + AlertWords.line(
                        severity: alert["severity"]?.stringValue ?? "", text: alert["text"]?.stringValue ?? "",
                        code: alert["code"]?.stringValue ?? "", field: alert["field"]?.stringValue)
            }
    }
}

// MARK: - No answer

extension Failure {
    private init(_ error: VarlinkClientError, socket: String) {
        let reason: String
        let advice: String
        switch error {
        case .absent:
            reason = "absent"
            advice = "start campaignd (systemctl start campaignd.socket), or name its socket with --socket or "
                + "$CAMPAIGND_SOCKET"
        case .refused:
            reason = "refused"
            advice = "campaignd has ended; start it again (systemctl restart campaignd.socket)"
        case .noPermission:
            reason = "no-permission"
            advice = "ask for the right to use this socket and the folders above it, or run as root"
        case .pathTooLong, .invalidPath:
            reason = "invalid-path"
            advice = "name another one with --socket or $CAMPAIGND_SOCKET"
        case .timedOut:
            reason = "timed-out"
            advice = "look at campaignd (systemctl status campaignd) and try again"
        case .disconnected, .closed, .busy:
            reason = "disconnected"
            advice = "campaignd stopped, or has too many connections; look at it (systemctl status campaignd) and "
                + "try again"
        case .invalidReply:
            reason = "invalid-reply"
            advice = "is \(socket) campaignd's socket?"
        case .system:
            reason = "system"
            advice = "look at campaignd (systemctl status campaignd)"
        }
        self.init(
            .unreachable, text: "\(error); \(advice)",
            parameters: ["error": "Unreachable", "reason": .string(reason), "socket": .string(socket)])
    }
}
