public import CampaignModel
public import Recurrence
public import SystemdKit

/// What an attempt keeps of its recipients, and knows of them from the attempts before it: who is to be sent to, who
/// has an end already, and what came of each.
///
///     let log = try RecipientLog(of: accepted, boot: try Machine.bootID())
///     log.beginPass()
///     if log.judge("ann@example.org") == .send { batch.append((row: 1, address: "ann@example.org")) }
///     try log.begin(batch)                  // synced: whatever happens now, nobody of the batch is forgotten
///     try log.hand([1])                     // before its first byte goes out
///     log.note(1, .accepted, at: now, reason: "250 2.0.0 Ok")
///     try log.flush()
///     try log.close()
///
/// Of a sender that is killed, those are unknown that were handed over and have no result; after a power cut, all that
/// were begun and have none.
public final class RecipientLog {
    private let file: any RecordFile
    /// With its room for what was begun; the file may be longer than what is written.
    private var size = 0
    private var pending: [UInt8] = []
    private var table = RecipientTable()
    private var pass = 0
    /// Up to here an earlier attempt told of those whom it left out.
    private let knownRow: Int
    private var open: [Int: String] = [:]

    /// How many addresses have come to each state, all attempts together.
    public private(set) var counts: [RecipientState: Int] = [:]

    /// What is to be done with an address of the list.
    public enum Judgement: Hashable, Sendable {
        case send
        /// It has its end, or is not to be tried in this pass.
        case settled
        /// It came before in this pass.
        case repeated
    }

    /// Makes the attempt's file, and reads those of the attempts before.
    ///
    /// - Parameter boot: this boot of the machine, as Machine.bootID() has it.
    public init(of accepted: AcceptedAttempt, boot: String) throws(SystemError) {
        let number = accepted.attempt.number
        let history = try RecipientHistory(of: accepted.folder, boot: boot, before: number)
        var table = RecipientTable()
        var counts: [RecipientState: Int] = [:]
        knownRow = try history.readAll { result in
            Self.note(result.state, of: result.address, pass: nil, &table, &counts)
        }
        self.table = table
        self.counts = counts
        file = try accepted.folder.disk.create(accepted.folder.path(number, .recipients))
        try append(RecipientFile.header(boot: boot))
        try file.sync()
        try accepted.folder.sync()
    }

    // MARK: The list

    /// Makes room for a list of that length.
    public func expect(_ recipients: Int) { table.reserve(recipients) }

    /// From here on the list is gone over once more: first for all, then for those that were refused for now.
    public func beginPass() { pass += 1 }

    /// Judges an address of the list.
    public func judge(_ address: String) -> Judgement {
        var note = RecipientNote(table[address])
        if note.pass == RecipientNote.number(ofPass: pass) { return .repeated }
        let isNew = note.state == nil
        note.pass = RecipientNote.number(ofPass: pass)
        table[address] = note.raw
        // Who came to the list meanwhile came too late.
        if pass > 1, isNew { return .settled }
        return note.state.map { !$0.isSettled } ?? true ? .send : .settled
    }

    /// Notes a line of the list for which nobody gets anything. What an earlier attempt told is not told again.
    ///
    /// - Parameters:
    ///   - row: of the list, from 1.
    ///   - state: ``RecipientState/isOfLine``.
    public func leaveOut(_ row: Int, _ state: RecipientState, _ address: String, reason: String?, at now: Instant) {
        guard pass == 1, row > knownRow else { return }
        counts[state, default: 0] += 1
        pending += RecipientLine.leftOut(row: row, state, at: now, address: address, reason: reason).bytes
    }

    /// Notes that an address gets nothing, since it wants no mail: one that was just judged, or begun and not handed
    /// over.
    ///
    /// - Parameter row: of the list, from 1.
    public func suppress(_ row: Int, _ address: String, reason: String?, at now: Instant) {
        let wasBegun = open.removeValue(forKey: row) != nil
        guard wasBegun || RecipientNote(table[address]).state != .suppressed else { return }
        pending += RecipientLine.leftOut(row: row, .suppressed, at: now, address: address, reason: reason).bytes
        Self.note(.suppressed, of: address, pass: pass, &table, &counts)
    }

