/// The values of a list that was read, one after the other.
struct WireElements: UnkeyedDecodingContainer {
    let values: [WireValue]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(values: [WireValue], codingPath: [any CodingKey]) {
        self.values = values
        self.codingPath = codingPath
    }

    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex == values.count }

    private func current() throws -> WireDecoder {
        let path = codingPath + [WireIndex(currentIndex)]
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                WireValue.self, DecodingError.Context(codingPath: path, debugDescription: "the list has ended"))
        }
        return WireDecoder(value: values[currentIndex], codingPath: path)
    }

    /// Goes on where the value could be taken.
    private mutating func next<Value>(_ take: (WireDecoder) throws -> Value) throws -> Value {
        let value = try take(current())
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        let isNil = try current().decodeNil()
        if isNil { currentIndex += 1 }
        return isNil
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next { try Value(from: $0) } }

    mutating func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type
    ) throws -> KeyedDecodingContainer<NestedKey> { try next { try $0.container(keyedBy: type) } }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next { $0 } }
    mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.flag() } }
    mutating func decode(_ type: String.Type) throws -> String { try next { try $0.text() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.number(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try next { try $0.number(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.number(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.number(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.number(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.number(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.number(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.number(type) } }
}
