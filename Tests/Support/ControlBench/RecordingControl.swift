import CampaignModel
import ControlAPI
import Recurrence
import Synchronization

/// A `Control` that answers from tables and records what it was asked.
final class RecordingControl: Control {
    enum Asked: Hashable, Sendable {
        case list(CampaignQuery, PageRequest)
        case count(CampaignQuery)
        case show(Slug, VersionChoice)
        case preview(Slug, PreviewQuery)
        case diff(Slug)
        case next(NextQuery)
        case checks(Slug)
        case simulate(SimulationQuery)
        case names(NamedKind, String, Int)
        case create(CampaignDefinition, String?, Change)
        case apply(CampaignDefinition, String?, Change)
        case perform(Command, Slug, Change)
        case send(SendOrder, Slug, Change)
        case retry(OccurrenceKey, attempt: Int?, Change)
        case proof(Slug, ProofAddress, RequestID, Change)
        case testSurface(Slug, ProofAddress?, RequestID, Change)
        case duplicate(Slug, Slug, Change)
        case sends(SendQuery, PageRequest)
        case recipients(OccurrenceKey, Set<RecipientState>?), suppress(SuppressionOrder), suppressed([String])
        case events(EventQuery)
        case alerts(Slug?, PageRequest)
        case putMessage(Slug, MessageContent, Change)
        case publishMessage(Slug, Change)
        case messages(PageRequest)
        case message(Slug, Int?)
        case surfaces
        case audiences
        case countAudience(Slug)
        case sampleAudience(Slug, Int)
        case status, metrics, previewMessage(MessagePreviewQuery)
        case backup(Issuer), acceptClock(Issuer), adoptLedger(Issuer)
    }

    struct State {
        var asked: [Asked] = []
        var whenAsked: (@Sendable (Asked, RecordingControl) -> Void)?
        var campaigns: [String: CampaignView] = [:]
        var files: [String: (definition: CampaignDefinition, sourceText: String?)] = [:]
        var changes: (notes: [String], outlook: StopOutlookView?, forecast: ForecastView?) = ([], nil, nil)
        var ordered: [OrderedSend] = []
        var tests: [SendTestView] = []
        var retryAnswer: SendView?
        var applyRefusal: ControlError?
        var applyAnswer: AppliedCampaign?
        var refusals: [String: ControlError] = [:]
        var sends: [SendView] = [], suppressed: [Suppression] = []
        var events: [EventView] = []
        var alerts: [AlertView] = []
        var messages: [MessageView] = []
        var contents: [Message] = []
        var surfaces: [SurfaceView] = []
        var audiences: [Slug: (count: AudienceCount, sample: AudienceSample)] = [:]
        var occurrences: [Occurrence] = []
        var planned: [PlannedView] = []
        var simulation: SimulationView?
        var diffs: [String: DiffView] = [:]
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var waits = 0
        var isChanged = true
        var copy: [[UInt8]] = []
        var results: [String: [[RecipientResult]]] = [:]
        var preview: (view: MessagePreviewView, pieces: [[UInt8]])?
    }

    let state = Mutex(State())

    init(campaigns: [CampaignView] = []) {
        state.withLock { state in
            for campaign in campaigns { state.campaigns[campaign.name] = campaign }
        }
    }

    var asked: [Asked] { state.withLock { $0.asked } }

    /// Whether somebody waits for an event.
    var isWaitedFor: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// What happens after each answer.
    func whenAsked(_ body: @escaping @Sendable (Asked, RecordingControl) -> Void) {
        state.withLock { $0.whenAsked = body }
    }

    /// Whatever is asked of this name is refused so.
    func refuse(_ name: String, _ error: ControlError) {
        state.withLock { $0.refusals[name] = error }
    }

    /// Every `apply` is refused so; the rest is answered.
    func refuseToApply(_ error: ControlError) {
        state.withLock { $0.applyRefusal = error }
    }

    /// What every `apply` that is not refused is answered with.
    func answerApply(with applied: AppliedCampaign) {
        state.withLock { $0.applyAnswer = applied }
    }

    func set(
        sends: [SendView] = [], alerts: [AlertView] = [], messages: [MessageView] = [], occurrences: [Occurrence] = []
    ) {
        state.withLock { state in
            state.occurrences = occurrences
            state.sends = sends
            state.alerts = alerts
            state.messages = messages
        }
    }

    func set(diff: DiffView, of name: String) {
        state.withLock { $0.diffs[name] = diff }
    }

    /// What `show` gives beside the campaign itself.
    func set(file definition: CampaignDefinition, sourceText: String?, of name: String) {
        state.withLock { $0.files[name] = (definition, sourceText) }
    }

    /// What commands answer beside the campaign; of a stop for show its outlook, of an activation the forecast.
    func set(notes: [String] = [], outlook: StopOutlookView? = nil, forecast: ForecastView? = nil) {
        state.withLock { $0.changes = (notes, outlook, forecast) }
    }

    /// What the next orders are answered with.
    func set(ordered: OrderedSend...) {
        state.withLock { $0.ordered = ordered }
    }

