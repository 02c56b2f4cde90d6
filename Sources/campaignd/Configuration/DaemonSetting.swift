import CampaignModel
import Recurrence

/// One setting: its key, what may be written for it, and where it is kept. All that reads or tells settings goes by the
/// one list of them.
struct DaemonSetting: Sendable {
    /// As campaignd.yaml names it; below a section with a dot: `limits.campaigns`.
    let key: String
    let kind: Kind

    typealias Place<Value> = WritableKeyPath<DaemonConfiguration, Value> & Sendable

    /// What its value is, where it is kept, and what is allowed.
    enum Kind: Sendable {
        case duration(any Place<Duration>, ClosedRange<Duration>)
        case number(any Place<Int>, ClosedRange<Int>)
        /// A name of the zone database.
        case zone(any Place<String>)
        /// A surface of surfaces.d; an empty text: none.
        case surface(any Place<Slug?>)
        /// Names of groups.
        case groups(any Place<[String]>)
    }

    init(_ key: String, _ kind: Kind) {
        self.key = key
        self.kind = kind
    }

    /// The mapping of campaignd.yaml that it stands in; nil for the file's own.
    var section: String? { key.firstIndex(of: ".").map { String(key[..<$0]) } }

    /// Its key there.
    var name: String { key.split(separator: ".").last.map(String.init) ?? key }

    /// The environment variable that overrides the files: `CAMPAIGND_LIMITS_CAMPAIGNS`.
    // By characters: `replacing(_:with:)` brings in the library of regular expressions, which stays in memory.
    var variable: String { Self.variablePrefix + String(key.uppercased().map { $0 == "." ? "_" : $0 }) }

    static let variablePrefix = "CAMPAIGND_"

    /// In the order in which people are told of them.
    static let all = [
        DaemonSetting(
            "tick_interval", .duration(\.settings.tickInterval, .milliseconds(100)...Duration.seconds(3_600))),
        DaemonSetting("completes_after", .duration(\.settings.completesAfter, .milliseconds(1)...year)),
        DaemonSetting("late_limit", .duration(\.settings.lateLimit, CampaignContent.allowedLateLimit)),
        DaemonSetting("min_spacing", .duration(\.settings.minSpacing, .milliseconds(1)...Duration.seconds(86_400))),
        DaemonSetting("max_concurrent", .number(\.settings.maxConcurrent, 1...1_000)),
        DaemonSetting("retries", .number(\.settings.retries, CampaignContent.allowedRetries)),
        DaemonSetting("default_timezone", .zone(\.settings.defaultTimezone)),
        DaemonSetting("clock_tolerance", .duration(\.settings.clockTolerance, .milliseconds(1)...year)),
        DaemonSetting("slow_after", .duration(\.settings.slowAfter, .seconds(1)...year)),
        DaemonSetting("on_alert", .surface(\.settings.onAlert)),
        DaemonSetting("limits.campaigns", .number(\.settings.limits.campaigns, 1...10_000_000)),
        DaemonSetting("limits.versions", .number(\.settings.limits.versions, 1...1_000_000)),
        DaemonSetting("limits.messages", .number(\.settings.limits.messages, 1...10_000_000)),
        DaemonSetting("limits.pending_triggers", .number(\.settings.limits.pendingTriggers, 1...1_000_000)),
        DaemonSetting("retention.history", .duration(\.settings.retention.history, RetentionTimes.allowed)),
        DaemonSetting("retention.sends", .duration(\.settings.retention.sends, RetentionTimes.allowed)),
        DaemonSetting("retention.recipients", .duration(\.settings.retention.recipients, RetentionTimes.allowed)),
        DaemonSetting("access.operators", .groups(\.access.operators)),
        DaemonSetting("access.viewers", .groups(\.access.viewers)),
    ]

    private static let year = Duration.seconds(366 * 86_400)

    /// The mappings that settings stand in, besides the file's own.
    static let sections = ["limits", "retention", "access"]

    /// Those of a section; of the file's own mapping for nil.
    static func all(in section: String?) -> [DaemonSetting] { all.filter { $0.section == section } }

    /// The value in force, as campaignd.yaml would say it.
    func text(in configuration: DaemonConfiguration) -> String {
        switch kind {
        case .duration(let place, _): configuration[keyPath: place].text
        case .number(let place, _): "\(configuration[keyPath: place])"
        case .zone(let place): configuration[keyPath: place]
        case .surface(let place): configuration[keyPath: place]?.text ?? "\"\""
        case .groups(let place): Self.list(configuration[keyPath: place])
        }
    }

    /// In quotes: a group may have any name.
    private static func list(_ names: [String]) -> String {
        let quoted = names.map { name in
            "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").escapedForDisplay + "\""
        }
        return "[\(quoted.joined(separator: ", "))]"
    }
}

// MARK: Taking a value

extension DaemonSetting {
    /// Why a value can't be taken: what it is not.
    struct Fault: Error {
        let reason: String
    }

    var isList: Bool {
        if case .groups = kind { true } else { false }
    }

    /// Takes what is written for it, after its range and what it names were checked.
    ///
    /// - Parameter words: one, or of a list any number.
    func take(
        _ words: [String], into configuration: inout DaemonConfiguration, zones: any ZoneSource
    ) throws(Fault) {
        let word = words.first ?? ""
        switch kind {
        case .duration(let place, let allowed):
            guard let duration = Duration(text: word), allowed.contains(duration) else {
                throw Fault(word, "is not a duration from \(allowed.lowerBound.text) to \(allowed.upperBound.text)")
            }
            configuration[keyPath: place] = duration
        case .number(let place, let allowed):
            guard let number = Int(word), allowed.contains(number) else {
                throw Fault(word, "is not a whole number from \(allowed.lowerBound) to \(allowed.upperBound)")
            }
            configuration[keyPath: place] = number
        case .zone(let place):
            do {
                _ = try zones.zone(named: word)
            } catch {
                throw Fault(reason: "\(error)")
            }
            configuration[keyPath: place] = word
        case .surface(let place):
            let surface = Slug(word)
            guard word.isEmpty || surface.map({ configuration.catalogue.surfaces[$0] != nil }) == true else {
                throw Fault(word, "is no surface of surfaces.d")
            }
            configuration[keyPath: place] = surface
        case .groups(let place):
            guard !words.contains("") else {
                throw Fault(reason: "a group's name is empty; write [] to name no group")
            }
            configuration[keyPath: place] = words
        }
    }
}

extension DaemonSetting.Fault {
    fileprivate init(_ word: String, _ reason: String) {
        self.reason = "\"\(FieldError.shown(word))\" \(reason)"
    }
}
