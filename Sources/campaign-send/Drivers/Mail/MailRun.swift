import CampaignModel
import Glibc
import Mail
import RecipientLists
import Recurrence
import SendProtocol
import SendRecords
import SystemdKit

/// A send by mail under way: one loop over the list, the relay, the time, and whoever wants it to end. The list is gone
/// over once for all, and again for those whom the relay put off.
final class MailRun {
    struct Limits {
        let timeout: Duration
        /// How often those who were put off are tried again.
        let retries: Int

        /// As the daemon's, which the sender does not know.
        static let defaultRetries = 3
    }

    typealias Compose = (
        MailAddress, Instant, (String) -> String?
    ) throws(MailMessageError) -> MailMessage

    private let send: RunningSend
    private let recipients: MailDriver.Recipients
    private let transport: any MailTransport
    private let log: RecipientLog
    /// Nil for a proof: who asked for it named the one whom it goes to.
    private let suppressed: SuppressedAddresses?
    private let pace: SharedPace?
    private let envelopeFrom: String
    private let limits: Limits
    private let compose: Compose
    private let started = ContinuousClock.now

    /// Noted as begun, and not yet handed over.
    private var waiting: ArraySlice<Begun> = []
    /// Rows that the transport has.
    private var underWay: Set<Int> = []
    private var nextDue: ContinuousClock.Instant?
    /// How many the list has; nil where that is not known before its end.
    private var total: Int64?
    private var doubt = RelayDoubt()
    private var nextLook = ContinuousClock.now
    private var wasWoken = true
    private var end: End?
    private var abandonAt: ContinuousClock.Instant?

    private struct Begun {
        let entry: MailList.Entry
        let address: MailAddress
    }

    /// So many are noted and synced at once: what a power cut may leave unknown.
    private static let batch = 200
    /// So many lines of the list are judged in a turn: those who are done already cost no time to speak of, and there
    /// may be a million of them.
    private static let judgedInTurn = 10_000
    /// Well below what a person notices.
    private static let lookInterval = Duration.milliseconds(20)

    init(
        _ send: RunningSend, to recipients: MailDriver.Recipients, by transport: any MailTransport, log: RecipientLog,
        suppressed: SuppressedAddresses?, pace: SharedPace?,
        envelopeFrom: String, limits: Limits, compose: @escaping Compose
    ) {
        self.send = send
        self.recipients = recipients
        self.transport = transport
        self.log = log
        self.suppressed = suppressed
        self.pace = pace
        self.envelopeFrom = envelopeFrom
        self.limits = limits
        self.compose = compose
    }

    func run() -> AttemptOutcome {
        countList()
        var number = 0
        while end == nil {
            number += 1
            log.beginPass()
            pass()
            guard end == nil, count(.temporary) > 0, number <= limits.retries else { break }
            rest(before: number + 1)
        }
        transport.finish()
        for begun in waiting { log.withdraw(begun.entry.row) }
        do throws(SystemError) {
            try log.close()
        } catch {
            end = end ?? .disk(error)
        }
        report(evenEarly: true)
        return outcome
    }

    private func pass() {
        do throws(SystemError) {
            let list = try makeList()
            while !isOver(list) { try turn(list) }
            list.finish()
            refuse(doubt.release())
            if let fault = list.fault, end == nil { end = .list(fault) }
        } catch {
            end = .disk(error)
            // What is on its way is not called back; there is room for what comes of it.
            transport.stop()
            drain()
            refuse(doubt.release())
        }
    }

    private func makeList() throws(SystemError) -> MailList {
        switch recipients {
        case .list(let source, let audience): try .reading(source, of: audience)
        case .one(let address): MailList(of: address)
        case .nobody: preconditionFailure("who reaches nobody has no list")
        }
    }

    /// A file is read once before, so that everybody sees how much is to be done; a program is asked once alone.
    private func countList() {
        guard case .list(.file, _) = recipients, let list = try? makeList() else { return }
        var count: Int64 = 0
        while end == nil, !list.isDone {
            look()
            list.advance()
            while list.next() != nil { count += 1 }
            if !list.isDone { _ = Poll.wait(interests + list.interests, timeout: started + limits.timeout - .now) }
        }
        list.finish()
        guard end == nil, list.fault == nil else { return }
        total = count
        log.expect(Int(count))
    }

