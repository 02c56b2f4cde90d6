/// One reply, as it goes over the wire (https://varlink.org/Method-Call).
public struct VarlinkReply: Sendable, Equatable {
    /// What the method gives back, or what describes the error.
    public var parameters: JSONObject
    /// Whether further replies to the same call follow.
    public var continues: Bool
    /// The whole name of the error (`org.campaignd.NotFound`), or nil for success.
    public var error: String?

    public init(parameters: JSONObject = [:], continues: Bool = false, error: String? = nil) {
        self.parameters = parameters
        self.continues = continues
        self.error = error
    }

    /// The last reply of a call that failed.
    public init(_ error: VarlinkErrorReply) {
        self.init(parameters: error.parameters, error: error.name)
    }
}

extension VarlinkReply {
    /// Reads a reply from its JSON object, with the same rule for unknown members as `VarlinkCall.init(_:)`.
    ///
    /// - Throws: `VarlinkMessageError` with the member that does not fit.
    public init(_ value: JSONValue) throws(VarlinkMessageError) {
        var members = try MessageMembers(value)
        self.init(
            parameters: try members.object("parameters"),
            continues: try members.flag("continues"),
            error: try members.string("error"))
        try members.finish()
    }

    /// The reply as a JSON object. `parameters` is always there: some clients want it.
    public var json: JSONValue {
        var members: JSONObject = ["parameters": .object(parameters)]
        if continues { members["continues"] = true }
        if let error { members["error"] = .string(error) }
        return .object(members)
    }
}
