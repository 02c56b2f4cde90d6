import CampaignModel
import Recurrence

extension Plot {
    /// The story that a seed draws.
    static func drawn(seed: UInt64, hours: Int) -> Plot {
        let draw = Draw(seed: seed)
        let days = (hours + 23) / 24
        let names = (0..<draw.number(1...3)).map { "Story/\(["North", "East", "South"][$0])" }
        var zones = [names.map { ZonePlan.drawn($0, from: start, days: days, draw) }]
        for _ in 0..<draw.number(0...3) {
            zones.append(zones[zones.count - 1].map { $0.revised(from: start, days: days, draw) })
        }
        let crowd = draw.once(in: 40) ? draw.number(100...250) : draw.number(3...14)
        var acts: [Act] = []
        for number in 0..<crowd {
            acts += life(of: number, hours: hours, zones: zones[0], crowd: crowd, draw)
        }
        let isCalm = draw.once(in: 12)
        let faults = isCalm ? days : days * draw.number(2...6)
        for _ in 0..<faults {
            acts.append(Act(at: Int64(draw.number(0...hours * 3_600)), deed: .fault(.drawn(zones.count, draw))))
        }
        for _ in 0..<days {
            let message = PersonDeed.putMessage(draw.number(0...2), publish: !draw.once(in: 3))
            acts.append(Act(at: Int64(draw.number(0...hours * 3_600)), deed: .person(message)))
        }
        acts.sort { $0.at < $1.at }
        return Plot(
            seed: draw.generator.seedForTheTelling, hours: hours, settings: .drawn(draw), zones: zones, acts: acts)
    }

    /// One campaign: made and, mostly, activated at some time, and then this and that.
    private static func life(
        of number: Int, hours: Int, zones plans: [ZonePlan], crowd: Int, _ draw: Draw
    ) -> [Act] {
        let zones = plans.map(\.name)
        let birth = Int64(draw.once(in: 3) ? draw.number(0...hours * 3_600) : draw.number(0...7_200))
        var first = CampaignDefinition.drawn(from: start + birth, zones, draw)
        if draw.once(in: 12) { first.startInGap(of: plans, after: start + birth) }
        var acts = [Act(at: birth, deed: .person(.create(number, first)))]
        if !draw.once(in: 20) {
            acts.append(Act(at: birth + Int64(draw.number(0...300)), deed: .person(.activate(number))))
        }
        if first.kindNumber == 0, draw.once(in: 3) {
            // Stopped while its only send is handed over.
            acts.append(Act(at: birth, deed: .ambush(number, .stop(number))))
        }
        if draw.once(in: 8) { acts += troubledStart(of: number, first, plans, hours, draw) }
        let left = hours * 3_600 - Int(birth)
        guard left > 60 else { return acts }
        let busy = crowd > 50 ? draw.number(0...2) : draw.number(0...hours / 4)
        for _ in 0..<busy {
            let at = birth + Int64(draw.number(60...left))
            let deed = PersonDeed.drawn(number, at: start + at, like: first, zones, crowd, draw)
            acts.append(Act(at: at, deed: draw.once(in: 3) ? .ambush(number, deed) : .person(deed)))
            // A draft that nobody activates shows little.
            if case .apply = deed {
                acts.append(Act(at: at + Int64(draw.number(0...900)), deed: .person(.activate(number))))
            }
        }
        guard first.type == "triggered" else { return acts }
        for _ in 0..<(left / 86_400 + 1) * draw.number(1...6) {
            let inSeconds = draw.once(in: 2) ? Int64(draw.number(0...86_400)) : nil
            let trigger = PersonDeed.trigger(number, id: draw.number(0...200), inSeconds: inSeconds)
            acts.append(Act(at: birth + Int64(draw.number(60...left)), deed: .person(trigger)))
        }
        return acts
    }