    private func isOver(_ list: MailList) -> Bool {
        guard underWay.isEmpty else { return false }
        return end != nil || list.fault != nil || (waiting.isEmpty && list.isDone)
    }

    private func turn(_ list: MailList) throws(SystemError) {
        look()
        if wasWoken || list.wantsMore { list.advance() }
        if end == nil, list.fault == nil {
            if waiting.isEmpty { try begin(list) }
            try hand()
        }
        // What came of the last ones, where nobody was handed over after them.
        try log.flush()
        // Nothing would end the waiting.
        if isOver(list) { return }
        let canGoOn = end == nil && waiting.isEmpty && !list.isDone && list.interests.isEmpty
        var until = started + limits.timeout
        if let nextDue { until = min(until, nextDue) }
        if let due = send.progressDue { until = min(until, due) }
        if let abandonAt { until = min(until, abandonAt) }
        if canGoOn { until = .now }
        let results = transport.turn(interests + list.interests, until: until)
        wasWoken = results.isEmpty
        note(results)
        report()
    }

    private var interests: [(descriptor: CInt, events: Int32)] {
        [(send.stop.signals.descriptor, POLLIN), (send.stop.wishes.descriptor, POLLIN)]
    }

    /// Whether somebody wants it to end, or its time is over: looked at where something else than a result ended the
    /// waiting, and now and then, since a look costs as much as a message.
    private func look() {
        guard wasWoken || ContinuousClock.now >= nextLook else { return }
        nextLook = .now + Self.lookInterval
        let isLate = ContinuousClock.now >= started + limits.timeout
        if end == nil, let reason = send.stop.look() ?? (isLate ? .timeout(limits.timeout) : nil) {
            end = .asked(reason)
            stop()
        }
        if let abandonAt, ContinuousClock.now >= abandonAt {
            self.abandonAt = nil
            note(transport.abandon())
        }
    }

    private func stop() {
        transport.stop()
        abandonAt = .now + send.grace
    }

    // MARK: The list

    /// Takes the next ones of the list, and notes those whom messages will go to.
    private func begin(_ list: MailList) throws(SystemError) {
        guard refreshSuppressed() else { return }
        var batch: [Begun] = []
        var left = Self.judgedInTurn
        while batch.count < Self.batch, left > 0, let entry = list.next() {
            left -= 1
            guard let text = entry.address else {
                if entry.row == 1, !entry.record.isJSON {
                    end = .list(MailList.noAddresses)
                    return
                }
                log.leaveOut(entry.row, .invalid, "", reason: "it has no email", at: now)
                continue
            }
            do throws(MailAddressError) {
                let address = try MailAddress(text)
                guard !address.text.contains(where: { $0 == "<" || $0 == ">" }) else {
                    // Right in quotes, and read otherwise by too many servers.
                    log.leaveOut(entry.row, .invalid, text, reason: "it holds < or >", at: now)
                    continue
                }
                switch log.judge(address.text) {
                case .send where isSuppressed(address): log.suppress(entry.row, address.text, reason: nil, at: now)
                case .send: batch.append(Begun(entry: entry, address: address))
                case .settled: continue
                case .repeated: log.leaveOut(entry.row, .repeated, text, reason: nil, at: now)
                }
            } catch {
                log.leaveOut(entry.row, .invalid, text, reason: error.reason, at: now)
            }
        }
        guard !batch.isEmpty else { return }
        try log.begin(batch.map { ($0.entry.row, $0.address.text) })
        waiting = batch[...]
    }

    // MARK: The relay

    /// Hands over as many as there is room for and the pace allows.
    private func hand() throws(SystemError) {
        nextDue = nil
        var mails: [OutgoingMail] = []
        guard transport.room > 0, !waiting.isEmpty, refreshSuppressed() else { return }
        while transport.room - mails.count > 0, let next = waiting.first {
            if isSuppressed(next.address) {
                waiting.removeFirst()
                log.suppress(next.entry.row, next.address.text, reason: nil, at: now)
                continue
            }
            if let wait = try pace?.wait() {
                nextDue = .now + wait
                break
            }
            waiting.removeFirst()
            if let mail = mail(for: next) { mails.append(mail) }
        }
        guard !mails.isEmpty else { return }
        try log.hand(mails.map(\.id))
        for mail in mails {
            underWay.insert(mail.id)
            transport.begin(mail)
        }
    }

