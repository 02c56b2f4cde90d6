/// One JSON value (RFC 8259).
///
/// Whole numbers that fit 64 bits are kept exact as `int`; every other number is a `double`.
///
///     let value: JSONValue = ["name": "spring", "version": 2, "tags": ["fr"], "end": nil]
///     value["version"]?.intValue      // 2
public enum JSONValue: Sendable, Equatable, Hashable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent, from -2^63 to 2^63-1.
    case int(Int64)
    /// Any other number. One that is not finite has no JSON form and is printed as `null`.
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

extension JSONValue {
    /// Whether this is JSON's `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The truth value, or nil for every other kind of value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The whole number, or nil for every other kind of value.
    public var intValue: Int64? {
        if case .int(let value) = self { value } else { nil }
    }

    /// The number, a whole one included, or nil for every other kind of value.
    public var doubleValue: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        case .null, .bool, .string, .array, .object: nil
        }
    }

    /// The text, or nil for every other kind of value.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, or nil for every other kind of value.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, or nil for every other kind of value.
    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name, or nil where there is none or where this is not an object.
    public subscript(key: String) -> JSONValue? {
        objectValue?[key]
    }

    /// What kind of value this is, for messages: `null`, `bool`, `int`, `float`, `string`, `array`, `object`.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) {
        self = .null
    }

    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    public init(integerLiteral value: Int64) {
        self = .int(value)
    }

    public init(floatLiteral value: Double) {
        self = .double(value)
    }

    public init(stringLiteral value: String) {
        self = .string(value)
    }

    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// Of a key that is written twice, the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(unordered: elements))
    }
}

extension JSONValue {
    /// The text, or `null` for nil.
    public init(_ value: String?) {
        self = value.map(JSONValue.string) ?? .null
    }

    /// The whole number, or `null` for nil.
    public init(_ value: Int?) {
        self = value.map { .int(Int64($0)) } ?? .null
    }

    /// The whole number, or `null` for nil.
    public init(_ value: Int64?) {
        self = value.map(JSONValue.int) ?? .null
    }

    /// The truth value, or `null` for nil.
    public init(_ value: Bool?) {
        self = value.map(JSONValue.bool) ?? .null
    }
}