    /// What it needs is away when it is to start, and somebody does something about it.
    private static func troubledStart(
        of number: Int, _ first: CampaignDefinition, _ zones: [ZonePlan], _ hours: Int, _ draw: Draw
    ) -> [Act] {
        guard
            let local = first.schedule?.start.flatMap({ Timetable.seconds($0) }),
            let zone = zones.first(where: { $0.name == first.schedule?.timezone }),
            let surface = first.surface?.last.flatMap({ Int(String($0)) })
        else { return [] }
        let at = zone.instant(ofLocal: local).second - start
        guard (60..<Int64(hours) * 3_600).contains(at) else { return [] }
        let gone = Fault.surfaceGone(surface, Int64(draw.span(600...20_000)))
        let deed = draw.weighted([
            (3, PersonDeed.unschedule(number)), (3, .stop(number)), (1, .check(number)), (1, .activate(number)),
        ])
        return [
            Act(at: at - Int64(draw.number(0...30)), deed: .fault(gone)),
            Act(at: at + Int64(draw.span(1...7_200)), deed: .person(deed)),
        ]
    }
}

extension PlotSettings {
    static func drawn(_ draw: Draw) -> PlotSettings {
        PlotSettings(
            tickSeconds: draw.weighted([(1, 30), (4, 300), (6, 1_800), (3, 3_600)]),
            completesAfterHours: draw.one(of: [72, 72, 24, 1]), lateLimitSeconds: draw.one(of: [3_600, 3_600, 600]),
            retries: draw.number(0...3), maxConcurrent: draw.one(of: [1, 2, 4, 8, 8]),
            surfaces: (0..<2).map { _ in
                SurfacePlan(cap: draw.number(1...4), retries: draw.once(in: 3) ? draw.number(0...2) : nil)
            },
            tellsAlerts: draw.once(in: 3))
    }
}

extension CampaignDefinition {
    /// - Parameter now: when it is written, in seconds since 1970.
    static func drawn(from now: Int64, _ zones: [String], _ draw: Draw, kind: Int? = nil) -> CampaignDefinition {
        var definition = CampaignDefinition()
        definition.title = draw.once(in: 9) ? nil : "A story"
        definition.surface = "surface\(draw.once(in: 30) ? 2 : draw.number(0...1))"
        definition.message = "message\(draw.once(in: 12) ? draw.number(0...2) : 0)"
        definition.audience = "people"
        var schedule = ScheduleDefinition()
        schedule.timezone = draw.one(of: zones)
        if !draw.once(in: 5) { schedule.start = Self.local(now + Int64(draw.number(-24...120)) * 1_800) }
        let hours = draw.one(of: [[9], [2], [3, 9], [2, 8, 14, 20], [0, 6, 12, 18], [1, 5, 9, 13, 17, 21]])
        let minute = draw.one(of: ["00", "30", "15"])
        switch kind ?? draw.weighted([(2, 0), (4, 1), (1, 2), (4, 3), (2, 4)]) {
        case 0: break
        case 1:
            schedule.every = draw.one(of: ["day", "day", "2 days"])
            schedule.at = hours.map { "\($0 < 10 ? "0" : "")\($0):\(minute)" }
        case 2:
            schedule.every = "week"
            schedule.days = draw.one(of: [["monday", "thursday"], ["tuesday"], ["wednesday", "friday", "sunday"]])
            schedule.at = hours.map { "\($0 < 10 ? "0" : "")\($0):\(minute)" }
        case 3: schedule.every = draw.one(of: ["90 minutes", "6 hours", "5 hours", "20 minutes", "2 hours"])
        default: definition.type = "triggered"
        }
        if schedule.every != nil {
            if draw.once(in: 4) { schedule.gap = "skip" }
            if draw.once(in: 5) { schedule.count = "\(draw.number(1...12))" }
            definition.overlap = draw.one(of: [nil, "queue", "skip", "allow"])
        }
        if schedule.count == nil, schedule.every != nil || definition.type != nil, draw.once(in: 5) {
            let end = Self.local(now + Int64(draw.number(1...8)) * 86_400)
            schedule.end = draw.once(in: 2) ? end : String(end.prefix(10))
        }
        definition.schedule = schedule
        definition.lateLimit = draw.one(of: [nil, nil, "10m", "6h"])
        definition.retries = draw.one(of: [nil, nil, "1", "5"])
        definition.onInterrupt = draw.once(in: 3) ? "retry" : nil
        return definition
    }

