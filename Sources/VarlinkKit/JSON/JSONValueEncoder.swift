/// A place that one value is encoded into. Containers fill it while the value's `encode` runs.
final class JSONEncoderSlot {
    private enum Content {
        case empty
        case value(JSONValue)
        case array([JSONEncoderSlot])
        case object([String: JSONEncoderSlot])
    }

    private var content = Content.empty

    var isEmpty: Bool {
        if case .empty = content { true } else { false }
    }

    /// What was encoded; a type that encodes nothing at all is an empty object, as an empty structure is.
    var value: JSONValue {
        switch content {
        case .empty: .object([:])
        case .value(let value): value
        case .array(let slots): .array(slots.map(\.value))
        case .object(let slots): .object(slots.mapValues(\.value))
        }
    }

    var count: Int {
        if case .array(let slots) = content { slots.count } else { 0 }
    }

    func becomeObject() {
        if case .object = content { return }
        content = .object([:])
    }

    func becomeArray() {
        if case .array = content { return }
        content = .array([])
    }

    func member(_ key: String) -> JSONEncoderSlot {
        guard case .object(var slots) = content else { return JSONEncoderSlot() }
        let slot = JSONEncoderSlot()
        content = .empty  // so that the dictionary is not copied
        slots[key] = slot
        content = .object(slots)
        return slot
    }

    func appended() -> JSONEncoderSlot {
        guard case .array(var slots) = content else { return JSONEncoderSlot() }
        let slot = JSONEncoderSlot()
        content = .empty
        slots.append(slot)
        content = .array(slots)
        return slot
    }

    func setNull() {
        content = .value(.null)
    }

    func set<Value: Encodable>(_ value: Value, at path: [any CodingKey]) throws {
        switch value {
        case let value as JSONValue: content = .value(value)
        case let value as Bool: content = .value(.bool(value))
        case let value as String: content = .value(.string(value))
        case let value as Double: content = .value(try Self.number(value, of: value, at: path))
        case let value as Float: content = .value(try Self.number(Double(value), of: value, at: path))
        case let value as any FixedWidthInteger:
            guard let number = Int64(exactly: value) else {
                throw EncodingError.invalidValue(
                    value, .init(codingPath: path, debugDescription: "\(value) does not fit 64 bits with a sign"))
            }
            content = .value(.int(number))
        default:
            try value.encode(to: JSONValueEncoder(slot: self, codingPath: path))
        }
    }

    private static func number(
        _ number: Double, of value: any Encodable, at path: [any CodingKey]
    ) throws -> JSONValue {
        guard number.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: path, debugDescription: "JSON has no number \(number)"))
        }
        return .double(number)
    }
}

/// Encodes into `JSONValue`. Foundation's encoder would bring Foundation into each program, and go through text.
struct JSONValueEncoder: Encoder {
    let slot: JSONEncoderSlot
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] {
        [:]
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        slot.becomeObject()
        return KeyedEncodingContainer(Keyed<Key>(slot: slot, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        slot.becomeArray()
        return Unkeyed(slot: slot, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        Single(slot: slot, codingPath: codingPath)
    }

    private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let slot: JSONEncoderSlot
        let codingPath: [any CodingKey]

        func encodeNil(forKey key: Key) {
            slot.member(key.stringValue).setNull()
        }

        func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
            try slot.member(key.stringValue).set(value, at: codingPath + [key])
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) -> KeyedEncodingContainer<NestedKey> {
            encoder(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            encoder(key).unkeyedContainer()
        }

        func superEncoder() -> any Encoder {
            encoder(JSONSuperKey())
        }

        func superEncoder(forKey key: Key) -> any Encoder {
            encoder(key)
        }

        private func encoder(_ key: any CodingKey) -> JSONValueEncoder {
            JSONValueEncoder(slot: slot.member(key.stringValue), codingPath: codingPath + [key])
        }
    }

    private struct Unkeyed: UnkeyedEncodingContainer {
        let slot: JSONEncoderSlot
        let codingPath: [any CodingKey]

        var count: Int {
            slot.count
        }

        func encodeNil() {
            slot.appended().setNull()
        }

        func encode<Value: Encodable>(_ value: Value) throws {
            let path = codingPath + [JSONIndexKey(count)]
            try slot.appended().set(value, at: path)
        }

        func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            encoder().container(keyedBy: type)
        }

        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            encoder().unkeyedContainer()
        }

        func superEncoder() -> any Encoder {
            encoder()
        }

        private func encoder() -> JSONValueEncoder {
            let path = codingPath + [JSONIndexKey(count)]
            return JSONValueEncoder(slot: slot.appended(), codingPath: path)
        }
    }

    private struct Single: SingleValueEncodingContainer {
        let slot: JSONEncoderSlot
        let codingPath: [any CodingKey]

        func encodeNil() {
            slot.setNull()
        }

        func encode<Value: Encodable>(_ value: Value) throws {
            try slot.set(value, at: codingPath)
        }
    }
}
