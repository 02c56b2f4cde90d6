import Recurrence

/// The checks that a campaign has to pass, as alerts: pure functions of a version and what is set up.
enum Checks {
    /// What must be there for anything to be sent: run at activation, again at the start, and at each claim.
    static func resources(_ content: CampaignContent, _ state: Turn) -> [Alert] {
        var alerts: [Alert] = []
        func add(_ code: AlertCode, _ field: String, _ text: String) {
            alerts.append(Alert(code, text, field: field, since: state.now))
        }
        switch content.message.map({ state.messages[$0] ?? .missing }) {
        case nil: add(.messageMissing, "message", "name a message in the campaign's file")
        case .missing?:
            add(
                .messageMissing, "message",
                "there is no message \(name(content.message)); put it with campaignctl message put")
        case .notPublished?:
            add(
                .messageNotPublished, "message",
                "message \(name(content.message)) has no published revision; "
                    + "publish it with campaignctl message publish")
        case .published?: break
        }
        if let surface = content.surface.flatMap({ state.rules.catalogue.surfaces[$0] }) {
            if let channel = content.channel, channel != surface.channel {
                add(.surfaceWrongChannel, "surface",
                    "surface \(surface.name) delivers \(surface.channel), and the campaign's channel is \(channel)")
            }
        } else {
            add(.surfaceMissing, "surface",
                content.surface == nil
                    ? "name a surface in the campaign's file"
                    : "there is no surface \(name(content.surface)); set it up in surfaces.d, or name another")
        }
        if content.audience.map(state.rules.catalogue.audiences.contains) != true {
            add(.audienceMissing, "audience",
                content.audience == nil
                    ? "name an audience in the campaign's file"
                    : "there is no audience \(name(content.audience)); set it up in audiences.d, or name another")
        }
        return alerts
    }

    /// What is worth a look and blocks nothing.
    static func warnings(_ content: CampaignContent, at now: Instant) -> [Alert] {
        var alerts: [Alert] = []
        if content.title == nil {
            alerts.append(Alert(.titleMissing, "give the campaign a title", field: "title", since: now))
        }
        if content.kind == .recurring, content.schedule.end == nil, content.schedule.rule?.count == nil,
            content.schedule.rule?.until == nil
        {
            alerts.append(
                Alert(
                    .noEnd, "it goes on until it is stopped; give it an end or a count", field: "schedule.end",
                    since: now))
        }
        return alerts
    }

    /// What the sender says of the audience; that the surface alone knows it is no finding.
    static func audience(_ content: CampaignContent, _ count: AudienceCount, at now: Instant) -> [Alert] {
        let text: String
        switch count {
        case .counted(1...), .onlyTheSurfaceKnows: return []
        case .counted: text = "audience \(name(content.audience)) is empty: nobody would get anything"
        case .failed(let reason): text = "audience \(name(content.audience)) could not be counted: \(reason)"
        }
        return [Alert(.audienceEmpty, text, field: "audience", since: now)]
    }

    /// Whether the sends to come can end in time, at the surface's rate.
    ///
    /// - Parameter upcoming: when they begin; empty where nothing is planned.
    static func end(
        _ content: CampaignContent, recipients: Int, surface: Surface?, upcoming: [Instant], at now: Instant,
        words: (Instant) -> String
    ) -> [Alert] {
        guard let surface, let rate = surface.rate,
            let seconds = Forecast(recipients: recipients, rate: rate, startsAt: nil).seconds
        else { return [] }
        let starts: [Instant?] = upcoming.isEmpty ? [nil] : upcoming
        for (index, start) in starts.enumerated() {
            let next = content.waitsForEarlier && index + 1 < upcoming.count ? upcoming[index + 1] : nil
            if let deadline = Deadline(from: start, surface: surface, next: next), seconds > deadline.seconds {
                let what = "\(recipients) recipients at \(rate) take \(RoughTime.words(Double(seconds))),"
                return [deadline.alert(what, at: now, words: words)]
            }
        }
        return []
    }

    /// Whether anything can still be sent after `floor`; an end in the past is a warning where the version
    /// replaces one that is active.
    static func schedule(
        _ plan: Plan, startIsWritten: Bool, floor: Instant, replacesActive: Bool, at now: Instant
    ) -> [Alert] {
        func alert(_ code: AlertCode, _ field: String, _ text: String, _ severity: AlertSeverity = .error) -> [Alert] {
            [Alert(code, text, field: field, severity: severity, since: now)]
        }
        if plan.kind == .oneShot, startIsWritten, plan.start <= now {
            return alert(
                .startInPast, "schedule.start",
                "its start \(plan.words(for: plan.start)) is not in the future; move it")
        }
        if let end = plan.end, end < now || (end == now && plan.kind != .oneShot) {
            return alert(
                .endInPast, "schedule.end", "its end \(plan.words(for: end)) is not in the future; move it",
                replacesActive ? .warning : .error)
        }
        if plan.kind == .recurring, plan.next(after: floor) == nil {
            return alert(.neverOccurs, "schedule", "its schedule has no occurrence any more; change it")
        }
        return []
    }

    /// A schedule that can't be computed: its zone is gone, or it never occurs.
    static func unplanned(_ fault: FieldError, at now: Instant) -> Alert {
        Alert(.neverOccurs, fault.description, field: fault.field, since: now)
    }

    private static func name(_ slug: Slug?) -> String { slug?.text ?? "" }
}
