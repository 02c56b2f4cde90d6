/// An error as a method gives it back: its whole name and what describes it.
///
/// Services throw it, and the client throws it when a call is answered so.
///
///     throw VarlinkErrorReply("org.campaignd.NotFound", ["name": "spring"])
public struct VarlinkErrorReply: Error, Sendable, Equatable {
    /// The whole name, `org.campaignd.NotFound`.
    public var name: String
    /// What describes the error, as the interface declares it.
    public var parameters: JSONObject

    public init(_ name: String, _ parameters: JSONObject = [:]) {
        self.name = name
        self.parameters = parameters
    }
}

extension VarlinkErrorReply: CustomStringConvertible {
    /// The name alone: parameters may hold people's data.
    public var description: String {
        name
    }
}

/// The errors of `org.varlink.service` (https://varlink.org/Service).
extension VarlinkErrorReply {
    /// The requested interface is not one of this server's.
    public static func interfaceNotFound(_ interface: String) -> VarlinkErrorReply {
        .init("org.varlink.service.InterfaceNotFound", ["interface": .string(interface)])
    }

    /// The interface has no such method. `method` is given back as it was called.
    public static func methodNotFound(_ method: String) -> VarlinkErrorReply {
        .init("org.varlink.service.MethodNotFound", ["method": .string(method)])
    }

    /// The interface has the method, the service does not implement it.
    public static func methodNotImplemented(_ method: String) -> VarlinkErrorReply {
        .init("org.varlink.service.MethodNotImplemented", ["method": .string(method)])
    }

    /// A parameter is missing, unknown or of the wrong type. `parameter` is its path: `schedule.at[1]`.
    public static func invalidParameter(_ parameter: String) -> VarlinkErrorReply {
        .init("org.varlink.service.InvalidParameter", ["parameter": .string(parameter)])
    }

    /// The peer may not do this.
    public static var permissionDenied: VarlinkErrorReply {
        .init("org.varlink.service.PermissionDenied")
    }

    /// The method answers only calls that ask for several replies (`more`).
    public static var expectedMore: VarlinkErrorReply {
        .init("org.varlink.service.ExpectedMore")
    }

    /// The caller has left. `VarlinkReplies.send` throws it to end the handler; it never goes over the wire.
    public static var disconnected: VarlinkErrorReply {
        .init("disconnected")
    }
}