    /// Learns who wants no mail since the last time. Where that can't be known nobody gets any more.
    private func refreshSuppressed() -> Bool {
        guard let suppressed else { return true }
        do throws(SuppressionFault) {
            try suppressed.refresh()
            return true
        } catch {
            end = end ?? .suppressions(error)
            stop()
            return false
        }
    }

    private func isSuppressed(_ address: MailAddress) -> Bool { suppressed?.contains(address.text) ?? false }

    private func mail(for next: Begun) -> OutgoingMail? {
        do throws(MailMessageError) {
            let message = try compose(next.address, now) { next.entry.value($0) }
            return OutgoingMail(
                id: next.entry.row, sender: envelopeFrom, recipient: next.address.text, bytes: message.bytes,
                needsUTF8: message.needsUTF8)
        } catch {
            log.note(next.entry.row, .refused, reason: "\(error)", at: now)
            return nil
        }
    }

    private func note(_ results: [MailResult]) {
        for result in results {
            underWay.remove(result.id)
            switch result.outcome {
            case .accepted(let reply):
                refuse(doubt.taken())
                log.note(result.id, .accepted, reason: reply, at: now)
            case .refused(let reply):
                if !doubt.holds(result.id, reply) { refuse([(result.id, reply)]) }
                if doubt.isCertain { giveUp(doubt.release()) }
            case .temporary(let reply): log.note(result.id, .temporary, reason: reply, at: now)
            case .unknown(let why): log.note(result.id, .unknown, reason: why, at: now)
            case .notSent(let fault):
                log.withdraw(result.id)
                end(by: fault)
            case .withdrawn: log.withdraw(result.id)
            }
        }
    }

    /// These refusals were the recipients' own.
    private func refuse(_ refusals: [(row: Int, reply: String)]) {
        for (row, reply) in refusals { log.note(row, .refused, reason: reply, at: now) }
    }

    /// Nobody of them is refused: it is us.
    private func giveUp(_ refusals: [(row: Int, reply: String)]) {
        for (row, _) in refusals { log.withdraw(row) }
        end(by: MailFault(
            reason: "the relay refused the first \(refusals.count) recipients: \(refusals[0].reply)", isLasting: true))
    }

    private func end(by fault: MailFault) {
        guard end == nil else { return }
        end = .relay(fault)
        stop()
    }

    /// Waits for what is on its way.
    private func drain() {
        wasWoken = true
        abandonAt = .now + send.grace
        while !underWay.isEmpty {
            look()
            note(transport.turn(interests, until: abandonAt ?? .now))
        }
    }

    /// Waits before those are tried again who were put off.
    private func rest(before pass: Int) {
        transport.finish()
        wasWoken = true
        let pause = send.options.mailPause
            ?? .seconds(Backoff.seconds(beforeAttempt: pass, asked: nil, jitter: .random(in: 0..<1)))
        let until = ContinuousClock.now + pause
        let text = Array("\(count(.temporary)) were put off; they are tried again in \(pause.text)".utf8)
        send.log.add(text, whole: text.count)
        while end == nil, ContinuousClock.now < until {
            look()
            let wake = min(until, started + limits.timeout)
            _ = Poll.wait(interests, timeout: wake - .now)
        }
        // Whoever is late here is late for those who were put off alone.
        if case .asked(.timeout) = end { end = nil }
    }

    // MARK: What came of it

    private var now: Instant { Instant(secondsSinceEpoch: Int64(time(nil))) }

    private func count(_ states: RecipientState...) -> Int { states.reduce(0) { $0 + (log.counts[$1] ?? 0) } }

    private func report(evenEarly: Bool = false) {
        let leftOut = count(.invalid, .repeated, .suppressed)
        let failed = count(.refused, .unknown)
        send.report(SendProgress(
            done: Int64(count(.accepted) + failed + leftOut), total: total, failed: Int64(failed),
            note: words(leftOut)))
        send.passProgress(evenEarly: evenEarly)
    }

    private func words(_ leftOut: Int) -> String {
        let parts = [
            (count(.refused), "refused"), (count(.temporary), "put off"), (count(.unknown), "unknown"),
            (leftOut, "left out"),
        ]
        return (["\(count(.accepted)) taken"] + parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" })
            .joined(separator: ", ")
    }

    private var outcome: AttemptOutcome { end?.outcome ?? .sent }
}
