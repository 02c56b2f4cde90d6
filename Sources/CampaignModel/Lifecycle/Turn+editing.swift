import Recurrence

/// Commands that change what a campaign says or where it is kept, and send nothing.
extension Turn {
    /// Whether applying `content` changes nothing: it equals the draft, or the live version where there is no draft.
    func isEqual(_ content: CampaignContent) -> Bool {
        (campaign.draft ?? campaign.live)?.content == content
    }

    mutating func apply(_ content: CampaignContent, sourceText: String?, tags: [Slug]) throws(Refusal) {
        tag(tags)
        do {
            try rules.judge(content, at: now, keeping: campaign.live?.anchor)
        } catch {
            throw .invalidField(error)
        }
        try modify()
        campaign.draft?.content = content
        campaign.draft?.sourceText = sourceText
        record(.changed, text: "version \(campaign.draft?.number ?? 0) changed")
    }

    mutating func tag(adding: [Slug], removing: [Slug]) throws(Refusal) {
        let kept = campaign.tags.filter { !removing.contains($0) }
        let tags = kept + adding.filter { !kept.contains($0) }
        guard tags.count <= Tags.limit else {
            throw .invalidField(
                FieldError("tags", "\(tags.count)", "tags are too many; \(Tags.limit) at most are allowed"))
        }
        tag(tags)
    }

    mutating func tag(_ tags: [Slug]) {
        guard tags != campaign.tags else { return }
        campaign.tags = tags
        record(.tagged, text: tags.isEmpty ? "no tags" : "tags: \(tags.map(\.text).joined(separator: ", "))")
    }

    /// Makes a newer draft beside the live version; with one present it changes nothing.
    mutating func modify() throws(Refusal) {
        guard campaign.draft == nil, let live = campaign.live else { return }
        let limit = rules.settings.limits.versions
        guard campaign.nextVersionNumber <= limit else {
            throw .held(
                name: "limits.versions",
                why: "\(campaign.name) has had \(limit) versions; duplicate it, or raise the limit")
        }
        let draft = Version(number: campaign.nextVersionNumber, content: live.content, sourceText: live.sourceText)
        campaign.draft = draft
        campaign.nextVersionNumber += 1
        record(.modified, text: "version \(draft.number) is a draft of version \(live.number)")
    }

    mutating func discard() {
        guard let draft = campaign.draft else { return }
        campaign.draft = nil
        record(.discarded, text: "version \(draft.number) discarded")
    }

    /// The planned version becomes the draft again with its number; a newer draft, if any, is kept instead.
    mutating func unschedule() {
        if campaign.draft == nil {
            campaign.draft = campaign.live
            campaign.draft?.anchor = nil
        }
        campaign.live = nil
        campaign.paused = false
        clear(where: \.isFoundByChecks)
        setStatus(.draft, text: "unscheduled")
    }

    mutating func pause() {
        campaign.paused = true
        record(.paused, text: "paused: nothing is claimed until it is resumed")
    }

    mutating func resume() {
        recordWhatWasPaused()
        campaign.paused = false
        record(.resumed, text: "resumed")
    }

    /// What fell due during a pause is never missed: it becomes one skipped record, in whatever status it fell due.
    mutating func recordWhatWasPaused() {
        guard campaign.paused, !rules.firingIsHeld, let plan = livePlan else { return }
        let floor = campaign.decidedUntil ?? .earliest
        guard let newest = plan.last(atOrBefore: now), newest.instant > floor else { return }
        recordTogether(.skipped, after: floor, through: newest, plan, reason: "the campaign was paused")
        decide(until: newest.instant)
    }

    mutating func archive() {
        campaign.archivedFrom = campaign.status
        setStatus(.archived, text: "archived")
    }

    mutating func unarchive() {
        guard let status = campaign.archivedFrom else { return }
        campaign.archivedFrom = nil
        setStatus(status, text: "unarchived")
    }

    mutating func acknowledge() {
        clear(where: \.isUntilAcknowledged)
    }
}
