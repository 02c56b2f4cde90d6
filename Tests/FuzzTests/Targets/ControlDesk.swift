import CampaignModel
import ControlAPI

@testable import VarlinkKit

/// Where calls of `org.campaignd` are asked, and each answer held to the interface.
struct ControlDesk {
    static let interface: VarlinkInterface = {
        guard let interface = try? VarlinkInterface(parsing: ControlService.interfaceDescription) else {
            preconditionFailure("the interface is none")
        }
        return interface
    }()
    private static let root = VarlinkPeer(pid: 1, uid: 0, gid: 0)
    private static let stranger = VarlinkPeer(pid: 2, uid: 4_000_000_000, gid: 65_534)
    private static let interfacePrefix = "org.campaignd."

    private let dispatcher: VarlinkDispatcher

    init(_ control: any Control) throws {
        let service = ControlService(
            control: control, access: { AccessPolicy(daemonUID: 900) }, userName: { $0 == 0 ? "root" : nil })
        dispatcher = try VarlinkDispatcher(
            services: [service],
            identity: VarlinkServerIdentity(vendor: "v", product: "p", version: "1", url: "https://example.org"))
    }

    /// The answer to a call of root's. A stream is read to its end.
    @discardableResult
    func ask(_ method: String, _ parameters: JSONObject, more: Bool = false) async throws(Finding) -> VarlinkReply {
        let call = Self.call(method, parameters, more: more)
        let answer = await dispatcher.answer(call, from: Self.root) { _ in }
        if let error = answer.error { try Self.checkError(error, answer, to: call) }
        return answer
    }

    /// The same call of somebody who may do nothing, which is refused.
    func askAsStranger(_ method: String, _ parameters: JSONObject) async throws(Finding) {
        let call = Self.call(method, parameters, more: false)
        let answer = await dispatcher.answer(call, from: Self.stranger) { _ in }
        try check(answer.error != nil, "\(method) answers a stranger")
    }

    private static func call(_ method: String, _ parameters: JSONObject, more: Bool) -> VarlinkCall {
        var parameters = parameters
        // A follower would wait for an event that never comes.
        if method == "Log", parameters["follow"] == true { parameters["follow"] = false }
        return VarlinkCall(method: interfacePrefix + method, parameters: parameters, more: more)
    }

    /// Replies are held to the interface by the dispatcher, which answers for one that does not fit as for a call that
    /// does not.
    private static func checkError(_ name: String, _ answer: VarlinkReply, to call: VarlinkCall) throws(Finding) {
        let length = answer.json.serialized.count
        let lengthLimit = 4_096
        try check(length <= lengthLimit, "\(call.method) is answered with an error of \(length) bytes: \(name)")
        if name == "org.varlink.service.InvalidParameter" {
            var fits = true
            do throws(VarlinkErrorReply) { try interface.check(call) } catch { fits = false }
            return try check(!fits, "\(call.method)'s answer does not fit: \(answer.parameters)")
        }
        guard name.hasPrefix(interfacePrefix) else {
            return try check(name == "org.varlink.service.ExpectedMore", "\(call.method) is answered with \(name)")
        }
        if case .string(let text)? = answer.parameters["text"] { try checkRefusal(Finding(description: text)) }
    }

    // MARK: A whole ledger

    /// Asks for everything that can be looked at, as far as the ledger lets it be read.
    func readAll() async throws(Finding) {
        for sort in ["name", "next", "created", "status"] {
            try await ask("List", ["all": true, "sort": .string(sort), "limit": 5], more: true)
        }
        for method in ["Count", "Next", "Status", "Sends", "Log", "Alerts", "ListMessages", "ListAudiences"] {
            try await ask(method, [:])
        }
        try await ask("Log", ["last": 5])
        for name in try await names() {
            for method in ["Show", "Check"] { try await ask(method, ["name": name]) }
        }
        for name in ["hello", "unpublished"] { try await ask("ShowMessage", ["name": .string(name)]) }
    }

    /// What is asked for a campaign at a time.
    func read(campaign: Int) async throws(Finding) {
        let names = try await names()
        guard !names.isEmpty else { return }
        let name = names[campaign % names.count]
        try await ask("Preview", ["name": name, "limit": 3])
        try await ask("Diff", ["name": name])
        for method in ["Sends", "Log", "Alerts"] { try await ask(method, ["campaign": name], more: true) }
        try await ask("Recipients", ["key": try await key(of: name)], more: true)
    }

    private func names() async throws(Finding) -> [JSONValue] {
        let list = try await ask("List", ["all": true])
        return list.parameters["campaigns"]?.arrayValue?.compactMap { $0["name"] } ?? []
    }

    private static let commands = [
        "Activate", "Unschedule", "Modify", "Discard", "Stop", "Pause", "Resume", "Archive", "Unarchive", "Delete",
        "Tag", "Cancel", "Acknowledge", "SendNow", "Trigger", "Retry", "Duplicate", "Apply", "Create", "SendProof",
        "PublishMessage", "TestSurface",
    ]

    /// One of the changes that there are, of the list's campaign of that number.
    func command(_ number: Int, campaign: Int) async throws(Finding) {
        let names = try await names()
        let name = names.isEmpty ? .string("daily") : names[campaign % names.count]
        let method = Self.commands[number % Self.commands.count]
        var parameters: JSONObject = ["name": name]
        switch method {
        case "Tag": parameters["add"] = ["new"]
        case "SendNow": (parameters["request_id"], parameters["again"]) = (.string("a:\(number)"), true)
        case "Trigger": parameters["request_id"] = .string("b:\(number)")
        case "Duplicate": parameters["new_name"] = .string("copy-\(number)")
        case "SendProof": (parameters["request_id"], parameters["to"]) = (.string("c"), "ada@example.org")
        case "TestSurface": parameters = ["name": "mail", "request_id": "d"]
        case "PublishMessage": parameters = ["name": "hello"]
        case "Create": parameters = ["campaign": ["name": .string("made-\(number)")]]
        case "Apply": parameters = ["campaign": ["name": name, "title": "Another", "schedule": ["every": "day"]]]
        case "Retry": parameters = ["key": try await key(of: name)]
        default: break
        }
        try await ask(method, parameters)
        if method == "Stop" { try await ask(method, ["name": name, "dry_run": true]) }
    }

    private func key(of name: JSONValue) async throws(Finding) -> JSONValue {
        let sends = try await ask("Sends", ["campaign": name])
        return sends.parameters["sends"]?.arrayValue?.first?["key"] ?? "none"
    }
}
