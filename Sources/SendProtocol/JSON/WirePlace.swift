/// A place in JSON that is being written, and what was put there.
final class WirePlace {
    private enum Content {
        case nothing
        /// JSON already.
        case leaf([UInt8])
        case object([(name: String, place: WirePlace)])
        case list([WirePlace])
    }

    private var content = Content.nothing

    func put(_ text: String) {
        var bytes: [UInt8] = []
        Self.write(text, to: &bytes)
        content = .leaf(bytes)
    }

    func put(number: some FixedWidthInteger) { content = .leaf(Array(String(number).utf8)) }
    func put(_ flag: Bool) { content = .leaf(Array((flag ? "true" : "false").utf8)) }
    func putNull() { content = .leaf(Array("null".utf8)) }

    /// From here on an object, where it is none yet: a value may be coded in parts.
    func becomeObject() {
        if case .object = content { return }
        content = .object([])
    }

    func becomeList() {
        if case .list = content { return }
        content = .list([])
    }

    /// The place of that member; one of that name that is there already is replaced.
    func member(_ name: String) -> WirePlace {
        guard case .object(var members) = content else { preconditionFailure("only objects have members") }
        content = .nothing  // so that the array is not copied
        defer { content = .object(members) }
        let place = WirePlace()
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].place = place
        } else {
            members.append((name, place))
        }
        return place
    }

    func element() -> WirePlace {
        guard case .list(var places) = content else { preconditionFailure("only lists have elements") }
        content = .nothing
        defer { content = .list(places) }
        let place = WirePlace()
        places.append(place)
        return place
    }

    var count: Int {
        if case .list(let places) = content { places.count } else { 0 }
    }

    /// A value that coded nothing is an empty object.
    func write(to bytes: inout [UInt8]) {
        switch content {
        case .nothing: bytes += "{}".utf8
        case .leaf(let leaf): bytes += leaf
        case .object(let members):
            var mark = UInt8(ascii: "{")
            for member in members.sorted(by: { $0.name < $1.name }) {
                bytes.append(mark)
                mark = UInt8(ascii: ",")
                Self.write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.place.write(to: &bytes)
            }
            bytes += members.isEmpty ? "{}".utf8 : "}".utf8
        case .list(let places):
            bytes.append(UInt8(ascii: "["))
            for (number, place) in places.enumerated() {
                if number > 0 { bytes.append(UInt8(ascii: ",")) }
                place.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }

    /// With its quotes, and the escapes without which it would be no JSON.
    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += "\\b".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0C: bytes += "\\f".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0..<0x20:
                bytes += (byte < 0x10 ? "\\u000" : "\\u00").utf8
                bytes += String(byte, radix: 16).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
