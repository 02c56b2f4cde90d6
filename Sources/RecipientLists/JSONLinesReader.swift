/// JSON lines: each line that is not blank is one object, a recipient whose columns are the object's members.
struct JSONLinesReader {
    private var text: [UInt8] = []
    private var line = 1
    /// The last line's members as it wrote their names. Lists repeat them line by line, and making texts of them is
    /// half of the work.
    private var names: [String] = []
    private var writtenNames: [[UInt8]] = []

    /// As ``RecipientReader/read(_:_:)``.
    mutating func read(
        _ bytes: ArraySlice<UInt8>, _ take: (RecipientRecord) -> Bool
    ) throws(RecipientFault) -> Bool {
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try keep(rest[..<end])
            guard try endLine(take) else { return false }
            rest = rest[(end + 1)...]
        }
        try keep(rest)
        return true
    }

    mutating func finish(_ take: (RecipientRecord) -> Bool) throws(RecipientFault) {
        _ = try endLine(take)
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) throws(RecipientFault) {
        guard text.count + bytes.count <= RecipientReader.recordBytes else {
            throw RecipientFault(line, "has more than \(RecipientReader.recordBytes) bytes")
        }
        text += bytes
    }

    private mutating func endLine(_ take: (RecipientRecord) -> Bool) throws(RecipientFault) -> Bool {
        defer {
            text.removeAll(keepingCapacity: true)
            line += 1
        }
        guard !text.allSatisfy(\.isBlank) else { return true }
        try RecipientFault.checkText(text, from: line)
        guard let members = JSONText.members(of: text) else {
            throw RecipientFault(line, "is not a JSON object; each line must be one")
        }
        guard members.count <= RecipientReader.columns else {
            throw RecipientFault(line, "has more than \(RecipientReader.columns) members")
        }
        try takeNames(of: members.map(\.name))
        return take(
            RecipientRecord(line: line, names: names, bytes: text, values: members.map(\.value), isJSON: true))
    }

    private mutating func takeNames(of places: [Range<Int>]) throws(RecipientFault) {
        let areSame = places.count == writtenNames.count
            && zip(places, writtenNames).allSatisfy { text[$0].elementsEqual($1) }
        if areSame { return }
        writtenNames = places.map { Array(text[$0]) }
        names = writtenNames.map { JSONText.unescaped($0[...]) }
        guard Set(names).count == names.count else { throw RecipientFault(line, "has two members with one name") }
    }
}
