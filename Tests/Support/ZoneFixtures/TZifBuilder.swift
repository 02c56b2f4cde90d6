/// Writes TZif files (RFC 8536) for tests: whole ones, and ones with a fault.
package struct TZifBuilder {
    package var version: UInt8 = UInt8(ascii: "2")
    package var transitions: [(second: Int64, type: UInt8)] = []
    package var types: [(offset: Int32, isDaylight: UInt8, abbreviation: UInt8)] = [(0, 0, 0)]
    package var abbreviations: [UInt8] = Array("LMT\0".utf8)
    package var leapSeconds = 0
    package var standardIndicators: [UInt8] = []
    package var footer: String? = ""

    package init() {}

    package var bytes: [UInt8] {
        guard version != 0 else { return block(wide: false) }
        var first = TZifBuilder()
        first.version = version
        return first.block(wide: false) + block(wide: true) + (footer.map { Array("\n\($0)\n".utf8) } ?? [])
    }

    private func block(wide: Bool) -> [UInt8] {
        var result = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
        let counts = [
            0, standardIndicators.count, leapSeconds, transitions.count, types.count, abbreviations.count,
        ]
        for count in counts { result += Self.bigEndian(Int64(count), 4) }
        for transition in transitions { result += Self.bigEndian(transition.second, wide ? 8 : 4) }
        result += transitions.map(\.type)
        for type in types { result += Self.bigEndian(Int64(type.offset), 4) + [type.isDaylight, type.abbreviation] }
        result += abbreviations
        for _ in 0..<leapSeconds { result += [UInt8](repeating: 0, count: wide ? 12 : 8) }
        return result + standardIndicators
    }

    private static func bigEndian(_ value: Int64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
    }
}
