/// One method call, as it goes over the wire (https://varlink.org/Method-Call).
public struct VarlinkCall: Sendable, Equatable {
    /// The whole name, `org.campaignd.List`: the interface's name, a dot, and the method's name.
    public var method: String
    /// What the method takes. Absent on the wire means empty.
    public var parameters: JSONObject
    /// Whether the caller takes several replies.
    public var more: Bool
    /// Whether the caller takes no reply at all.
    public var oneway: Bool
    /// Whether the caller wants to speak another protocol on this connection afterwards. This server refuses it.
    public var upgrade: Bool

    public init(
        method: String, parameters: JSONObject = [:], more: Bool = false, oneway: Bool = false, upgrade: Bool = false
    ) {
        self.method = method
        self.parameters = parameters
        self.more = more
        self.oneway = oneway
        self.upgrade = upgrade
    }

    /// The interface's part of `method`: all before its last dot, empty where there is no dot.
    public var interfaceName: String {
        lastDot.map { String(method[..<$0]) } ?? ""
    }

    /// The method's own name: all after the last dot of `method`.
    public var memberName: String {
        lastDot.map { String(method[method.utf8.index(after: $0)...]) } ?? method
    }

    /// Looked for among the bytes, which costs a tenth of looking for it among the characters.
    private var lastDot: String.Index? { method.utf8.lastIndex(of: UInt8(ascii: ".")) }

    /// Refuses a call that did not ask for several replies, for methods that answer only so.
    ///
    /// - Throws: `org.varlink.service.ExpectedMore`.
    public func requireMore() throws(VarlinkErrorReply) {
        if !more { throw .expectedMore }
    }
}

extension VarlinkCall {
    /// Reads a call from its JSON object.
    ///
    /// A member that the protocol does not know is refused, unless it is an object under a name with a dot
    /// (a vendor's extension), which is ignored.
    ///
    /// - Throws: `VarlinkMessageError` with the member that does not fit.
    public init(_ value: JSONValue) throws(VarlinkMessageError) {
        var members = try MessageMembers(value)
        guard let method = try members.string("method") else { throw .missing("method") }
        self.init(
            method: method,
            parameters: try members.object("parameters"),
            more: try members.flag("more"),
            oneway: try members.flag("oneway"),
            upgrade: try members.flag("upgrade"))
        try members.finish()
    }

    /// The call as a JSON object; flags that are not set, and empty parameters, are left out.
    public var json: JSONValue {
        var members: JSONObject = ["method": .string(method)]
        if !parameters.isEmpty { members["parameters"] = .object(parameters) }
        if more { members["more"] = true }
        if oneway { members["oneway"] = true }
        if upgrade { members["upgrade"] = true }
        return .object(members)
    }
}
