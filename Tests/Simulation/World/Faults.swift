/// What goes wrong in a story.
struct Faults {
    let machine: Machine

    func happen(_ fault: Fault) {
        machine.judge.figures.faults[fault.kind, default: 0] += 1
        machine.tell { "fault \(fault)" }
        switch fault {
        case .kill(let down): machine.kill(down: down)
        case .killAtWrite(let left, let committed, let down): machine.fatalWrite = (left, committed, down)
        case .restart(let down): machine.restart(down: down)
        case .powerCut(let down): machine.cutPower(down: down)
        case .powerCutAtCall(let left, let down): machine.senders.fatalCall = (left, down)
        case .killSenders: machine.senders.killRunning()
        case .killSenderAtCall(let left): machine.senders.fatalCall = (left, nil)
        case .launcherDown(let span): during(span, \.launcherIsDown, true, false)
        case .slowSenders(let span): during(span, \.sendersAreSlow, true, false)
        case .lostReplies(let span): during(span, \.losesReplies, true, false)
        case .repeatedReplies(let span): during(span, \.repeatsReplies, true, false)
        case .clock(let seconds): machine.setClock(by: seconds)
        case .suspend(let span): machine.suspend(for: span)
        case .zones(let release): machine.setZones(release)
        case .ledgerFull(let span): during(span, \.ledgerIsFull, true, false)
        case .senderDiskFull(let span):
            machine.senders.fillDisk(true)
            machine.time.after(span * 1_000) { machine.senders.fillDisk(false) }
        case .journalDown(let span): during(span, \.journalIsUp, false, true)
        case .surfaceGone(let surface, let span):
            machine.goneSurface = surface
            machine.reload()
            machine.time.after(span * 1_000) {
                machine.goneSurface = nil
                machine.reload()
            }
        case .caps(let cap):
            machine.cap = cap
            machine.reload()
        }
    }

    private func during<Value>(
        _ seconds: Int64, _ state: ReferenceWritableKeyPath<Machine, Value>, _ bad: Value, _ good: Value
    ) {
        machine[keyPath: state] = bad
        machine.time.after(seconds * 1_000) { machine[keyPath: state] = good }
    }
}
