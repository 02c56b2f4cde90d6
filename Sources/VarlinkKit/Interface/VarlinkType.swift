/// The type of a value in an interface (https://varlink.org/Interface-Definition).
public indirect enum VarlinkType: Sendable, Equatable {
    /// `true` or `false`.
    case bool
    /// A whole number of 64 bits.
    case int
    /// Any number.
    case float
    /// Text.
    case string
    /// A JSON object of any shape.
    case object
    /// A structure or enumeration that the interface defines under that name.
    case named(String)
    /// An object with these fields and no others.
    case structure([VarlinkField])
    /// A text that is one of these.
    case enumeration([VarlinkEnumerationValue])
    /// The value, or `null`, or nothing at all: `?T`.
    case optional(VarlinkType)
    /// A list: `[]T`.
    case array(VarlinkType)
    /// An object with any keys and values of one type: `[string]T`.
    case dictionary(VarlinkType)
}

/// One field of a structure.
public struct VarlinkField: Sendable, Equatable {
    public var name: String
    /// The comment before the field, without `#`; empty where there is none.
    public var documentation: String
    public var type: VarlinkType

    public init(_ name: String, _ type: VarlinkType, documentation: String = "") {
        self.name = name
        self.type = type
        self.documentation = documentation
    }
}

/// One value of an enumeration.
public struct VarlinkEnumerationValue: Sendable, Equatable {
    public var name: String
    /// The comment before the value, without `#`; empty where there is none.
    public var documentation: String

    public init(_ name: String, documentation: String = "") {
        self.name = name
        self.documentation = documentation
    }
}