    /// `2026-06-01T09:00:00`, on the half hour, or on another step of seconds.
    private static func local(_ second: Int64, step: Int64 = 1_800) -> String {
        String("\(Instant(secondsSinceEpoch: second / step * step))".dropLast())
    }

    /// Moves a daily campaign's start into the next hour that its clocks leave out; it sends when they go on as well.
    fileprivate mutating func startInGap(of zones: [ZonePlan], after second: Int64) {
        guard schedule?.at != nil, let zone = zones.first(where: { $0.name == schedule?.timezone }) else { return }
        for change in zone.changes where change.at > second {
            let left = change.offset - zone.offset(at: change.at - 1)
            guard left > 0 else { continue }
            let end = change.at + change.offset
            schedule?.start = Self.local(end - left / 2, step: left / 2)
            let goesOn = Self.local(end).dropFirst("2026-06-01T".count).prefix("09:00".count)
            let times = Set((schedule?.at ?? []) + [String(goesOn)]).sorted()
            schedule?.at = times
            return
        }
    }

    /// The kind in the numbers of ``drawn(from:_:_:kind:)``, so that a newer version is of the same.
    var kindNumber: Int? {
        if type != nil { return 4 }
        return schedule?.every == nil ? 0 : nil
    }
}

extension PersonDeed {
    static func drawn(
        _ number: Int, at now: Int64, like first: CampaignDefinition, _ zones: [String], _ crowd: Int,
        _ draw: Draw
    ) -> PersonDeed {
        let kind = first.kindNumber ?? draw.number(1...3)
        return draw.weighted([
            (6, PersonDeed.apply(number, .drawn(from: now, zones, draw, kind: kind))),
            (3, .activate(number)), (2, .unschedule(number)), (2, .modify(number)), (2, .discard(number)),
            (3, .stop(number)), (5, .pause(number)), (8, .resume(number)),
            (1, .duplicate(number, as: crowd + draw.number(0...9))), (2, .archive(number)), (1, .unarchive(number)),
            (1, .delete(number)), (1, .tag(number)), (3, .acknowledge(number)),
            (3, .cancel(number, pick: draw.once(in: 2) ? draw.number(0...9) : nil)),
            (6, .retry(number, pick: draw.number(0...9))),
            (5, .sendNow(number, id: draw.number(0...20), again: draw.once(in: 2))),
            (1, .trigger(number, id: draw.number(0...20), inSeconds: nil)),
            (1, .proof(number, id: draw.number(0...9))), (1, .testSurface(number % 3, id: draw.number(0...9))),
            (1, .check(number)), (1, .dryRun(number)),
        ])
    }
}

extension Fault {
    static func drawn(_ zoneReleases: Int, _ draw: Draw) -> Fault {
        let down = Int64(draw.once(in: 8) ? draw.span(3_600...200_000) : draw.span(1...900))
        let span = Int64(draw.span(10...20_000))
        return draw.weighted([
            (4, Fault.kill(down: down)), (3, .killAtWrite(draw.number(1...9), committed: false, down: down)),
            (4, .killAtWrite(draw.number(1...9), committed: true, down: down)), (2, .restart(down: down)),
            (2, .powerCut(down: down)), (4, .powerCutAtCall(draw.number(1...60), down: down)), (3, .killSenders),
            (3, .killSenderAtCall(draw.number(1...25))), (3, .launcherDown(span)), (4, .slowSenders(span)),
            (4, .lostReplies(span)), (2, .repeatedReplies(span)), (2, .clock(by: Int64(draw.number(2...10_000)))),
            (3, .clock(by: -Int64(draw.number(2...3_500)))), (1, .clock(by: -Int64(draw.number(3_700...20_000)))),
            (2, .suspend(Int64(draw.span(60...100_000)))), (zoneReleases > 1 ? 4 : 0, .zones(draw.number(0...9))),
            (2, .ledgerFull(Int64(draw.span(5...4_000)))), (2, .senderDiskFull(Int64(draw.span(5...4_000)))),
            (2, .journalDown(span)), (2, .surfaceGone(draw.number(0...1), span)), (1, .caps(draw.number(1...9))),
        ])
    }
}