    /// What every retry of a send that is there is answered with.
    func answerRetries(with send: SendView) {
        state.withLock { $0.retryAnswer = send }
    }

    /// What the next proofs and tests of surfaces are answered with.
    func set(tests: SendTestView...) {
        state.withLock { $0.tests = tests }
    }

    /// What campaigns refer to.
    func set(
        contents: [Message] = [], surfaces: [SurfaceView] = [],
        audiences: [Slug: (count: AudienceCount, sample: AudienceSample)] = [:]
    ) {
        state.withLock { state in
            state.contents = contents
            state.surfaces = surfaces
            state.audiences = audiences
        }
    }

    /// What the ledger's methods answer.
    func set(isChanged: Bool = true, copy: [[UInt8]] = []) {
        state.withLock { ($0.isChanged, $0.copy) = (isChanged, copy) }
    }

    func set(planned: [PlannedView]) {
        state.withLock { $0.planned = planned }
    }

    /// Adds an event to the history and wakes who waits for one.
    func happen(_ event: EventView) {
        let waiting = state.withLock { state in
            state.events.append(event)
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for continuation in waiting { continuation.resume() }
    }

    // MARK: Control

    func list(_ query: CampaignQuery, page: PageRequest) async throws(ControlError) -> Page<CampaignView> {
        try await answered(.list(query, page), "list") { state in
            let found = state.campaigns.values.filter { query.statuses?.contains($0.status) ?? true }
            return Self.page(found.sorted { $0.name < $1.name }, page)
        }
    }

    func count(_ query: CampaignQuery) async throws(ControlError) -> [Status: Int] {
        try await answered(.count(query), "count") { state in
            let found = state.campaigns.values.map(\.status).filter { query.statuses?.contains($0) ?? true }
            return Dictionary(grouping: found) { $0 }.mapValues(\.count)
        }
    }

    func show(_ name: Slug, version: VersionChoice) async throws(ControlError) -> CampaignDetails {
        try await answered(.show(name, version), name.text) { state in
            guard var campaign = state.campaigns[name.text] else { return nil }
            if case .number(let number) = version { campaign.version = number }
            let file = state.files[name.text] ?? (Sample.definition(name.text), "name: \(name)\n")
            return CampaignDetails(
                campaign: campaign, definition: file.definition, sourceText: file.sourceText, now: Sample.instant)
        }
    }

    func preview(_ name: Slug, _ query: PreviewQuery) async throws(ControlError) -> PreviewView {
        try await answered(.preview(name, query), name.text) { state in
            guard let campaign = state.campaigns[name.text] else { return nil }
            let later = state.occurrences.filter { $0.instant > query.after ?? .earliest }
            return PreviewView(
                OccurrencePage(
                    occurrences: Array(later.prefix(query.limit)),
                    zoneName: campaign.schedule.definition.timezone ?? "UTC", isExhausted: later.count <= query.limit))
        }
    }

    func diff(_ name: Slug) async throws(ControlError) -> DiffView {
        try await answered(.diff(name), name.text) { $0.diffs[name.text] }
    }

    func checks(of name: Slug) async throws(ControlError) -> CheckView {
        try await answered(.checks(name), name.text) { state in
            guard state.campaigns[name.text] != nil else { return nil }
            return CheckView(alerts: state.alerts.filter { $0.campaign == name.text }, forecast: state.changes.forecast)
        }
    }

    func create(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> CampaignView {
        try await answered(.create(definition, sourceText, change), definition.name ?? "") { _ in
            try? Sample.campaign(definition)
        }
    }

    func apply(
        _ definition: CampaignDefinition, sourceText: String?, change: Change
    ) async throws(ControlError) -> AppliedCampaign {
        let asked = Asked.apply(definition, sourceText, change)
        let (present, refusal) = state.withLock { ($0.campaigns[definition.name ?? ""], $0.applyRefusal) }
        if let refusal { throw refusal }
        if let present, let revision = change.revision, revision != present.revision {
            throw .conflict(name: present.name, revision: present.revision)
        }
        return try await answered(asked, definition.name ?? "") { state in
            if let answer = state.applyAnswer { return answer }
            return (try? Sample.campaign(definition)).map {
                AppliedCampaign(campaign: $0, outcome: present == nil ? .created : .changed)
            }
        }
    }

    func perform(_ command: Command, on name: Slug, change: Change) async throws(ControlError) -> ChangedCampaign {
        try await answered(.perform(command, name, change), name.text) { state in
            guard var campaign = state.campaigns[name.text] else { return nil }
            var acknowledged: [AlertCode] = []
            switch command {
            case .acknowledge:
                acknowledged = campaign.alerts.compactMap { AlertCode(rawValue: $0.code) }.filter(\.isUntilAcknowledged)
                campaign.alerts.removeAll { acknowledged.map(\.rawValue).contains($0.code) }
            case .activate: campaign.status = .scheduled
            case .unschedule: campaign.status = .draft
            case .stop: campaign.status = .stopped
            case .archive: campaign.status = .archived
            case .pause: campaign.isPaused = true
            case .resume: campaign.isPaused = false
            case .tag(let adding, let removing):
                let kept = campaign.tags.filter { !removing.map(\.text).contains($0) }
                campaign.tags = kept + adding.map(\.text)
            case .apply, .send, .retry, .modify, .discard, .unarchive, .delete, .cancel: break
            }
            campaign.revision += 1
            if !change.isDryRun { state.campaigns[name.text] = campaign }
            let outlook = command == .stop && change.isDryRun ? state.changes.outlook : nil
            return ChangedCampaign(
                campaign: campaign, notes: state.changes.notes, outlook: outlook, acknowledged: acknowledged,
                forecast: command == .activate ? state.changes.forecast : nil)
        }
    }

    func duplicate(_ name: Slug, as newName: Slug, change: Change) async throws(ControlError) -> CampaignView {
        try await answered(.duplicate(name, newName, change), name.text) { state in
            guard var campaign = state.campaigns[name.text] else { return nil }
            campaign.name = newName.text
            campaign.status = .draft
            return campaign
        }
    }

    func events(_ query: EventQuery) async throws(ControlError) -> EventPage {
        try await answered(.events(query), query.campaign?.text ?? "events") { state in
            var events = state.events.filter { query.campaign == nil || $0.campaign == query.campaign?.text }
            switch query.from {
            case .after(let sequence): events = events.filter { $0.sequence > sequence }
            case .last(let count): events = events.suffix(count)
            }
            let isLast = events.count <= query.limit
            let shown = Array(events.prefix(query.limit))
            let newest = isLast ? state.events.last?.sequence : shown.last?.sequence
            return EventPage(events: shown, after: newest ?? 0, isLast: isLast)
        }
    }

    func waitForEvent(after sequence: Int64) async {
        let number = state.withLock { state in
            state.waits += 1
            return state.waits
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if Task.isCancelled || state.events.last.map({ $0.sequence > sequence }) ?? false { return true }
                    state.waiting[number] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }

    func alerts(of name: Slug?, page: PageRequest) async throws(ControlError) -> Page<AlertView> {
        try await answered(.alerts(name, page), name?.text ?? "alerts") { state in
            Self.page(state.alerts.filter { name == nil || $0.campaign == name?.text }, page)
        }
    }

    func putMessage(
        _ name: Slug, content: MessageContent, change: Change
    ) async throws(ControlError) -> MessageView {
        try await answered(.putMessage(name, content, change), name.text) { _ in
            MessageView(
                Message(name: name, revision: 1, isPublished: false, content: content), publishedRevision: nil)
        }
    }

    func publishMessage(_ name: Slug, change: Change) async throws(ControlError) -> MessageView {
        try await answered(.publishMessage(name, change), name.text, missing: .message) { state in
            guard var message = state.messages.first(where: { $0.name == name.text }) else { return nil }
            message.publishedRevision = message.revision
            return message
        }
    }

    func messages(page: PageRequest) async throws(ControlError) -> Page<MessageView> {
        try await answered(.messages(page), "messages") { state in Self.page(state.messages, page) }
    }

    func message(_ name: Slug, revision: Int?) async throws(ControlError) -> MessageContentView {
        try await answered(.message(name, revision), name.text, missing: .message) { state in
            state.contents.last { $0.name == name && (revision == nil || $0.revision == revision) }
                .map(MessageContentView.init)
        }
    }

    func surfaces() async throws(ControlError) -> [SurfaceView] {
        try await answered(.surfaces, "surfaces") { $0.surfaces }
    }

    func audiences() async throws(ControlError) -> [AudienceView] {
        try await answered(.audiences, "audiences") { state in
            state.audiences.keys.sorted().map { AudienceView(name: $0, campaigns: 2) }
        }
    }

    func countAudience(_ name: Slug) async throws(ControlError) -> AudienceCountView {
        let found = try await answered(.countAudience(name), name.text, missing: .audience) { $0.audiences[name] }
        return try AudienceCountView(name, found.count)
    }

    func sampleAudience(_ name: Slug, limit: Int) async throws(ControlError) -> AudienceSampleView {
        let found = try await answered(.sampleAudience(name, limit), name.text, missing: .audience) {
            $0.audiences[name]
        }
        return try AudienceSampleView(name, found.sample)
    }

    func status() async throws(ControlError) -> StatusView {
        try await answered(.status, "status") { state in
            Sample.status(alerts: state.alerts.filter { $0.campaign == nil })
        }
    }

    func answered<Value: Sendable>(
        _ asked: Asked, _ name: String, missing: ControlError.Kind = .campaign,
        _ answer: (inout State) -> Value?
    ) async throws(ControlError) -> Value {
        let result = state.withLock { state -> Result<Value, ControlError> in
            state.asked.append(asked)
            if let refusal = state.refusals[name] { return .failure(refusal) }
            return answer(&state).map { .success($0) } ?? .failure(.notFound(missing, name: name))
        }
        state.withLock { $0.whenAsked }?(asked, self)
        return try result.get()
    }
}
