/// The content of a TZif file as the file gives it, checked: RFC 8536 (versions 1 to 3) and RFC 9636
/// (version 4), section 3. Abbreviations and the standard/UT indicators are checked and dropped: no rule
/// here needs them.
struct TZifData {
    /// Seconds since the epoch at which the offset may change, strictly ascending.
    private(set) var transitions: [Int64] = []
    /// The offset from each transition on; as many as there are transitions.
    private(set) var offsetsAfter: [Int32] = []
    /// The offset before the first transition: local time type 0 (section 3.2).
    private(set) var firstOffset: Int32 = 0
    /// What holds after the last transition; nil in version 1 and where the footer is empty.
    private(set) var footer: PosixZoneRule?

    /// Each count of a header, at most. Files as large as they get ("fat", with every year to 2037) have
    /// some 240 transitions, 20 types and 60 characters; the limit keeps a hostile file from costing memory.
    static let countLimit = 10_000
    /// Offsets that RFC 8536, section 3.2, asks for: more than −25 hours, less than 26.
    static let offsetRange = -89_999...93_599

    /// The file of a zone that is always at UTC: two headers that count one type and four characters, each with its
    /// block, and a footer that says nothing more.
    static let utc: [UInt8] = {
        let counts: [UInt8] = [0, 0, 0, 0, 1, 4].flatMap { [0, 0, 0, $0] }
        let block = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15) + counts
            + [UInt8](repeating: 0, count: 6) + Array("UTC\0".utf8)
        return block + block + Array("\n\n".utf8)
    }()

    init(_ bytes: [UInt8]) throws(TZifError) {
        var reader = ByteReader(bytes)
        let first = try Header(&reader)
        if first.version == 1 {
            try read(first, wide: false, &reader)
            return
        }
        // Section 3.1: newer readers skip the 32-bit block, which may be empty.
        try reader.skip(first.blockLength(timeSize: 4))
        try read(try Header(&reader), wide: true, &reader)
        let text = try reader.line()
        footer = text.isEmpty ? nil : try PosixZoneRule(text)
        // Bytes after the footer are ignored: tzfile(5) keeps that place for later versions.
    }

    private mutating func read(_ header: Header, wide: Bool, _ reader: inout ByteReader) throws(TZifError) {
        guard header.leapCount == 0 else { throw .leapSeconds }
        transitions.reserveCapacity(header.timeCount)
        for _ in 0..<header.timeCount {
            let time = wide ? try reader.int64() : Int64(try reader.int32())
            if let last = transitions.last, time <= last {
                throw .malformed(field: "transition times", problem: "are not ascending")
            }
            transitions.append(time)
        }
        let types = try reader.take(header.timeCount)
        let offsets = try readTypes(header, &reader)
        for type in types {
            guard Int(type) < offsets.count else {
                throw .malformed(field: "transition types", problem: "name type \(type) of \(offsets.count)")
            }
            offsetsAfter.append(offsets[Int(type)])
        }
        firstOffset = offsets[0]
        let abbreviations = try reader.take(header.characterCount)
        guard abbreviations.last == 0 else {
            throw .malformed(field: "abbreviations", problem: "do not end with a NUL")
        }
        for byte in try reader.take(header.standardCount + header.utCount) where byte > 1 {
            throw .malformed(field: "indicators", problem: "hold \(byte) where 0 and 1 are allowed")
        }
    }

    private func readTypes(_ header: Header, _ reader: inout ByteReader) throws(TZifError) -> [Int32] {
        var offsets: [Int32] = []
        for _ in 0..<header.typeCount {
            let offset = try reader.int32()
            let isDaylight = try reader.byte()
            let abbreviation = try reader.byte()
            guard Self.offsetRange.contains(Int(offset)) else {
                throw .malformed(field: "an offset", problem: "is \(offset) s; −25 to 26 hours are allowed")
            }
            guard isDaylight <= 1 else {
                throw .malformed(field: "a daylight flag", problem: "is \(isDaylight); 0 and 1 are allowed")
            }
            guard Int(abbreviation) < header.characterCount else {
                throw .malformed(field: "an abbreviation", problem: "starts past the end of its table")
            }
            offsets.append(offset)
        }
        return offsets
    }
}

extension TZifData {
    /// The 44 bytes that precede each data block (section 3.1).
    private struct Header {
        let version: Int
        let utCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int

        init(_ reader: inout ByteReader) throws(TZifError) {
            guard reader.startsWith("TZif") else { throw .notTZif }
            try reader.skip(4)
            switch try reader.byte() {
            case 0: version = 1
            case let digit where (UInt8(ascii: "2")...UInt8(ascii: "4")).contains(digit): version = Int(digit) - 0x30
            case let other: throw .unknownVersion(other)
            }
            try reader.skip(15)
            utCount = try Self.count("UT indicators", &reader)
            standardCount = try Self.count("standard indicators", &reader)
            leapCount = try Self.count("leap seconds", &reader)
            timeCount = try Self.count("transitions", &reader)
            typeCount = try Self.count("types", &reader)
            characterCount = try Self.count("abbreviation characters", &reader)
            guard typeCount > 0, typeCount <= 256 else {
                throw .malformed(field: "the number of types", problem: "is \(typeCount); 1 to 256 are allowed")
            }
            guard characterCount > 0 else {
                throw .malformed(field: "the abbreviations", problem: "are missing")
            }
            for (field, count) in [("UT indicators", utCount), ("standard indicators", standardCount)] {
                guard count == 0 || count == typeCount else {
                    throw .malformed(field: field, problem: "are \(count) for \(typeCount) types")
                }
            }
        }

        private static func count(_ field: String, _ reader: inout ByteReader) throws(TZifError) -> Int {
            let count = Int(UInt32(bitPattern: try reader.int32()))
            guard count <= TZifData.countLimit else {
                throw .tooLarge(field: field, count: count, limit: TZifData.countLimit)
            }
            return count
        }

        /// The bytes of the block that follows; all counts are within the limit, so that it is small.
        func blockLength(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4)
                + standardCount + utCount
        }
    }

    /// Reads big-endian numbers; past the end it throws.
    private struct ByteReader {
        private let bytes: [UInt8]
        private var position = 0

        /// A footer is at most this long; the longest of the database has 45 bytes.
        private static let lineLimit = 256

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func startsWith(_ text: String) -> Bool {
            bytes[position...].starts(with: text.utf8)
        }

        mutating func take(_ count: Int) throws(TZifError) -> ArraySlice<UInt8> {
            guard count <= bytes.count - position else { throw .truncated }
            position += count
            return bytes[position - count..<position]
        }

        mutating func skip(_ count: Int) throws(TZifError) { _ = try take(count) }

        mutating func byte() throws(TZifError) -> UInt8 {
            guard position < bytes.count else { throw .truncated }
            position += 1
            return bytes[position - 1]
        }

        mutating func int32() throws(TZifError) -> Int32 {
            Int32(bitPattern: try take(4).reduce(0) { $0 << 8 | UInt32($1) })
        }

        mutating func int64() throws(TZifError) -> Int64 {
            Int64(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })
        }

        /// The text between two newlines (section 3.3).
        mutating func line() throws(TZifError) -> String {
            guard try byte() == 0x0A else { throw .malformed(field: "the footer", problem: "does not follow the data") }
            var text: [UInt8] = []
            while true {
                let next = try byte()
                if next == 0x0A { return String(decoding: text, as: UTF8.self) }
                guard text.count < Self.lineLimit else {
                    throw .tooLarge(field: "footer bytes", count: text.count + 1, limit: Self.lineLimit)
                }
                text.append(next)
            }
        }
    }
}
