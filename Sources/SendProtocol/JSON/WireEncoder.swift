/// Writes values as JSON; each place in it is an encoder of its own.
struct WireEncoder: Encoder {
    let place: WirePlace
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        place.becomeObject()
        return KeyedEncodingContainer(WireObject(place: place, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        place.becomeList()
        return WireList(place: place, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Nothing of the protocol has fractions.
    static func fraction(_ value: some BinaryFloatingPoint, _ path: [any CodingKey]) -> EncodingError {
        .invalidValue(value, EncodingError.Context(codingPath: path, debugDescription: "no fractions are written"))
    }
}

extension WireEncoder: SingleValueEncodingContainer {
    func encodeNil() { place.putNull() }
    func encode(_ value: some Encodable) throws { try value.encode(to: self) }
    func encode(_ value: Bool) { place.put(value) }
    func encode(_ value: String) { place.put(value) }
    func encode(_ value: Double) throws { throw WireEncoder.fraction(value, codingPath) }
    func encode(_ value: Float) throws { throw WireEncoder.fraction(value, codingPath) }
    func encode(_ value: Int) { place.put(number: value) }
    func encode(_ value: Int8) { place.put(number: value) }
    func encode(_ value: Int16) { place.put(number: value) }
    func encode(_ value: Int32) { place.put(number: value) }
    func encode(_ value: Int64) { place.put(number: value) }
    func encode(_ value: UInt) { place.put(number: value) }
    func encode(_ value: UInt8) { place.put(number: value) }
    func encode(_ value: UInt16) { place.put(number: value) }
    func encode(_ value: UInt32) { place.put(number: value) }
    func encode(_ value: UInt64) { place.put(number: value) }
}
