/// Makes values of JSON that was read; each place in it is a decoder of its own.
struct WireDecoder: Decoder {
    let value: WireValue
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return KeyedDecodingContainer(WireMembers(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .list(let values) = value else { throw mismatch("a list") }
        return WireElements(values: values, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func flag() throws -> Bool {
        guard case .flag(let flag) = value else { throw mismatch("true or false") }
        return flag
    }

    func text() throws -> String {
        guard case .text(let text) = value else { throw mismatch("a text") }
        return text
    }

    /// A whole number may be written as 3.0 or 3e0, too, as far as a double holds it.
    func number<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        guard case .number(let text) = value else { throw mismatch("a whole number") }
        if let number = Number(text) ?? Double(text).flatMap(Number.init(exactly:)) { return number }
        throw DecodingError.dataCorruptedError(in: self, debugDescription: "\(text) is no \(type)")
    }

    func number<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ type: Number.Type) throws -> Number {
        guard case .number(let text) = value, let number = Number(text) else { throw mismatch("a number") }
        return number
    }

    private func mismatch(_ wanted: String) -> DecodingError {
        .typeMismatch(
            WireValue.self, DecodingError.Context(codingPath: codingPath, debugDescription: "\(wanted) is needed"))
    }
}

extension WireDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool {
        if case .null = value { true } else { false }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }
    func decode(_ type: Bool.Type) throws -> Bool { try self.flag() }
    func decode(_ type: String.Type) throws -> String { try self.text() }
    func decode(_ type: Double.Type) throws -> Double { try self.number(type) }
    func decode(_ type: Float.Type) throws -> Float { try self.number(type) }
    func decode(_ type: Int.Type) throws -> Int { try self.number(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try self.number(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try self.number(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try self.number(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try self.number(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try self.number(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try self.number(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try self.number(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try self.number(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try self.number(type) }
}
