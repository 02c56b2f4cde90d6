import CampaignModel
import Recurrence
import StrictYAML
import SurfaceFiles

/// Reads the configuration directory. Everything is checked before any of it is used.
struct ConfigurationReader {
    let directory: String
    let zones: any ZoneSource

    private static let keys = [
        "tick_interval", "completes_after", "late_limit", "min_spacing", "max_concurrent", "retries",
        "default_timezone", "clock_tolerance", "slow_after", "on_alert", "limits", "retention", "access",
    ]
    private static let limitKeys = ["campaigns", "versions", "messages", "pending_triggers"]
    /// Surfaces or audiences: more than this is a mistake, and each costs a file to read.
    private static let entryLimit = 1_000

    func read() throws -> DaemonConfiguration {
        try readWithFile().configuration
    }

    /// The same, and campaignd.yaml as it was read for that; nil where there is none.
    func readWithFile() throws -> (configuration: DaemonConfiguration, file: YAMLNode?) {
        var configuration = DaemonConfiguration()
        configuration.catalogue = Catalogue(surfaces: try surfaces(), audiences: Set(try audiences()))
        let file = try file()
        if let file { try fill(&configuration, from: file) }
        return (configuration, file)
    }

    private func file() throws -> YAMLNode? {
        let path = directory + "/campaignd.yaml"
        guard let bytes = try RegularFile.read(path, limit: YAMLDocument.sizeLimit) else { return nil }
        return try YAMLDocument.read(bytes: bytes, file: path)
    }

    func fill(_ configuration: inout DaemonConfiguration, from root: YAMLNode) throws {
        let mapping = try root.mapping(allowing: Self.keys)
        var settings = Settings()
        try set(&settings.tickInterval, mapping["tick_interval"], .milliseconds(100)...Duration.seconds(3_600))
        try set(&settings.completesAfter, mapping["completes_after"], .milliseconds(1)...Duration.seconds(366 * 86_400))
        try set(&settings.lateLimit, mapping["late_limit"], CampaignContent.allowedLateLimit)
        try set(&settings.slowAfter, mapping["slow_after"], .seconds(1)...Duration.seconds(366 * 86_400))
        try set(&settings.minSpacing, mapping["min_spacing"], .milliseconds(1)...Duration.seconds(86_400))
        try set(&settings.clockTolerance, mapping["clock_tolerance"], .milliseconds(1)...Duration.seconds(366 * 86_400))
        try set(&settings.maxConcurrent, mapping["max_concurrent"], 1...1_000)
        try set(&settings.retries, mapping["retries"], CampaignContent.allowedRetries)
        if let node = mapping["default_timezone"] {
            settings.defaultTimezone = try node.text()
            do {
                _ = try zones.zone(named: settings.defaultTimezone)
            } catch {
                throw node.error("\(error)")
            }
        }
        if let node = mapping["on_alert"] {
            let text = try node.text()
            guard let surface = Slug(text), configuration.catalogue.surfaces[surface] != nil else {
                throw node.error("\"\(FieldError.shown(text))\" is no surface of surfaces.d")
            }
            settings.onAlert = surface
        }
        if let limits = try mapping["limits"]?.mapping(allowing: Self.limitKeys) {
            try set(&settings.limits.campaigns, limits["campaigns"], 1...10_000_000)
            try set(&settings.limits.versions, limits["versions"], 1...1_000_000)
            try set(&settings.limits.messages, limits["messages"], 1...10_000_000)
            try set(&settings.limits.pendingTriggers, limits["pending_triggers"], 1...1_000_000)
        }
        if let retention = try mapping["retention"]?.mapping(allowing: ["history", "sends"]) {
            try set(&settings.retention.history, retention["history"], RetentionTimes.allowed)
            try set(&settings.retention.sends, retention["sends"], RetentionTimes.allowed)
        }
        if let access = try mapping["access"]?.mapping(allowing: ["operators", "viewers"]) {
            try set(&configuration.access.operators, access["operators"])
            try set(&configuration.access.viewers, access["viewers"])
        }
        configuration.settings = settings
    }

    private func set(_ value: inout Duration, _ node: YAMLNode?, _ allowed: ClosedRange<Duration>) throws {
        guard let node else { return }
        let text = try node.text()
        guard let duration = Duration(text: text), allowed.contains(duration) else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is not a duration from \(allowed.lowerBound.text) to "
                    + allowed.upperBound.text)
        }
        value = duration
    }

    private func set(_ value: inout Int, _ node: YAMLNode?, _ allowed: ClosedRange<Int>) throws {
        guard let node else { return }
        let text = try node.text()
        guard let number = Int(text), allowed.contains(number) else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is not a whole number from \(allowed.lowerBound) to "
                    + "\(allowed.upperBound)")
        }
        value = number
    }

    private func set(_ groups: inout [String], _ node: YAMLNode?) throws {
        guard let node else { return }
        let names = try node.texts()
        guard !names.contains("") else {
            throw node.error("a group's name is empty; write [] to name no group")
        }
        groups = names
    }

    // MARK: surfaces.d and audiences.d

    /// The files are checked whole; what the daemon keeps of them is what it schedules by.
    private func surfaces() throws -> [Surface] {
        try entries("surfaces.d").map { name, path in
            let file = try SurfaceFile(
                name: name, YAMLDocument.read(bytes: try existing(path), file: path))
            return Surface(
                name: name, channel: file.channel, maxConcurrent: file.maxConcurrent ?? Surface.defaultMaxConcurrent,
                retries: file.retries)
        }
    }

    private func audiences() throws -> [Slug] {
        try entries("audiences.d").map { name, path in
            _ = try AudienceFile(YAMLDocument.read(bytes: try existing(path), file: path))
            return name
        }
    }

    private func existing(_ path: String) throws -> [UInt8] {
        guard let bytes = try RegularFile.read(path, limit: YAMLDocument.sizeLimit) else {
            throw ConfigurationError(description: "\(path): is gone while it is read")
        }
        return bytes
    }

    private func entries(_ folder: String) throws -> [(Slug, String)] {
        let path = directory + "/" + folder
        let files = try RegularFile.names(in: path).filter { $0.hasSuffix(".yaml") }.sorted()
        guard files.count <= Self.entryLimit else {
            throw ConfigurationError(
                description: "\(path): has \(files.count) files; \(Self.entryLimit) at most are allowed")
        }
        return try files.map { file in
            guard let name = Slug(String(file.dropLast(".yaml".count))) else {
                throw ConfigurationError(
                    description: "\(path)/\(file): its name must be a-z, 0-9 and -, and end with .yaml")
            }
            return (name, "\(path)/\(file)")
        }
    }
}
