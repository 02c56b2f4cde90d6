import CampaignModel
import Recurrence

/// The clock under judgement, and the alerts of the daemon itself.
extension Engine {
    /// Reads the clock and judges it: every decision rests on an instant from here, so that none fires by a clock that
    /// is not believed. A jump is told once, with its size.
    func observe() throws(LedgerError) -> Instant {
        let reading = clock.read()
        // Before anything is written at this reading, which would then be what it is compared with.
        let suspicion = clockJudge.suspicion(
            of: reading, newestWrite: try ledger.newestWrite(), tolerance: rules.settings.clockTolerance)
        rules.firingIsHeld = suspicion != nil || foreignLedger != nil
        if let jump = clockJudge.jump(at: reading) {
            let text = "the clock was set \(jump > 0 ? "forward" : "back") by \(abs(jump)) s"
            let event = Event(.clockJumped, at: reading.now, campaign: nil, actor: .daemon, text: text)
            try ledger.append([event], at: reading.now)
            // Noted with it: should an alert's write fail now, the jump is not told again.
            clockJudge.note(reading)
            pruning.calmSince = nil
        }
        try setDaemonAlert(.clockSuspect, suspicion, at: reading.now)
        try setDaemonAlert(.ledgerForeign, foreignLedger, at: reading.now)
        if pruning.calmSince == nil { pruning.calmSince = reading.steady }
        clockJudge.note(reading)
        return reading.now
    }

    /// Raises or clears an alert of the daemon itself; the same again is no news.
    func setDaemonAlert(_ code: AlertCode, _ text: String?, at now: Instant) throws(LedgerError) {
        let present = daemonAlerts.first { $0.code == code }
        guard (present == nil) != (text == nil) else { return }
        var alerts = daemonAlerts.filter { $0.code != code }
        if let text { alerts.append(Alert(code, text, since: now)) }
        let event = Event(
            text == nil ? .alertCleared : .alertRaised, at: now, campaign: nil, alert: code, actor: .daemon,
            text: text.map(code.raised) ?? code.cleared)
        try ledger.setDaemonAlerts(alerts, events: [event], at: now)
        daemonAlerts = alerts
    }

    func isAlerted(_ code: AlertCode) -> Bool {
        daemonAlerts.contains { $0.code == code }
    }

    /// A ledger that has no room left can't claim anything: said while there is still time to make some.
    func lookForRoom(at now: Instant) {
        do throws(LedgerError) {
            if let free = try ledger.freeBytes() {
                let isLow = isAlerted(.diskLow)
                let text = "the ledger's file system has \(free >> 20) MiB left; make room"
                if !isLow, free < Self.lowRoomBytes { try setDaemonAlert(.diskLow, text, at: now) }
                if isLow, free >= Self.enoughRoomBytes { try setDaemonAlert(.diskLow, nil, at: now) }
            }
            unwritableAlert = nil
        } catch {
            noteUnwritable(error, at: now)
        }
    }

    /// A turn that can't write is made again after a pause.
    func ledgerFailed(_ error: LedgerError) {
        let reading = clock.read()
        turns.failed(at: reading.steady)
        noteUnwritable(error, at: reading.now)
    }

    /// A ledger that takes no writes takes no alert either: until it does the alert stands here alone.
    private func noteUnwritable(_ error: LedgerError, at now: Instant) {
        guard unwritableAlert == nil else { return }
        unwritableAlert = Alert(.diskLow, "\(error); make room, or mend its file system", since: now)
    }

    /// The alerts of the daemon itself, each code once.
    var standingAlerts: [Alert] {
        guard let unwritableAlert else { return daemonAlerts }
        return daemonAlerts.filter { $0.code != unwritableAlert.code } + [unwritableAlert]
    }

    /// Some hours of a busy daemon's writes.
    static let lowRoomBytes: Int64 = 64 << 20
    /// More than that, so that the alert does not come and go with each write.
    static let enoughRoomBytes: Int64 = 72 << 20

    // MARK: The sender's answers

    /// The sender has answered something.
    func senderAnswered() {
        handOvers.sender.worked()
        if handOvers.refusal == nil { clearLauncherAlert() }
    }

    private static let whereToLook = "see campaign-send.socket, and journalctl -u 'campaign-send@*'"

    /// The sender could not be reached, or did not answer in time.
    func senderFailed(_ reason: String) {
        let reading = clock.read()
        handOvers.sender.failed(at: reading.steady)
        raiseLauncherAlert("the sender does not answer: \(reason); \(Self.whereToLook)", at: reading.now)
    }

    /// The sender answers, and yet has not begun a send at repeated tries.
    func senderRefused(_ reason: String) {
        raiseLauncherAlert("the sender begins no send: \(reason); \(Self.whereToLook)", at: clock.read().now)
    }

    /// Nothing waits for the sender any more, so that nothing would notice that it answers again.
    func clearStaleLauncherAlert() {
        if !handOvers.isWaiting, handOvers.refusal == nil { clearLauncherAlert() }
    }

    // A ledger that can't be written takes the alert at the next failure or answer.

    private func raiseLauncherAlert(_ text: String, at now: Instant) {
        try? setDaemonAlert(.launcherDown, text, at: now)
    }

    private func clearLauncherAlert() {
        try? setDaemonAlert(.launcherDown, nil, at: clock.read().now)
    }
}
