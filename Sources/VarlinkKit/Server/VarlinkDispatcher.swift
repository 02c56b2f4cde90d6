/// Finds the service of a call, and holds call and replies to its interface.
struct VarlinkDispatcher: Sendable {
    private struct Entry: Sendable {
        var schema: VarlinkSchema
        var service: any VarlinkService
    }

    private let entries: [String: Entry]
    /// The errors that any method may give, and whose parameters this module fills.
    private let standardErrors: VarlinkSchema

    init(services: [any VarlinkService], identity: VarlinkServerIdentity) throws(VarlinkServerError) {
        var entries: [String: Entry] = [:]
        var descriptions = [VarlinkIntrospection.name: VarlinkIntrospection.description]
        for service in services {
            let text = service.interfaceDescription
            let interface: VarlinkInterface
            do {
                interface = try VarlinkInterface(parsing: text)
            } catch {
                throw .invalidInterface(error)
            }
            guard descriptions.updateValue(text, forKey: interface.name) == nil else {
                throw .duplicateInterface(interface.name)
            }
            entries[interface.name] = Entry(schema: VarlinkSchema(interface), service: service)
        }
        let introspection = VarlinkIntrospection(identity: identity, descriptions: descriptions)
        do {
            standardErrors = VarlinkSchema(try VarlinkInterface(parsing: introspection.interfaceDescription))
        } catch {
            throw .invalidInterface(error)
        }
        entries[VarlinkIntrospection.name] = Entry(schema: standardErrors, service: introspection)
        self.entries = entries
    }

    /// The last reply to a call; those before it go to `sink`.
    func answer(
        _ call: VarlinkCall, from peer: VarlinkPeer,
        sink: @escaping @Sendable (VarlinkReply) async throws(VarlinkErrorReply) -> Void
    ) async -> VarlinkReply {
        guard let entry = entries[call.interfaceName] else {
            return VarlinkReply(.interfaceNotFound(call.interfaceName))
        }
        guard let method = entry.schema.method(call.memberName) else {
            return VarlinkReply(.methodNotFound(call.method))
        }
        // No other protocol can be spoken here, and to ignore the flag would leave the client talking it.
        if call.upgrade { return VarlinkReply(.methodNotImplemented(call.method)) }
        if let path = entry.schema.misfit(in: call.parameters, method.input) {
            return VarlinkReply(.invalidParameter(path))
        }
        let replies = VarlinkReplies(acceptsMore: call.more && !call.oneway) {
            parameters throws(VarlinkErrorReply) in
            if let path = entry.schema.misfit(in: parameters, method.output) { throw .invalidParameter(path) }
            try await sink(VarlinkReply(parameters: parameters, continues: true))
        }
        do {
            let parameters = try await entry.service.handle(call, from: peer, replies: replies)
            if let path = entry.schema.misfit(in: parameters, method.output) {
                return VarlinkReply(.invalidParameter(path))
            }
            return VarlinkReply(parameters: parameters)
        } catch {
            let schema = error.name.hasPrefix("\(VarlinkIntrospection.name).") ? standardErrors : entry.schema
            if let path = schema.misfit(in: error) { return VarlinkReply(.invalidParameter(path)) }
            return VarlinkReply(error)
        }
    }
}
