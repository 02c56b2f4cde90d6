/// A list that is being written.
struct WireList: UnkeyedEncodingContainer {
    let place: WirePlace
    let codingPath: [any CodingKey]

    var count: Int { place.count }

    private func next() -> WireEncoder {
        let path = codingPath + [WireIndex(count)]
        return WireEncoder(place: place.element(), codingPath: path)
    }

    func encodeNil() { place.element().putNull() }
    func encode(_ value: some Encodable) throws { try value.encode(to: next()) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        next().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    func superEncoder() -> any Encoder { next() }
    func encode(_ value: Bool) { place.element().put(value) }
    func encode(_ value: String) { place.element().put(value) }
    func encode(_ value: Double) throws { throw WireEncoder.fraction(value, codingPath) }
    func encode(_ value: Float) throws { throw WireEncoder.fraction(value, codingPath) }
    func encode(_ value: Int) { place.element().put(number: value) }
    func encode(_ value: Int8) { place.element().put(number: value) }
    func encode(_ value: Int16) { place.element().put(number: value) }
    func encode(_ value: Int32) { place.element().put(number: value) }
    func encode(_ value: Int64) { place.element().put(number: value) }
    func encode(_ value: UInt) { place.element().put(number: value) }
    func encode(_ value: UInt8) { place.element().put(number: value) }
    func encode(_ value: UInt16) { place.element().put(number: value) }
    func encode(_ value: UInt32) { place.element().put(number: value) }
    func encode(_ value: UInt64) { place.element().put(number: value) }
}
