public import JSONTokens

extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly: the whole input, in UTF-8, keys not repeated, white space around it
    /// allowed.
    ///
    /// - Throws: `JSONError` with the reason and the place.
    public init(
        parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()
    ) throws(JSONError) {
        self = try JSONParser.parse(Array(bytes), limits: limits)
    }

    /// Reads one JSON text. See `init(parsing:limits:)`.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }
}

/// A recursive descent over the bytes; its depth is bounded by `JSONLimits.depth`.
struct JSONParser {
    private var text: JSONReader
    private let limits: JSONLimits
    private var values = 0
    /// How many members the last object at each depth had: the objects of a list are alike, and a dictionary that has
    /// its size from the beginning is not rehashed while it grows. What is set aside too much is no more than the
    /// object before had.
    private var lastCounts: [Int]
    /// The list whose objects are kept as lines, see ``parse(_:limits:linesOf:)``.
    private let listed: JSONListPath?
    private var lines: [UInt8] = []
    /// Whether the object that is read is the one that the list is a member of.
    private var isAtList = false

    /// The value, but for the objects of one list of it, which are left out there and given as lines of JSON: each as
    /// its value is printed. Where it is written so already it is not read into a value at all.
    static func parse(
        _ bytes: [UInt8], limits: JSONLimits, linesOf list: JSONListPath
    ) throws(JSONError) -> (value: JSONValue, lines: [UInt8]) {
        try parse(bytes, limits: limits, listed: list)
    }

    static func parse(_ bytes: [UInt8], limits: JSONLimits) throws(JSONError) -> JSONValue {
        try parse(bytes, limits: limits, listed: nil).value
    }

    private static func parse(
        _ bytes: [UInt8], limits: JSONLimits, listed: JSONListPath?
    ) throws(JSONError) -> (value: JSONValue, lines: [UInt8]) {
        try JSONReader.read(bytes[...]) { text throws(JSONError) in
            var parser = JSONParser(text: text, limits: limits, listed: listed)
            let value = try parser.value()
            text = parser.text
            return (value, parser.lines)
        }
    }

    private init(text: JSONReader, limits: JSONLimits, listed: JSONListPath?) {
        self.text = text
        self.limits = limits
        self.listed = listed
        lastCounts = Array(repeating: 0, count: limits.depth + 1)
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        text.skipSpace()
        try count()
        switch try text.token() {
        case .object: return try object()
        case .array: return try array()
        case .string: return .string(try text.string())
        case .number: return try number()
        case .flag(let flag): return .bool(flag)
        case .null: return .null
        }
    }

    private mutating func count() throws(JSONError) {
        values += 1
        if values > limits.values { throw text.fault(.tooManyValues(limit: limits.values)) }
    }

    private mutating func begins(to end: Unicode.Scalar) throws(JSONError) -> Bool {
        if text.depth == limits.depth { throw text.fault(.tooDeep(limit: limits.depth)) }
        return text.begins(to: end)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        guard try begins(to: "}") else { return .object([:]) }
        let depth = text.depth
        var members: [(String, JSONValue)] = []
        members.reserveCapacity(lastCounts[depth])
        // All keys so far, once one of them did not come in order: one that comes twice is found by that.
        var keys: Set<String>?
        repeat {
            text.skipSpace()
            let start = text.position
            let key = try text.string()
            try text.colon()
            let member = try member(key)
            if keys == nil, let last = members.last, last.0 >= key { keys = Set(members.map(\.0)) }
            // RFC 8259 section 4 leaves repeated keys open; two readers that differ in them are an attack.
            if keys?.insert(key).inserted == false { throw JSONError(reason: .duplicateKey(key), offset: start) }
            members.append((key, member))
        } while try text.goesOn(to: "}")
        lastCounts[depth] = members.count
        return .object(JSONObject(unordered: members))
    }

    /// The value of a member of the object that is open.
    private mutating func member(_ key: String) throws(JSONError) -> JSONValue {
        guard let listed, text.depth <= 2 else { return try value() }
        if text.depth == 1, key == listed.object {
            isAtList = true
            defer { isAtList = false }
            return try value()
        }
        guard text.depth == 2, isAtList, key == listed.list else { return try value() }
        text.skipSpace()
        guard text.next == UInt8(ascii: "[") else { return try value() }
        try count()
        return try array(takesLines: true)
    }

    /// Takes an object as a line if it is written so, and as a value else.
    private mutating func line() throws(JSONError) -> JSONValue? {
        text.skipSpace()
        let start = text.position
        let inside = limits.depth - text.depth
        let canonical = CanonicalJSON.object(at: start, in: text.bytes, depth: inside)
        if let canonical, values + canonical.values <= limits.values {
            lines.append(contentsOf: text.bytes[start..<canonical.end])
            values += canonical.values
            text.position = canonical.end
        } else {
            let value = try value()
            guard case .object = value else { return value }
            lines.append(contentsOf: value.serialized)
        }
        lines.append(UInt8(ascii: "\n"))
        return nil
    }

    private mutating func array(takesLines: Bool = false) throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        guard try begins(to: "]") else { return .array(elements) }
        repeat {
            if let element = try takesLines ? line() : value() { elements.append(element) }
        } while try text.goesOn(to: "]")
        return .array(elements)
    }
}

// MARK: - Numbers

extension JSONParser {
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = text.position
        let (digits, isWhole) = try text.number()
        if isWhole {
            if let value = Self.whole(digits) { return .int(value) }
        } else if let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite {
            return .double(value)
        }
        throw JSONError(reason: .numberOutOfRange, offset: start)
    }

    /// The number of these decimal digits, with its sign; nil where it does not fit.
    private static func whole(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        // Counted downwards, since there is one more number below zero than above.
        var value: Int64 = 0
        for digit in text.dropFirst(isNegative ? 1 : 0) {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (difference, isBeyond) = product.subtractingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            if overflows || isBeyond { return nil }
            value = difference
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
