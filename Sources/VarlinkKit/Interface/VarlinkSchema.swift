/// An interface made ready to hold calls and replies to it.
struct VarlinkSchema: Sendable {
    let name: String
    private let types: [String: VarlinkType]
    private let methods: [String: VarlinkInterface.Method]
    private let errors: [String: VarlinkInterface.ErrorDefinition]

    init(_ interface: VarlinkInterface) {
        name = interface.name
        types = Dictionary(interface.types.map { ($0.name, $0.type) }) { first, _ in first }
        methods = Dictionary(interface.methods.map { ($0.name, $0) }) { first, _ in first }
        errors = Dictionary(interface.errors.map { ($0.name, $0) }) { first, _ in first }
    }

    func method(_ name: String) -> VarlinkInterface.Method? {
        methods[name]
    }

    /// The path of what does not fit the fields, or nil where all fits: `schedule.at[1]`.
    func misfit(in parameters: JSONObject, _ fields: [VarlinkField]) -> String? {
        place(of: parameters, fields).map { String($0.dropFirst()) }
    }

    /// The path of what does not fit the error's declaration, or its own name where it is not declared.
    func misfit(in error: VarlinkErrorReply) -> String? {
        guard let dot = error.name.lastIndex(of: "."), error.name[..<dot] == name,
            let declared = errors[String(error.name[error.name.index(after: dot)...])]
        else { return error.name }
        return misfit(in: error.parameters, declared.parameters)
    }

    /// Where in the members something does not fit: `.name` and what follows. Paths are put together on the way back
    /// from a misfit, so that what fits costs no text.
    private func place(of members: JSONObject, _ fields: [VarlinkField]) -> String? {
        var known = 0
        for field in fields {
            guard let value = members[field.name] else {
                if case .optional = field.type { continue }
                return ".\(field.name)"
            }
            known += 1
            if let place = place(of: value, field.type) { return ".\(field.name)\(place)" }
        }
        if known == members.count { return nil }
        let names = Set(fields.map(\.name))
        // The smallest one, so that the same call gets the same answer every time.
        return members.keys.filter { !names.contains($0) }.min().map { ".\($0)" }
    }

    /// Where in the value something does not fit, empty for the value itself, nil where all fits. The recursion
    /// follows the value, whose depth `JSONLimits` bounds.
    private func place(of value: JSONValue, _ type: VarlinkType) -> String? {
        switch (type, value) {
        case (.bool, .bool), (.int, .int), (.float, .double), (.float, .int), (.string, .string), (.object, .object):
            return nil
        case (.named(let name), _):
            return types[name].map { place(of: value, $0) } ?? ""
        case (.structure(let fields), .object(let members)):
            return place(of: members, fields)
        case (.enumeration(let values), .string(let text)):
            return values.contains { $0.name == text } ? nil : ""
        case (.optional(let wrapped), _):
            return value.isNull ? nil : place(of: value, wrapped)
        case (.array(let element), .array(let elements)):
            for (index, value) in elements.enumerated() {
                if let place = place(of: value, element) { return "[\(index)]\(place)" }
            }
            return nil
        case (.dictionary(let element), .object(let members)):
            // The smallest one, as above.
            return members.compactMap { key, value in place(of: value, element).map { "[\(key)]\($0)" } }.min()
        case (.bool, _), (.int, _), (.float, _), (.string, _), (.object, _), (.structure, _), (.enumeration, _),
            (.array, _), (.dictionary, _):
            return ""
        }
    }
}

extension VarlinkInterface {
    /// Holds a call's parameters to the method that it names.
    ///
    /// - Throws: `org.varlink.service.MethodNotFound`, or `InvalidParameter` with the path of the first field that is
    ///   missing, unknown or of the wrong type: `schedule.at[1]`.
    public func check(_ call: VarlinkCall) throws(VarlinkErrorReply) {
        let schema = VarlinkSchema(self)
        guard call.interfaceName == name, let method = schema.method(call.memberName) else {
            throw .methodNotFound(call.method)
        }
        if let path = schema.misfit(in: call.parameters, method.input) { throw .invalidParameter(path) }
    }

    /// Holds a reply to the method that gave it: its output, or the error that the interface declares.
    ///
    /// - Throws: as `check(_:)` of a call does. For an error that is not declared, the parameter is its name.
    public func check(_ reply: VarlinkReply, to method: String) throws(VarlinkErrorReply) {
        let schema = VarlinkSchema(self)
        guard let declared = schema.method(method) else { throw .methodNotFound(method) }
        let path =
            if let error = reply.error {
                schema.misfit(in: VarlinkErrorReply(error, reply.parameters))
            } else {
                schema.misfit(in: reply.parameters, declared.output)
            }
        if let path { throw .invalidParameter(path) }
    }
}
