/// One interface: what a `.varlink` file describes (https://varlink.org/Interface-Definition).
public struct VarlinkInterface: Sendable, Equatable {
    /// The name in reverse-domain notation, `org.campaignd`.
    public var name: String
    /// The comment before the interface, without `#`, lines joined by a line feed; empty where there is none.
    public var documentation: String
    /// Types, methods and errors in the order of the file.
    public var members: [Member]

    /// A type, a method or an error.
    public enum Member: Sendable, Equatable {
        case type(TypeDefinition)
        case method(Method)
        case error(ErrorDefinition)
    }

    /// A named type: a structure or an enumeration.
    public struct TypeDefinition: Sendable, Equatable {
        public var name: String
        public var documentation: String
        public var type: VarlinkType

        public init(name: String, documentation: String = "", type: VarlinkType) {
            self.name = name
            self.documentation = documentation
            self.type = type
        }
    }

    /// A method with what it takes and what it gives back.
    public struct Method: Sendable, Equatable {
        public var name: String
        public var documentation: String
        public var input: [VarlinkField]
        public var output: [VarlinkField]

        public init(name: String, documentation: String = "", input: [VarlinkField] = [], output: [VarlinkField] = []) {
            self.name = name
            self.documentation = documentation
            self.input = input
            self.output = output
        }
    }

    /// An error with what describes it.
    public struct ErrorDefinition: Sendable, Equatable {
        public var name: String
        public var documentation: String
        public var parameters: [VarlinkField]

        public init(name: String, documentation: String = "", parameters: [VarlinkField] = []) {
            self.name = name
            self.documentation = documentation
            self.parameters = parameters
        }
    }

    public init(name: String, documentation: String = "", members: [Member] = []) {
        self.name = name
        self.documentation = documentation
        self.members = members
    }
}

extension VarlinkInterface {
    /// The types in the order of the file.
    public var types: [TypeDefinition] {
        members.compactMap { if case .type(let type) = $0 { type } else { nil } }
    }

    /// The methods in the order of the file.
    public var methods: [Method] {
        members.compactMap { if case .method(let method) = $0 { method } else { nil } }
    }

    /// The errors in the order of the file.
    public var errors: [ErrorDefinition] {
        members.compactMap { if case .error(let error) = $0 { error } else { nil } }
    }
}

extension VarlinkInterface.Member {
    /// The name of the type, method or error; the three share one space of names.
    public var name: String {
        switch self {
        case .type(let type): type.name
        case .method(let method): method.name
        case .error(let error): error.name
        }
    }
}
