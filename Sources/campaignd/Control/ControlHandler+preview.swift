import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import SendProtocol

/// A message as one recipient would get it.
extension ControlHandler {
    /// Choices that an error names.
    private static let namedUses = 10

    func previewMessage(
        _ query: MessagePreviewQuery, to take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> MessagePreviewView {
        let message = try storedMessage(query.name, revision: query.revision)
        let use = try use(of: message, query.by)
        let catalogue = engine.currentRules.catalogue
        guard catalogue.surfaces[use.surface] != nil else {
            throw ControlError.notFound(.surface, name: use.surface.text)
        }
        guard catalogue.audiences.contains(use.audience) else {
            throw ControlError.notFound(.audience, name: use.audience.text)
        }
        let request = ComposeRequest(
            title: use.title, surface: use.surface, audience: use.audience, recipient: query.recipient,
            message: SentMessage(name: message.name, revision: message.revision, content: message.content))
        let composition: Composition
        do {
            composition = try await composer.compose(request, to: take)
        } catch let error as LauncherError {
            throw Self.launcherDown(error)
        }
        switch composition {
        case .composed(let composed):
            return MessagePreviewView(message, surface: use.surface, audience: use.audience, composed)
        case .failed(let why): throw ControlError.held(name: "preview", why: why)
        }
    }

    private func use(of message: Message, _ way: MessagePreviewQuery.Way?) throws(ControlError) -> MessageUse {
        switch way {
        case .surface(let surface, let audience): return MessageUse(campaign: nil, title: nil, surface, audience)
        case .campaign(let name):
            let campaign = try campaign(name)
            let content = (campaign.draft ?? campaign.live)?.content
            guard let surface = content?.surface, let audience = content?.audience else {
                let lack = content?.surface == nil ? "surface" : "audience"
                throw .invalidField(
                    FieldError("campaign", name.text, "names no \(lack); name a surface and an audience"))
            }
            return MessageUse(campaign: name, title: content?.title, surface, audience)
        case nil: return try onlyUse(of: message)
        }
    }

    /// The one way that all campaigns with this message go.
    private func onlyUse(of message: Message) throws(ControlError) -> MessageUse {
        let uses = try looking { () throws(StoreError) in try store.uses(ofMessage: message.name) }
        // A title is seen where it stands for the subject alone.
        let isTitled = message.content.subject == nil
        var ways: [MessageUse] = []
        for use in uses where !ways.contains(where: { $0.isAlike(use, titled: isTitled) }) { ways.append(use) }
        guard let only = ways.first, ways.count == 1 else {
            throw .invalidField(FieldError("campaign", nil, Self.choices(ways, message.name)))
        }
        return only
    }

    private static func choices(_ ways: [MessageUse], _ message: Slug) -> String {
        guard !ways.isEmpty else {
            return "is missing: no campaign uses message \(message); name a campaign, or a surface and an audience"
        }
        let named = ways.prefix(namedUses).compactMap { use in
            use.campaign.map { "\($0) (over \(use.surface) to \(use.audience))" }
        }
        let more = ways.count > namedUses ? " and others" : ""
        return "is missing, and campaigns use message \(message) in several ways: "
            + named.joined(separator: ", ") + more + "; name one of them, or a surface and an audience"
    }
}

extension MessageUse {
    fileprivate func isAlike(_ other: MessageUse, titled: Bool) -> Bool {
        surface == other.surface && audience == other.audience && (!titled || title == other.title)
    }
}
