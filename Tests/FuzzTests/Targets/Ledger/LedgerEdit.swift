import Recurrence

/// One change of a ledger that no daemon makes: to its bytes or, past every rule of its schema, to its rows. And what
/// is done with it after that.
enum LedgerEdit {
    case fileByte(offset: Int, value: UInt8)
    case logByte(offset: Int, value: UInt8)
    case cut(length: Int)
    /// A cell of one row, or of all (nil), gets this value.
    case cell(column: Int, row: Int?, LedgerValue)
    /// A cell gets the value of another one in its column.
    case copied(column: Int, from: Int, to: Int)
    case removed(table: Int, row: Int)
    case command(Int, campaign: Int)
    case wait(seconds: Int64)

    private static let waits: [Int64] = [
        1, 59, 3_601, 86_400, 40 * 86_400, 400 * 86_400, -3_600, -90 * 86_400, 100 * 366 * 86_400,
        Instant.latest.secondsSinceEpoch,
    ]

    /// What one input may change and do: enough for two rows that contradict each other.
    static let limit = 12

    /// The edits that the bytes mean: any bytes mean some.
    static func read(_ bytes: ArraySlice<UInt8>) -> [LedgerEdit] {
        var reader = EditReader(rest: bytes)
        var edits: [LedgerEdit] = []
        while edits.count < limit, let kind = reader.byte() {
            switch kind % 10 {
            case 0: edits.append(.fileByte(offset: reader.number(), value: reader.byte() ?? 0))
            case 1: edits.append(.logByte(offset: reader.number(), value: reader.byte() ?? 0))
            case 2: edits.append(.cut(length: reader.number()))
            case 3, 4: edits.append(.cell(column: reader.index(), row: reader.index(), reader.value()))
            case 5: edits.append(.cell(column: reader.index(), row: nil, reader.value()))
            case 6: edits.append(.copied(column: reader.index(), from: reader.index(), to: reader.index()))
            case 7: edits.append(.removed(table: reader.index(), row: reader.index()))
            case 8: edits.append(.command(reader.index(), campaign: reader.index()))
            default: edits.append(.wait(seconds: waits[reader.index() % waits.count]))
            }
        }
        return edits
    }
}

private struct EditReader {
    var rest: ArraySlice<UInt8>

    mutating func byte() -> UInt8? { rest.popFirst() }
    mutating func index() -> Int { Int(byte() ?? 0) }
    mutating func number() -> Int { index() << 16 | index() << 8 | index() }

    mutating func value() -> LedgerValue {
        let kind = index()
        if kind < LedgerValue.known.count { return LedgerValue.known[kind] }
        let own = rest.prefix(index())
        rest = rest.dropFirst(own.count)
        switch kind % 3 {
        case 0: return .text(String(decoding: own, as: UTF8.self))
        case 1: return .bytes(Array(own))
        default: return .number(own.prefix(8).reduce(0) { $0 << 8 | Int64($1) })
        }
    }
}

/// What a cell may hold, whatever its column is for.
enum LedgerValue {
    case null
    case number(Int64)
    case text(String)
    case bytes([UInt8])

    /// Values that mean something somewhere, and those at the ends.
    static let known: [LedgerValue] = [.null, .bytes([]), .bytes([0xFF])]
        + numbers.map { .number($0) } + texts.map { .text($0) }

    private static let numbers: [Int64] = [
        0, 1, -1, 2, 3, 100, 101, 4_294_967_295, 4_294_967_296, .max, .max - 1, .min, 1 << 53,
        Instant.earliest.secondsSinceEpoch, Instant.latest.secondsSinceEpoch, Instant.latest.secondsSinceEpoch + 1,
        LedgerSeed.now.secondsSinceEpoch, LedgerSeed.now.secondsSinceEpoch - 86_400,
        LedgerSeed.now.secondsSinceEpoch + 86_400,
    ]

    private static let texts = [
        "", "x", "é", "a/b", "draft", "scheduled", "activating", "active", "stopped", "completed", "archived",
        "claimed", "queued", "running", "waiting", "sent", "failed", "missed", "skipped", "cancelled", "interrupted",
        "schedule", "send-now", "trigger", "alerts", "test", "hello", "unpublished", "mail", "people", "email",
        "one-shot", "recurring", "triggered", "error", "warning", "send-failed", "schedule-stuck", "launcher-down",
        "alert-raised", "UTC", "Europe/Paris", "Ünï/Code", "2026-12-07T09:00:00", "9999-12-31T23:59:59",
        "0001-01-01T00:00:00", "now/a", "{}", #"{"type":"triggered"}"#, #"{"schedule":{"rrule":"FREQ=SECONDLY"}}"#,
        #"{"schedule":{"every":"day","timezone":"Ünï/Code"}}"#, #"{"schedule":{"timezone":"Europe/Paris"}}"#,
        #"{"schedule":{"rrule":"FREQ=YEARLY;COUNT=3","timezone":"Europe/Paris"},"retries":"100"}"#,
        #"{"surface":"mail","audience":"people","message":"hello","on_interrupt":"retry","retries":"100"}"#,
    ]
}
