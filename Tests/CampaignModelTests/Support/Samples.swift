@testable import CampaignModel
import Recurrence

extension Rules {
    /// What the administrator of these tests set up.
    static let sample = Rules(
        settings: Settings(),
        catalogue: Catalogue(
            surfaces: [Surface(name: "newsletter", channel: "email"), Surface(name: "texts", channel: "sms")],
            audiences: ["subscribers"]),
        zones: SystemZones(directory: "/usr/share/zoneinfo"))
}

extension CampaignContent {
    /// A complete campaign in Paris, with what `edit` changes.
    static func sample(_ edit: (inout CampaignDefinition) -> Void = { _ in }) throws -> CampaignContent {
        var definition = CampaignDefinition()
        definition.title = "Spring"
        definition.channel = "email"
        definition.surface = "newsletter"
        definition.message = "spring-2026"
        definition.audience = "subscribers"
        definition.schedule = ScheduleDefinition()
        definition.schedule?.timezone = "Europe/Paris"
        edit(&definition)
        return try CampaignContent(definition)
    }

    /// A one-shot; nil: at activation.
    static func oneShot(
        _ start: String?, edit: (inout CampaignDefinition) -> Void = { _ in }
    ) throws -> CampaignContent {
        try sample {
            $0.schedule?.start = start
            edit(&$0)
        }
    }

    /// Daily at the time of its start.
    static func daily(
        _ start: String?, edit: (inout CampaignDefinition) -> Void = { _ in }
    ) throws -> CampaignContent {
        try sample {
            $0.schedule?.start = start
            $0.schedule?.every = "day"
            edit(&$0)
        }
    }

    static func triggered(edit: (inout CampaignDefinition) -> Void = { _ in }) throws -> CampaignContent {
        try sample {
            $0.type = "triggered"
            edit(&$0)
        }
    }
}
