internal import CampaignModel

/// Comma-separated values, RFC 4180: the first line names the columns, each other record is a recipient.
///
/// Lines end with CR LF or LF, the last one perhaps with neither. A value in quotes may hold commas, line ends and,
/// each written twice, quotes. Blank lines are left out. What would have to be guessed at is a fault: a quote inside a
/// value without quotes, a carriage return by itself, a record with more or fewer fields than the header.
struct CSVReader {
    private enum State {
        /// At the first byte of a value.
        case start
        case plain, quoted
        /// After a quote inside a quoted value: its end, or the first of two.
        case quote
        case carriageReturn
    }

    /// Nil before the header line.
    private var names: [String]?
    private var state = State.start
    /// The record so far: its values as they are meant, a comma behind each.
    private var record: [UInt8] = []
    private var values: [Range<Int>] = []
    private var valueStart = 0
    private var hasQuotes = false
    private var line = 1
    private var recordLine = 1
    private var quoteLine = 1

    /// As ``RecipientReader/read(_:_:)``.
    mutating func read(
        _ bytes: ArraySlice<UInt8>, _ take: (RecipientRecord) -> Bool
    ) throws(RecipientFault) -> Bool {
        try bytes.withUnsafeBufferPointer { buffer throws(RecipientFault) in try read(buffer, take) }
    }

    private mutating func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ take: (RecipientRecord) -> Bool
    ) throws(RecipientFault) -> Bool {
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            switch state {
            case .start where byte == UInt8(ascii: "\""):
                (state, quoteLine, hasQuotes) = (.quoted, line, true)
                place += 1
            case .start, .plain:
                state = .plain
                let end = Self.endOfPlain(bytes, from: place)
                try keep(bytes[place..<end])
                place = end + 1
                guard end < bytes.count else { return true }
                guard try stop(at: bytes[end], take) else { return false }
            case .quoted:
                let end = endOfQuoted(bytes, from: place)
                try keep(bytes[place..<end])
                place = end + 1
                if end < bytes.count { state = .quote }
            case .quote, .carriageReturn:
                place += 1
                guard try stop(at: byte, take) else { return false }
            }
        }
        return true
    }

    mutating func finish(_ take: (RecipientRecord) -> Bool) throws(RecipientFault) {
        if case .quoted = state { throw RecipientFault(quoteLine, "begins a quoted value that never ends") }
        _ = try endRecord(take)
    }

    /// The next byte that may end a value without quotes. Every byte of a list comes by here or below.
    private static func endOfPlain(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while place < bytes.count {
            switch bytes[place] {
            case 0x2C, 0x0A, 0x0D, 0x22: return place  // , LF CR "
            default: place += 1
            }
        }
        return place
    }

    /// The next quote; counts the lines on the way.
    private mutating func endOfQuoted(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while place < bytes.count {
            switch bytes[place] {
            case 0x22: return place  // "
            case 0x0A: line += 1
            default: break
            }
            place += 1
        }
        return place
    }

    /// A byte that ends a value, or doesn't.
    private mutating func stop(
        at mark: UInt8, _ take: (RecipientRecord) -> Bool
    ) throws(RecipientFault) -> Bool {
        switch (state, mark) {
        case (.quote, UInt8(ascii: "\"")):
            try keep(CollectionOfOne(mark))
            state = .quoted
        case (.carriageReturn, UInt8(ascii: "\n")), (.plain, UInt8(ascii: "\n")), (.quote, UInt8(ascii: "\n")):
            defer { line += 1 }
            return try endRecord(take)
        case (.carriageReturn, _):
            throw RecipientFault(line, "has a carriage return without a line feed; lines end with LF or CR LF")
        case (_, UInt8(ascii: ",")):
            try endValue()
        case (_, UInt8(ascii: "\r")):
            state = .carriageReturn
        case (.quote, _):
            throw RecipientFault(line, "goes on after a value's closing quote; a quote in a value is written twice")
        default:
            throw RecipientFault(line, "has a quote inside a value; put the value in quotes and write that quote twice")
        }
        return true
    }

    private mutating func keep(_ bytes: some Collection<UInt8>) throws(RecipientFault) {
        guard record.count + bytes.count <= RecipientReader.recordBytes else {
            if case .quoted = state {
                throw RecipientFault(
                    quoteLine, "begins a quoted value that does not end within \(RecipientReader.recordBytes) bytes")
            }
            throw RecipientFault(recordLine, "begins a record of more than \(RecipientReader.recordBytes) bytes")
        }
        record.append(contentsOf: bytes)
    }

    private mutating func endValue() throws(RecipientFault) {
        values.append(valueStart..<record.count)
        // So that what is wrong on both sides of a comma never looks right together.
        record.append(UInt8(ascii: ","))
        valueStart = record.count
        state = .start
        guard values.count <= RecipientReader.columns else {
            throw RecipientFault(recordLine, "has more than \(RecipientReader.columns) fields")
        }
    }

    private mutating func endRecord(_ take: (RecipientRecord) -> Bool) throws(RecipientFault) -> Bool {
        try endValue()
        defer {
            record.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
            (valueStart, hasQuotes, recordLine) = (0, false, line + 1)
        }
        if values.count == 1, !hasQuotes, record.dropLast().allSatisfy(\.isBlank) { return true }
        try RecipientFault.checkText(record, from: recordLine)
        guard let names else {
            names = try header()
            return true
        }
        guard values.count == names.count else {
            throw RecipientFault(
                recordLine, "has \(Self.fields(values.count)); the header line names \(names.count)")
        }
        return take(RecipientRecord(line: recordLine, names: names, bytes: record, values: values, isJSON: false))
    }

    private static func fields(_ count: Int) -> String { count == 1 ? "1 field" : "\(count) fields" }

    private func header() throws(RecipientFault) -> [String] {
        let names = values.map { String(decoding: record[$0], as: UTF8.self) }
        var seen: Set<String> = []
        for (index, name) in names.enumerated() {
            guard !name.isEmpty else {
                throw RecipientFault(recordLine, "must name the columns, and has no name for column \(index + 1)")
            }
            guard seen.insert(name).inserted else {
                // A list without its header line begins with a person.
                let shown = name.contains("@") ? "the name of column \(index + 1)" : "\"\(FieldError.shown(name))\""
                throw RecipientFault(recordLine, "must name the columns, and has \(shown) twice")
            }
        }
        return names
    }
}
