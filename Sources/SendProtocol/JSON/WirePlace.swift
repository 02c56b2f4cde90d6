import JSONTokens

/// A place in JSON that is being written, and what was put there.
final class WirePlace {
    private enum Content {
        case nothing
        case text(String)
        /// JSON already.
        case word(String)
        case object([(name: String, place: WirePlace)])
        case list([WirePlace])
    }

    private var content = Content.nothing

    func put(_ text: String) { content = .text(text) }
    func put(number: some FixedWidthInteger) { content = .word(String(number)) }
    func put(_ flag: Bool) { content = .word(flag ? "true" : "false") }
    func putNull() { content = .word("null") }

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
    func write(to writer: inout JSONWriter) {
        switch content {
        case .nothing: writer.word("{}")
        case .text(let text): writer.string(text)
        case .word(let word): writer.word(word)
        case .object(let members):
            writer.list(members.sorted { $0.name < $1.name }, from: "{", to: "}") { writer, member in
                writer.string(member.name)
                writer.mark(":")
                member.place.write(to: &writer)
            }
        case .list(let places):
            writer.list(places, from: "[", to: "]") { writer, place in place.write(to: &writer) }
        }
    }
}
