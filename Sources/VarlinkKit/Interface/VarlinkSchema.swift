/// An interface made ready to hold calls and replies to it: every name of a type is looked up once, here.
struct VarlinkSchema: Sendable {
    /// What a method takes and gives: fields in the order of their names, as the members of an object are.
    struct Method: Sendable {
        let input: [Field]
        let output: [Field]
    }

    struct Field: Sendable {
        let name: String
        let shape: ShapePlace
    }

    /// Where a shape is among all of them. Shapes refer to each other so: a reply is held to a hundred of them, and to
    /// keep each alive meanwhile costs more than to look at it.
    typealias ShapePlace = Int

    /// A type whose names are looked up.
    enum Shape: Sendable {
        case bool, int, float, string, object
        /// One that the interface defines: it may hold itself.
        case defined(ShapePlace)
        /// A name that the interface does not define: nothing fits it.
        case undefined
        case structure([Field])
        case enumeration(Set<String>)
        case optional(ShapePlace)
        case array(ShapePlace)
        case dictionary(ShapePlace)
    }

    let name: String
    /// The interface's own types come first, in their order.
    private let shapes: [Shape]
    private let methods: [String: Method]
    private let errors: [String: [Field]]

    init(_ interface: VarlinkInterface) {
        name = interface.name
        let places = Dictionary(interface.types.enumerated().map { ($1.name, $0) }) { first, _ in first }
        var shapes = Array(repeating: Shape.undefined, count: interface.types.count)
        func fields(_ fields: [VarlinkField]) -> [Field] {
            fields.map { Field(name: $0.name, shape: place($0.type)) }.sorted { $0.name < $1.name }
        }
        func place(_ type: VarlinkType) -> ShapePlace {
            let shape = shape(type)
            shapes.append(shape)
            return shapes.count - 1
        }
        func shape(_ type: VarlinkType) -> Shape {
            switch type {
            case .bool: .bool
            case .int: .int
            case .float: .float
            case .string: .string
            case .object: .object
            case .named(let name): places[name].map { .defined($0) } ?? .undefined
            case .structure(let members): .structure(fields(members))
            case .enumeration(let values): .enumeration(Set(values.map(\.name)))
            case .optional(let wrapped): .optional(place(wrapped))
            case .array(let element): .array(place(element))
            case .dictionary(let element): .dictionary(place(element))
            }
        }
        for (place, type) in interface.types.enumerated() { shapes[place] = shape(type.type) }
        methods = Dictionary(
            interface.methods.map { ($0.name, Method(input: fields($0.input), output: fields($0.output))) }
        ) { first, _ in first }
        errors = Dictionary(interface.errors.map { ($0.name, fields($0.parameters)) }) { first, _ in first }
        self.shapes = shapes
    }

    func method(_ name: String) -> Method? {
        methods[name]
    }

    /// The path of what does not fit the fields, or nil where all fits: `schedule.at[1]`. Of several the first one, by
    /// the names of the members.
    func misfit(in parameters: JSONObject, _ fields: [Field]) -> String? {
        place(of: parameters, fields).map { String($0.dropFirst()) }
    }

    /// The path of what does not fit the error's declaration, or its own name where it is not declared.
    func misfit(in error: VarlinkErrorReply) -> String? {
        guard let dot = error.name.lastIndex(of: "."), error.name[..<dot] == name,
            let declared = errors[String(error.name[error.name.index(after: dot)...])]
        else { return error.name }
        return misfit(in: error.parameters, declared)
    }

    /// Where in the members something does not fit: `.name` and what follows. Paths are put together on the way back
    /// from a misfit, so that what fits costs no text.
    private func place(of members: JSONObject, _ fields: [Field]) -> String? {
        var index = members.startIndex
        for field in fields {
            if index < members.endIndex {
                let (key, value) = members[index]
                if key == field.name {
                    if let place = place(of: value, field.shape) { return ".\(key)\(place)" }
                    index += 1
                    continue
                }
                if key < field.name { return ".\(key)" }
            }
            if case .optional = shapes[field.shape] { continue }
            return ".\(field.name)"
        }
        return index < members.endIndex ? ".\(members[index].key)" : nil
    }

    /// Where in the value something does not fit, empty for the value itself, nil where all fits. The recursion
    /// follows the value, whose depth `JSONLimits` bounds.
    private func place(of value: JSONValue, _ shape: ShapePlace) -> String? {
        switch shapes[shape] {
        case .bool: if case .bool = value { return nil }
        case .int: if case .int = value { return nil }
        case .float: if case .double = value { return nil } else if case .int = value { return nil }
        case .string: if case .string = value { return nil }
        case .object: if case .object = value { return nil }
        case .defined(let place): return self.place(of: value, place)
        case .undefined: break
        case .structure(let fields): if case .object(let members) = value { return place(of: members, fields) }
        case .enumeration(let values): if case .string(let text) = value, values.contains(text) { return nil }
        case .optional(let wrapped): return value.isNull ? nil : place(of: value, wrapped)
        case .array(let element): if case .array(let elements) = value { return place(of: elements, element) }
        case .dictionary(let element):
            guard case .object(let members) = value else { break }
            for (key, value) in members {
                if let place = place(of: value, element) { return "[\(key)]\(place)" }
            }
            return nil
        }
        return ""
    }

    private func place(of elements: [JSONValue], _ shape: ShapePlace) -> String? {
        for (index, value) in elements.enumerated() {
            if let place = place(of: value, shape) { return "[\(index)]\(place)" }
        }
        return nil
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
