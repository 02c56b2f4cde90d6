import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI

/// What campaigns refer to, as people look at it.
extension ControlHandler {
    func messages(page: PageRequest) async throws(ControlError) -> ControlAPI.Page<MessageView> {
        let after = try cursor(page, { Slug($0) })
        let found = try looking { () throws(StoreError) in try store.messages(after: after, limit: page.limit) }
        var views: [MessageView] = []
        for listing in found.items { views.append(try view(listing, published: listing.published)) }
        return ControlAPI.Page(views, nextCursor: found.next?.text)
    }

    func message(_ name: Slug, revision: Int?) async throws(ControlError) -> MessageContentView {
        MessageContentView(try storedMessage(name, revision: revision))
    }

    /// - Parameter revision: nil for the newest one.
    func storedMessage(_ name: Slug, revision: Int?) throws(ControlError) -> Message {
        guard let listing = try message(name) else { throw .notFound(.message, name: name.text) }
        let wanted = revision ?? listing.newest
        guard let found = try looking({ () throws(StoreError) in try store.message(name, revision: wanted) }) else {
            throw .notFound(
                .message, name: name.text,
                why: "message \(name) has no revision \(wanted); its newest one is \(listing.newest)")
        }
        return found
    }

    func message(_ name: Slug) throws(ControlError) -> MessageListing? {
        try looking { () throws(StoreError) in try store.messageListing(of: name) }
    }

    func view(_ listing: MessageListing, published: Int?) throws(ControlError) -> MessageView {
        let stored = try looking { () throws(StoreError) in
            try store.message(listing.name, revision: listing.newest)
        }
        guard let stored else { throw .notFound(.message, name: listing.name.text) }
        return MessageView(stored, publishedRevision: published)
    }

    func names(of kind: NamedKind, prefix: String, limit: Int) async throws(ControlError) -> [String] {
        func first(_ names: some Sequence<Slug>) -> [String] {
            Array(names.map(\.text).filter { $0.hasPrefix(prefix) }.sorted().prefix(limit))
        }
        let catalogue = engine.currentRules.catalogue
        return try looking { () throws(StoreError) in
            switch kind {
            case .campaign: try store.campaignNames(prefix: prefix, limit: limit)
            case .tag: try store.tags(prefix: prefix, limit: limit)
            case .message: try store.messageNames(prefix: prefix, limit: limit)
            case .surface: first(catalogue.surfaces.keys)
            case .audience: first(catalogue.audiences)
            }
        }
    }

    // MARK: Surfaces and audiences

    func surfaces() async throws(ControlError) -> [SurfaceView] {
        let open = await engine.overview().openSends
        return engine.currentRules.catalogue.surfaces.values.sorted { $0.name < $1.name }.map { surface in
            let own = open.filter { $0.surface == surface.name }
            return SurfaceView(
                surface, running: own.count { $0.state == .running },
                queued: own.count { $0.state == .queued })
        }
    }

    func audiences() async throws(ControlError) -> [AudienceView] {
        let uses = try looking { () throws(StoreError) in try store.audienceUses() }
        return engine.currentRules.catalogue.audiences.sorted().map {
            AudienceView(name: $0, campaigns: uses[$0] ?? 0)
        }
    }

    func countAudience(_ name: Slug) async throws(ControlError) -> AudienceCountView {
        let count = try await askingSender(about: name) { () async throws(LauncherError) in
            try await engine.count(name)
        }
        return try AudienceCountView(name, count)
    }

    func sampleAudience(_ name: Slug, limit: Int) async throws(ControlError) -> AudienceSampleView {
        let sample = try await askingSender(about: name) { () async throws(LauncherError) in
            try await engine.sample(name, limit: limit)
        }
        return try AudienceSampleView(name, sample)
    }

    private func askingSender<Value>(
        about audience: Slug, _ ask: () async throws(LauncherError) -> Value
    ) async throws(ControlError) -> Value {
        guard engine.currentRules.catalogue.audiences.contains(audience) else {
            throw .notFound(.audience, name: audience.text)
        }
        do {
            return try await ask()
        } catch {
            throw Self.launcherDown(error)
        }
    }

    static func launcherDown(_ error: LauncherError) -> ControlError {
        .held(name: AlertCode.launcherDown.rawValue, why: "the sender does not answer: \(error.reason)")
    }
}
