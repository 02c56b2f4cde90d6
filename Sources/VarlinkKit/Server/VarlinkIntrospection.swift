/// `org.varlink.service`, which every server has (https://varlink.org/Service).
struct VarlinkIntrospection: VarlinkService {
    static let name = "org.varlink.service"

    static let description = """
        # What every Varlink service tells of itself.
        interface org.varlink.service

        # Who made the service, and the names of its interfaces.
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # The description of one interface.
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The service has no such interface.
        error InterfaceNotFound (interface: string)

        # The interface has no such method.
        error MethodNotFound (method: string)

        # The interface has the method, but the service does not implement it.
        error MethodNotImplemented (method: string)

        # A parameter is missing, unknown or of the wrong type.
        error InvalidParameter (parameter: string)

        # The client may not do this.
        error PermissionDenied ()

        # The method answers only calls that ask for several replies.
        error ExpectedMore ()

        """

    let identity: VarlinkServerIdentity
    /// The text of each interface by its name.
    let descriptions: [String: String]

    var interfaceDescription: String {
        Self.description
    }

    func handle(
        _ call: VarlinkCall, from peer: VarlinkPeer, replies: VarlinkReplies
    ) async throws(VarlinkErrorReply) -> JSONObject {
        switch call.memberName {
        case "GetInfo":
            return [
                "vendor": .string(identity.vendor), "product": .string(identity.product),
                "version": .string(identity.version), "url": .string(identity.url),
                "interfaces": .array(interfaces.map(JSONValue.string)),
            ]
        case "GetInterfaceDescription":
            guard case .string(let interface)? = call.parameters["interface"] else {
                throw .invalidParameter("interface")
            }
            guard let description = descriptions[interface] else { throw .interfaceNotFound(interface) }
            return ["description": .string(description)]
        default:
            throw .methodNotFound(call.method)
        }
    }

    /// This one first, as its page asks; the others sorted.
    private var interfaces: [String] {
        [Self.name] + descriptions.keys.filter { $0 != Self.name }.sorted()
    }
}
