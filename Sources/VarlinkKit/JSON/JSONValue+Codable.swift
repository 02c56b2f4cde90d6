extension JSONValue: Codable {
    /// Reads any value of another format; in order of trial: null, bool, whole number, number, text, list, object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode(JSONObject.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue {
    /// The JSON form of a value, without a text in between.
    ///
    ///     let parameters = try JSONValue(encoding: ListRequest(status: "active")).objectValue
    ///
    /// An optional that is nil is left out where its type's `encode` is the compiler's own.
    ///
    /// - Throws: `EncodingError` where a whole number does not fit 64 bits, a number is not finite, or the value
    ///   encodes nothing; and what the value's own `encode` throws.
    public init(encoding value: some Encodable) throws {
        let slot = JSONEncoderSlot()
        try slot.set(value, at: [])
        self = slot.value
    }

    /// The value of a type whose JSON form this is.
    ///
    ///     let request = try JSONValue.object(call.parameters).decoded(as: ListRequest.self)
    ///
    /// - Throws: `DecodingError` with the path of what is missing or does not fit.
    public func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
        try JSONValueDecoder(value: self, codingPath: []).unwrap(type)
    }
}

/// A key of a list's element, for the paths in errors.
struct JSONIndexKey: CodingKey {
    let intValue: Int?

    var stringValue: String {
        "[\(intValue ?? 0)]"
    }

    init(_ index: Int) {
        intValue = index
    }

    init?(intValue: Int) {
        self.intValue = intValue
    }

    init?(stringValue: String) {
        nil
    }
}

/// The key under which a class keeps its parent.
struct JSONSuperKey: CodingKey {
    let stringValue = "super"
    let intValue: Int? = nil

    init() {}

    init?(stringValue: String) {
        nil
    }

    init?(intValue: Int) {
        nil
    }
}
