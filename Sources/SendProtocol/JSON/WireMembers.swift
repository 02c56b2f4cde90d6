/// The members of an object that was read.
struct WireMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [(name: String, value: WireValue)]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.name) } }

    func contains(_ key: Key) -> Bool { member(key) != nil }

    private func member(_ key: Key) -> WireValue? {
        let name = key.stringValue
        return members.first { $0.name == name }?.value
    }

    private func at(_ key: Key) throws -> WireDecoder {
        guard let value = member(key) else {
            throw DecodingError.keyNotFound(
                key, DecodingError.Context(codingPath: codingPath, debugDescription: "no such member"))
        }
        return WireDecoder(value: value, codingPath: codingPath + [key])
    }

    func decodeNil(forKey key: Key) throws -> Bool { try at(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try Value(from: at(key))
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<NestedKey> { try at(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try at(key).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { WireDecoder(value: .object(members), codingPath: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try at(key) }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try at(key).flag() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try at(key).text() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try at(key).number(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try at(key).number(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try at(key).number(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try at(key).number(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try at(key).number(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try at(key).number(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try at(key).number(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try at(key).number(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try at(key).number(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try at(key).number(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try at(key).number(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try at(key).number(type) }
}
