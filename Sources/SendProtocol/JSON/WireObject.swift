/// An object that is being written.
struct WireObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let place: WirePlace
    let codingPath: [any CodingKey]

    private func member(_ key: Key) -> WirePlace { place.member(key.stringValue) }
    private func at(_ key: Key) -> WireEncoder { WireEncoder(place: member(key), codingPath: codingPath + [key]) }

    func encodeNil(forKey key: Key) { member(key).putNull() }
    func encode(_ value: some Encodable, forKey key: Key) throws { try value.encode(to: at(key)) }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy type: NestedKey.Type, forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> { at(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { at(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { WireEncoder(place: place, codingPath: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder { at(key) }
    func encode(_ value: Bool, forKey key: Key) { member(key).put(value) }
    func encode(_ value: String, forKey key: Key) { member(key).put(value) }
    func encode(_ value: Double, forKey key: Key) throws { throw WireEncoder.fraction(value, codingPath) }
    func encode(_ value: Float, forKey key: Key) throws { throw WireEncoder.fraction(value, codingPath) }
    func encode(_ value: Int, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: Int8, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: Int16, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: Int32, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: Int64, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: UInt, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: UInt8, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: UInt16, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: UInt32, forKey key: Key) { member(key).put(number: value) }
    func encode(_ value: UInt64, forKey key: Key) { member(key).put(number: value) }
}
