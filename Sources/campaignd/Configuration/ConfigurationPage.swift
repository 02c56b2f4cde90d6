import CampaignModel
import StrictYAML

/// The configuration in force, as campaignd.yaml would say it, each value with where it comes from. What it prints can
/// be read again and says the same.
struct ConfigurationPage {
    let configuration: DaemonConfiguration
    /// campaignd.yaml as it was read; nil where there is none.
    let file: YAMLNode?
    /// The configuration directory.
    let directory: String

    private typealias Entry = (key: String, value: String)

    var lines: [String] {
        let settings = configuration.settings
        let limits = settings.limits
        let access = configuration.access
        let root = file.flatMap { try? $0.mapping() }
        var rows = rows(
            [
                ("tick_interval", settings.tickInterval.text), ("completes_after", settings.completesAfter.text),
                ("late_limit", settings.lateLimit.text), ("min_spacing", settings.minSpacing.text),
                ("max_concurrent", "\(settings.maxConcurrent)"), ("retries", "\(settings.retries)"),
                ("default_timezone", settings.defaultTimezone), ("clock_tolerance", settings.clockTolerance.text),
                ("slow_after", settings.slowAfter.text),
            ], of: root)
        if let surface = settings.onAlert { rows += self.rows([("on_alert", surface.text)], of: root) }
        rows.append(("limits:", nil))
        rows += self.rows(
            [
                ("campaigns", "\(limits.campaigns)"), ("versions", "\(limits.versions)"),
                ("messages", "\(limits.messages)"), ("pending_triggers", "\(limits.pendingTriggers)"),
            ], of: root?["limits"].flatMap { try? $0.mapping() }, indent: "  ")
        rows.append(("retention:", nil))
        rows += self.rows(
            [("history", settings.retention.history.text), ("sends", settings.retention.sends.text)],
            of: root?["retention"].flatMap { try? $0.mapping() }, indent: "  ")
        rows.append(("access:", nil))
        rows += self.rows(
            [("operators", Self.list(access.operators)), ("viewers", Self.list(access.viewers))],
            of: root?["access"].flatMap { try? $0.mapping() }, indent: "  ")
        let width = rows.map(\.text.count).max() ?? 0
        return rows.map { row in
            guard let source = row.source else { return row.text }
            return row.text + String(repeating: " ", count: width - row.text.count) + "  # \(source)"
        } + catalogue
    }

    private func rows(
        _ entries: [Entry], of mapping: YAMLMapping?, indent: String = ""
    ) -> [(text: String, source: String?)] {
        entries.map { entry in
            let place = mapping?[entry.key].map { "\($0.file):\($0.place.line)" }
            return ("\(indent)\(entry.key): \(entry.value)", place ?? "default")
        }
    }

    /// In quotes: a group may have any name.
    private static func list(_ names: [String]) -> String {
        let quoted = names.map { name in
            "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").escapedForDisplay + "\""
        }
        return "[\(quoted.joined(separator: ", "))]"
    }

    private var catalogue: [String] {
        let surfaces = configuration.catalogue.surfaces.values.sorted { $0.name < $1.name }
        return surfaces.map { surface in
            let retries = surface.retries.map { ", \($0) retries" } ?? ""
            return "# surface \(surface.name): \(surface.channel), \(surface.maxConcurrent) at a time\(retries)"
                + "  # \(directory)/surfaces.d/\(surface.name).yaml"
        } + configuration.catalogue.audiences.sorted().map { "# audience \($0)  # \(directory)/audiences.d/\($0).yaml" }
    }
}
