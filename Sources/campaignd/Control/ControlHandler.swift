import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Glibc
import Recurrence

/// Does what clients ask: changes go through the engine, looks at the ledger's own connections for readers, so that no
/// list waits for a tick.
struct ControlHandler: Control {
    let engine: Engine
    let store: Store
    let simulator: Simulator
    let copier: LedgerCopier
    let recipients: any RecipientSource
    let suppressions: any SuppressionSource
    let composer: any MessageComposer
    let clock: SystemClock
    let configuration: CurrentConfiguration
    let startedAt: Instant

    func create(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> CampaignView {
        let name = try Self.name(of: definition)
        return try await changing(name) { () async throws(EngineError) in
            try await engine.create(
                name: name, definition: definition, sourceText: sourceText, by: change.issuer, dryRun: change.isDryRun)
        }
    }

    func apply(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> AppliedCampaign {
        let name = try Self.name(of: definition)
        let answer = try await asking(name) { () async throws(EngineError) in
            try await engine.apply(
                name: name, definition: definition, sourceText: sourceText, by: change.issuer,
                revision: change.revision, dryRun: change.isDryRun)
        }
        let kinds = answer.events.map(\.kind)
        let outcome: AppliedCampaign.Outcome =
            if kinds.contains(.created) { .created } else if kinds.contains(.changed) { .changed } else if kinds
                .contains(.tagged) { .tagged } else { .unchanged }
        return AppliedCampaign(campaign: view(answer), outcome: outcome)
    }

    func perform(_ command: Command, on name: Slug, change: Change) async throws(ControlError) -> ChangedCampaign {
        let answer = try await asking(name) { () async throws(EngineError) in
            try await engine.perform(
                command, on: name, by: change.issuer, revision: change.revision, dryRun: change.isDryRun)
        }
        var outlook: StopOutlookView?
        if let found = answer.outlook {
            let positions = await engine.queuePositions
            outlook = StopOutlookView(found, campaign: name) { positions[$0] }
        }
        var notes = answer.events.filter(Self.isNoted).map(\.text)
        if case .cancel = command { notes = answer.sends.compactMap(Self.cancellation) + notes }
        return ChangedCampaign(
            campaign: view(answer), notes: notes, outlook: outlook,
            acknowledged: command == .acknowledge ? answer.events.compactMap(Self.acknowledged) : [],
            forecast: answer.forecast.map { ForecastView($0) })
    }

    /// The alert that an acknowledgement took away with this event; what else is due meanwhile clears others.
    private static func acknowledged(_ event: Event) -> AlertCode? {
        guard event.kind == .alertCleared, let code = event.alert, code.isUntilAcknowledged else { return nil }
        return code
    }

    /// What becomes of a send that was cancelled.
    private static func cancellation(_ send: Send) -> String? {
        if send.state == .cancelled { return "\(send.key) is cancelled" }
        return send.verdict?.state == .cancelled ? "\(send.key) is being cancelled" : nil
    }

    /// What a person who gives a command would not expect from its name alone.
    private static func isNoted(_ event: Event) -> Bool {
        event.kind == .replaced || event.outcome == .missed || event.outcome == .skipped
    }

    func send(_ order: SendOrder, of name: Slug, change: Change) async throws(ControlError) -> OrderedSend {
        let answer = try await asking(name) { () async throws(EngineError) in
            try await engine.send(
                order, of: name, by: change.issuer, revision: change.revision, dryRun: change.isDryRun)
        }
        let position = await engine.queuePositions[answer.send.key]
        return OrderedSend(
            send: SendView(answer.send, campaign: name, queuePosition: position), isRepeated: answer.isRepeated)
    }

    func duplicate(_ name: Slug, as newName: Slug, change: Change) async throws(ControlError) -> CampaignView {
        if let revision = change.revision {
            let present = try campaign(name).revision
            if present != revision { throw .conflict(name: name.text, revision: present) }
        }
        return try await changing(name) { () async throws(EngineError) in
            try await engine.duplicate(name, as: newName, by: change.issuer, dryRun: change.isDryRun)
        }
    }

    // MARK: Messages

    func putMessage(_ name: Slug, content: MessageContent, change: Change) async throws(ControlError) -> MessageView {
        let newest = try message(name)
        if let revision = change.revision, revision != newest?.newest ?? 0 {
            throw .conflict(name: name.text, revision: newest?.newest ?? 0)
        }
        var revision = (newest?.newest ?? 0) + 1
        if !change.isDryRun {
            revision = try await asking(name) { () async throws(EngineError) in
                try await engine.putMessage(content, as: name, by: change.issuer)
            }
        }
        let draft = Message(name: name, revision: revision, isPublished: false, content: content)
        return MessageView(draft, publishedRevision: newest?.published)
    }

    func publishMessage(_ name: Slug, change: Change) async throws(ControlError) -> MessageView {
        guard let listing = try message(name) else { throw .notFound(.message, name: name.text) }
        if let revision = change.revision, revision != listing.newest {
            throw .conflict(name: name.text, revision: listing.newest)
        }
        if !change.isDryRun {
            _ = try await asking(name) { () async throws(EngineError) in
                try await engine.publishMessage(name, by: change.issuer)
            }
        }
        return try view(listing, published: listing.newest)
    }

    // MARK: Steps

    private static func name(of definition: CampaignDefinition) throws(ControlError) -> Slug {
        guard let name = definition.name else { throw .invalidField(FieldError("name", nil, "is missing")) }
        do {
            return try Slug(name, field: "name")
        } catch {
            throw .invalidField(error)
        }
    }

    private func changing(
        _ name: Slug, _ change: () async throws(EngineError) -> Engine.Answer
    ) async throws(ControlError) -> CampaignView {
        view(try await asking(name, change))
    }

    /// - Parameter name: what a refusal is about.
    func asking<Value>(
        _ name: Slug, _ ask: () async throws(EngineError) -> Value
    ) async throws(ControlError) -> Value {
        do {
            return try await ask()
        } catch {
            throw ControlError(error, about: name)
        }
    }

    private func view(_ answer: Engine.Answer) -> CampaignView {
        let triggers = (try? triggers(of: answer.campaign)) ?? []
        return view(
            answer.campaign, triggers: triggers, at: answer.now, under: engine.currentRules,
            limit: CampaignView.nextLimit)
    }
}

extension ControlError {
    init(_ error: EngineError, about name: Slug) {
        switch error {
        case .noCampaign(let name): self = .notFound(.campaign, name: name.text)
        case .noMessage(let name): self = .notFound(.message, name: name.text)
        case .noSurface(let name): self = .notFound(.surface, name: name.text)
        case .nameTaken(let name): self = .nameTaken(name.text)
        case .conflict(let revision): self = .conflict(name: name.text, revision: revision)
        case .refused(let refusal): self = ControlError(refusal, campaign: name)
        case .ledger(let error): self = .held(name: "ledger", why: "\(error)")
        }
    }

    init(_ error: StoreError) {
        if case .wrongCursor = error {
            self = .invalidField(FieldError("cursor", nil, "is none that a page of this list gave"))
        } else {
            self = .held(name: "ledger", why: "\(error)")
        }
    }
}
