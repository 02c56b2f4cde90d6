internal import CampaignModel
internal import VarlinkKit

extension ControlService {
    /// The methods that answer once about campaigns and the daemon, and change nothing.
    func look(_ method: ControlMethod, _ parameters: CallParameters) async throws(ControlError) -> JSONObject {
        switch method {
        case .count:
            return ["campaigns": .object(StatusCounts.json(try await control.count(parameters.campaignQuery())))]
        case .show:
            let details = try await control.show(parameters.requiredSlug("name"), version: parameters.versionChoice())
            return [
                "campaign": .object(details.campaign.json), "definition": .object(details.definition.json),
                "now": JSONValue(details.now), "source_text": JSONValue(details.sourceText),
            ]
        case .preview: return try await preview(parameters)
        case .diff: return try await control.diff(parameters.requiredSlug("name")).json
        case .next:
            let query = NextQuery(
                campaigns: try parameters.slugs("campaigns", limit: NextQuery.campaignLimit),
                after: try parameters.instant("after"), until: try parameters.instant("until"),
                includesDrafts: try parameters.flag("drafts") ?? false,
                limit: try parameters.number("limit", in: NextQuery.allowedLimits) ?? NextQuery.defaultLimit)
            return try await control.next(query).json
        case .check: return try await control.checks(of: parameters.requiredSlug("name")).json
        case .complete: return ["names": .array(try await names(parameters).map(JSONValue.string))]
        case .metrics: return ["families": .array(try await control.metrics().map { .object($0.json) })]
        default: return try await control.status().json
        }
    }

    private func preview(_ parameters: CallParameters) async throws(ControlError) -> JSONObject {
        let query = PreviewQuery(
            version: try parameters.versionChoice(), after: try parameters.instant("after"),
            limit: try parameters.number("limit", in: OccurrencePage.allowedLimits) ?? OccurrencePage.defaultLimit)
        return try await control.preview(parameters.requiredSlug("name"), query).json
    }

    private func names(_ parameters: CallParameters) async throws(ControlError) -> [String] {
        guard let kind = NamedKind(rawValue: try parameters.requiredText("kind")) else {
            throw .invalidField(FieldError("kind", try parameters.text("kind"), "is not known"))
        }
        let limit = try parameters.number("limit", in: NamedKind.allowedLimits) ?? NamedKind.defaultLimit
        let prefix = try parameters.text("prefix") ?? ""
        // No name is longer.
        if prefix.utf8.count > Slug.maximumLength { return [] }
        return try await control.names(of: kind, prefix: prefix, limit: limit)
    }

    func simulate(_ parameters: CallParameters, by peer: VarlinkPeer) async throws(ControlError) -> JSONObject {
        guard let until = try parameters.instant("until") else { throw parameters.missing("until") }
        let seconds = try parameters.number("clash_within", in: SimulationQuery.allowedClashSeconds)
        let query = SimulationQuery(
            until: until, campaigns: try parameters.definitions("with", limit: SimulationQuery.campaignLimit),
            clashWithinSeconds: Int64(seconds ?? SimulationQuery.defaultClashSeconds), actor: actor(peer))
        return try await control.simulate(query).json
    }

    /// The methods that answer once about what campaigns refer to.
    func lookUp(_ method: ControlMethod, _ parameters: CallParameters) async throws(ControlError) -> JSONObject {
        switch method {
        case .listSurfaces:
            return ["surfaces": .array(try await control.surfaces().map { .object($0.json) })]
        case .listAudiences:
            return ["audiences": .array(try await control.audiences().map { .object($0.json) })]
        case .countAudience: return try await control.countAudience(parameters.requiredSlug("name")).json
        case .sampleAudience:
            let limit = try parameters.number("limit", in: AudienceSample.allowedLimits) ?? AudienceSample.defaultLimit
            return try await control.sampleAudience(parameters.requiredSlug("name"), limit: limit).json
        default:
            let view = try await control.message(
                parameters.requiredSlug("name"), revision: parameters.number("revision", in: 1...Int(Int32.max)))
            return ["message": .object(view.json)]
        }
    }
}
