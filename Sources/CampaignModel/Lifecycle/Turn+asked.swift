import Recurrence

/// Sends that are asked for by name: `trigger` and `send-now`. They never move what the schedule has decided.
extension Turn {
    mutating func send(_ order: SendOrder) throws(Refusal) {
        if rules.firingIsHeld {
            throw .held(name: "firing", why: "nothing is sent for now; campaignctl alerts tells why")
        }
        guard let live = campaign.live else { return }
        guard let plan = livePlan else {
            throw .held(name: "schedule", why: planFault?.description ?? "its schedule can't be computed")
        }
        switch order.kind {
        case .trigger(let at, let data):
            try judge(data)
            let due = try self.due(at, in: plan)
            if due > now { return try keep(order, due: due, data: data, live) }
            try claimAtOnce(order, origin: .trigger, data: data, live)
        case .sendNow(let again):
            if !again { try refuseSecondSend() }
            try claimAtOnce(order, origin: .sendNow, data: nil, live)
        }
    }

    private func judge(_ data: String?) throws(Refusal) {
        guard let bytes = data?.utf8.count, bytes > SendOrder.dataLimitBytes else { return }
        throw .invalidField(
            FieldError("data", nil, "has \(bytes) bytes; \(SendOrder.dataLimitBytes) at most are allowed"))
    }

    /// When a trigger is due; inside the campaign's window, from its start to its end.
    private func due(_ asked: AskedTime?, in plan: Plan) throws(Refusal) -> Instant {
        let due: Instant
        var text: String?
        switch asked {
        case nil: due = now
        case .local(let local):
            due = plan.zone.resolve(local).instant
            text = local.description
        case .instant(let instant):
            due = instant
            text = instant.description
        }
        func refuse(_ why: String) -> Refusal { .invalidField(FieldError("at", text, why)) }
        if due < now { throw refuse("is in the past; leave it out to send at once") }
        if due < plan.start { throw refuse("is before the campaign's start, \(plan.words(for: plan.start))") }
        if let end = plan.end, due > end { throw refuse("is after the campaign's end, \(plan.words(for: end))") }
        return due
    }

    /// Takes the key now; all else is decided when its time comes.
    private mutating func keep(_ order: SendOrder, due: Instant, data: String?, _ live: Version) throws(Refusal) {
        try refuseTriggersTooMany()
        var send = newSend(order, origin: .trigger, due: due, data: data, live, state: .waiting)
        send.nextAttemptAt = due
        guard add(send) else { return }
        record(.triggerPlanned, send: send, text: "trigger \(order.id) is planned for \(words(for: due))")
    }

    private func refuseTriggersTooMany() throws(Refusal) {
        let limit = rules.settings.limits.pendingTriggers
        guard openSends.count(where: \.isToCome) >= limit else { return }
        throw .held(
            name: "limits.pending_triggers",
            why: "\(limit) triggers of \(campaign.name) are to come; withdraw some, or raise the limit")
    }

    private mutating func claimAtOnce(
        _ order: SendOrder, origin: SendOrigin, data: String?, _ live: Version
    ) throws(Refusal) {
        if let why = overlapDenial(live.content.overlap) {
            throw refusal(of: origin == .trigger ? .trigger : .sendNow, why: why)
        }
        let send = newSend(order, origin: origin, due: now, data: data, live, state: .claimed)
        guard add(send) else { return }
        admit(send.key, live.content, "claimed: asked for as \(order.id)")
    }

    /// Why a person's send can't begin nor stand in line; the schedule's own would be skipped.
    private func overlapDenial(_ overlap: Overlap) -> String? {
        switch (overlap, sendsUnderWay.count) {
        case (.skip, 1...): "a send of it has not ended, and its overlap is skip"
        case (.queue, 2...): "a send of it has not ended, and another one waits for that already"
        case (.skip, _), (.queue, _), (.allow, _): nil
        }
    }

