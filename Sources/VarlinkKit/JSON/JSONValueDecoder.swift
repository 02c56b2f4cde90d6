/// Decodes out of `JSONValue`. Foundation's decoder would bring Foundation into each program, and go through text.
struct JSONValueDecoder: Decoder {
    let value: JSONValue
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] {
        [:]
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch(JSONObject.self, "object") }
        return KeyedDecodingContainer(Keyed<Key>(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch([JSONValue].self, "array") }
        return Unkeyed(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        Single(decoder: self)
    }

    /// The value as that type: primitives here, all else by its own `init(from:)`.
    func unwrap<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let result: Any?
        switch type {
        case is JSONValue.Type: result = value
        case is Bool.Type: result = value.boolValue
        case is String.Type: result = value.stringValue
        case is Double.Type: result = value.doubleValue
        case is Float.Type: result = value.doubleValue.map { Float($0) }
        case let integer as any FixedWidthInteger.Type: result = try whole(integer)
        default: return try Value(from: self)
        }
        guard let fitting = result as? Value else { throw mismatch(type, "\(type)") }
        return fitting
    }

    private func whole<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number? {
        guard let number = value.intValue else { return nil }
        guard let fitting = Number(exactly: number) else {
            let range = "\(Number.min)...\(Number.max)"
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath, debugDescription: "\(number) is not within \(range)"))
        }
        return fitting
    }

    private func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "expected \(expected), found \(value.kind)")
        return value.isNull ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let members: JSONObject
        let codingPath: [any CodingKey]

        var allKeys: [Key] {
            members.keys.sorted().compactMap { Key(stringValue: $0) }
        }

        func contains(_ key: Key) -> Bool {
            members[key.stringValue] != nil
        }

        func decodeNil(forKey key: Key) throws -> Bool {
            try decoder(key).value.isNull
        }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try decoder(key).unwrap(type)
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<NestedKey> {
            try decoder(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder {
            try decoder(JSONSuperKey())
        }

        func superDecoder(forKey key: Key) throws -> any Decoder {
            try decoder(key)
        }

        private func decoder(_ key: any CodingKey) throws -> JSONValueDecoder {
            guard let value = members[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key, .init(codingPath: codingPath, debugDescription: "\"\(key.stringValue)\" is missing"))
            }
            return JSONValueDecoder(value: value, codingPath: codingPath + [key])
        }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let elements: [JSONValue]
        let codingPath: [any CodingKey]
        private(set) var currentIndex = 0

        init(elements: [JSONValue], codingPath: [any CodingKey]) {
            self.elements = elements
            self.codingPath = codingPath
        }

        var count: Int? {
            elements.count
        }

        var isAtEnd: Bool {
            currentIndex == elements.count
        }

        /// Moves on only past a null, as `UnkeyedDecodingContainer` asks.
        mutating func decodeNil() throws -> Bool {
            let isNull = try decoder(JSONValue.self).value.isNull
            if isNull { currentIndex += 1 }
            return isNull
        }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let value = try decoder(type).unwrap(type)
            currentIndex += 1
            return value
        }

        mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
            let container = try decoder(JSONObject.self).container(keyedBy: type)
            currentIndex += 1
            return container
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            let container = try decoder([JSONValue].self).unkeyedContainer()
            currentIndex += 1
            return container
        }

        mutating func superDecoder() throws -> any Decoder {
            let decoder = try decoder(JSONValue.self)
            currentIndex += 1
            return decoder
        }

        private func decoder(_ type: any Any.Type) throws -> JSONValueDecoder {
            let path = codingPath + [JSONIndexKey(currentIndex)]
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    type, .init(codingPath: path, debugDescription: "the array has \(elements.count) elements"))
            }
            return JSONValueDecoder(value: elements[currentIndex], codingPath: path)
        }
    }

    private struct Single: SingleValueDecodingContainer {
        let decoder: JSONValueDecoder

        var codingPath: [any CodingKey] {
            decoder.codingPath
        }

        func decodeNil() -> Bool {
            decoder.value.isNull
        }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try decoder.unwrap(type)
        }
    }
}