    // MARK: What is sent

    /// Notes whom the next messages are for. On return that is synced, and there is room for what comes of them.
    ///
    /// - Parameter batch: rows of the list, from 1, each with an address of at most 320 bytes without control
    ///   characters.
    /// - Throws: ``SystemError``; then none of them may be sent.
    public func begin(_ batch: [(row: Int, address: String)]) throws(SystemError) {
        for (row, address) in batch {
            precondition(
                !address.utf8.contains { $0 < 0x20 } && address.utf8.count <= RecipientResult.addressBytes,
                "an address is part of a line")
            pending += RecipientLine.begun(row: row, address: address).bytes
        }
        try file.reserve(size + pending.count + (open.count + batch.count) * Self.roomForOne)
        try flush()
        try file.sync()
        for (row, address) in batch { open[row] = address }
    }

    /// What comes of one who was begun: ``hand(_:)`` and a result.
    private static let roomForOne = 2 * RecipientLine.maximumBytes

    /// Notes that messages go out from now on, before their first byte does.
    public func hand(_ rows: [Int]) throws(SystemError) {
        for row in rows { pending += RecipientLine.handed(row: row).bytes }
        try flush()
    }

    /// Notes the result of one who was begun.
    public func note(_ row: Int, _ state: RecipientState, reason: String?, at now: Instant) {
        guard let address = open.removeValue(forKey: row) else { preconditionFailure("row \(row) was not begun") }
        pending += RecipientLine.result(row: row, state, at: now, reason: reason).bytes
        Self.note(state, of: address, pass: pass, &table, &counts)
    }

    /// Notes that nothing was sent to one who was begun.
    public func withdraw(_ row: Int) {
        guard open.removeValue(forKey: row) != nil else { preconditionFailure("row \(row) was not begun") }
        pending += RecipientLine.notSent(row: row).bytes
    }

    /// Writes what was noted, so that the end of this process loses none of it.
    public func flush() throws(SystemError) {
        guard !pending.isEmpty else { return }
        let bytes = pending
        pending.removeAll(keepingCapacity: true)
        try append(bytes)
    }

    /// Writes and syncs all of it, and gives back the room that was not needed.
    public func close() throws(SystemError) {
        try flush()
        try file.truncate(to: size)
        try file.sync()
    }

    private func append(_ bytes: [UInt8]) throws(SystemError) {
        try file.write(bytes)
        size += bytes.count
    }

    private static func note(
        _ state: RecipientState, of address: String, pass: Int?, _ table: inout RecipientTable,
        _ counts: inout [RecipientState: Int]
    ) {
        counts[state, default: 0] += 1
        if state.isOfLine { return }
        var note = RecipientNote(table[address])
        if let before = note.state { counts[before, default: 0] -= 1 }
        note.state = state
        if let pass { note.pass = RecipientNote.number(ofPass: pass) }
        table[address] = note.raw
    }
}

/// What the table holds of an address: its state, and the pass in which the list had it last.
private struct RecipientNote {
    var state: RecipientState?
    var pass: UInt16

    private static let states: [RecipientState?] = [nil, .accepted, .refused, .temporary, .unknown, .suppressed]
    private static let stateBits: UInt16 = 3
    private static let passes = Int(UInt16.max >> stateBits)

    init(_ raw: UInt16?) {
        let raw = raw ?? 0
        state = Self.states[Int(raw & (1 << Self.stateBits - 1))]
        pass = raw >> Self.stateBits
    }

    var raw: UInt16 {
        let index = Self.states.firstIndex(of: state) ?? 0
        return pass << Self.stateBits | UInt16(index)
    }

    /// From 1; no send goes over its list so often that a number comes again.
    static func number(ofPass pass: Int) -> UInt16 { UInt16((pass - 1) % passes + 1) }
}