    /// A one-shot is sent once unless a person says `again`.
    private func refuseSecondSend() throws(Refusal) {
        guard campaign.kind == .oneShot, let send = newestScheduled else { return }
        if !send.state.isFinal {
            throw refusal(of: .sendNow, why: "its send \(send.key) is \(send.state.rawValue); --again sends once more")
        }
        if send.wasAccepted {
            let retry = denialOfRetry(send) == nil ? "retry \(send.key.quoted) tries that one again, " : ""
            throw refusal(
                of: .sendNow, why: "its send \(send.key) has ended as \(send.state.rawValue); \(retry)"
                    + "--again sends once more")
        }
    }

    private func newSend(
        _ order: SendOrder, origin: SendOrigin, due: Instant, data: String?, _ live: Version, state: SendState
    ) -> Send {
        var send = Send(
            key: order.key(in: campaign.id), campaign: campaign.id, version: live.number, origin: origin, nominal: nil,
            due: due, claimedAt: now, message: publishedMessage(of: live.content), surface: live.content.surface,
            state: state)
        send.data = data
        return send
    }

    // MARK: Retry

    /// Tries an ended send once more, whatever its retries are: it keeps its key and takes the next attempt number. A
    /// trigger that was withdrawn before its time waits for that again.
    mutating func retry(_ key: OccurrenceKey) throws(Refusal) {
        if rules.firingIsHeld {
            throw .held(name: "firing", why: "nothing is sent for now; campaignctl alerts tells why")
        }
        guard let send = send(key), let content = content(of: send) else {
            throw .notFound("there is no send \(key) of \(campaign.name)")
        }
        if let why = denialOfRetry(send) { throw refusal(of: .retry, why: why) }
        if let why = overlapDenial(content.overlap) { throw refusal(of: .retry, why: why) }
        if send.attempts == 0, send.due > now {
            try refuseTriggersTooMany()
            update(key) { $0.awaitDue() }
            return record(.retried, send: self.send(key), text: "planned again for \(words(for: send.due))")
        }
        let missing = Checks.resources(content, self)
        guard missing.isEmpty else { throw .checksFailed(missing) }
        let message = publishedMessage(of: content)
        update(key) { [now] in $0.reopen(message: message, surface: content.surface, at: now) }
        record(.retried, send: self.send(key), text: "tried again: attempt \(send.attempts + 1) is asked for")
    }

    private func denialOfRetry(_ send: Send) -> String? {
        if send.nominalLast != nil { return "\(send.key) stands for several occurrences, none of which was begun" }
        if send.attempts >= Send.attemptLimit {
            return "\(send.key) has had \(send.attempts) attempts, the most there are"
        }
        switch send.state {
        case .failed, .interrupted, .cancelled: return nil
        case .sent: return "\(send.key) was sent; send-now sends beside the schedule"
        case .missed, .skipped:
            return "\(send.key) was \(send.state.rawValue) and never begun; send-now sends it by hand"
        case .claimed, .queued, .running, .waiting: return "\(send.key) is \(send.state.rawValue) and has not ended"
        }
    }

    // MARK: Triggers to come

    /// Decides the triggers whose time has come: each on its own, in their order.
    mutating func decideTriggers() {
        guard let live = campaign.live else { return }
        for send in openSends where send.isToCome && send.due <= now {
            if campaign.paused {
                end(send.key, .skipped, reason: "the campaign was paused")
                continue
            }
            let message = publishedMessage(of: live.content)
            update(send.key) { [now] in
                $0.claim(version: live.number, message: message, surface: live.content.surface, at: now)
            }
            if isLate(send.due, live.content) {
                let verdict = Verdict(
                    state: .missed, reason: "later than its limit of \(lateLimit(of: live.content).text)")
                update(send.key) { $0.verdict = verdict }
                act(.query(send.key))
            } else {
                admit(send.key, live.content, "claimed: its trigger's time has come")
            }
        }
    }
}
