import CampaignModel

/// The configuration in force, as campaignd.yaml would say it, each value with where it comes from. What it prints can
/// be read again and says the same.
struct ConfigurationPage {
    let read: ReadConfiguration
    /// The configuration directory.
    let directory: String

    private typealias Row = (text: String, source: String?)

    var lines: [String] {
        var rows = rows(in: nil)
        for section in DaemonSetting.sections {
            rows.append(("\(section):", nil))
            rows += self.rows(in: section, indent: "  ")
        }
        let width = rows.map(\.text.count).max() ?? 0
        return rows.map { row in
            guard let source = row.source else { return row.text }
            return row.text + String(repeating: " ", count: width - row.text.count) + "  # \(source)"
        } + catalogue
    }

    private func rows(in section: String?, indent: String = "") -> [Row] {
        DaemonSetting.all(in: section).map { setting in
            ("\(indent)\(setting.name): \(setting.text(in: read.configuration))", read.source(of: setting))
        }
    }

    private var catalogue: [String] {
        let catalogue = read.configuration.catalogue
        let surfaces = catalogue.surfaces.values.sorted { $0.name < $1.name }
        return surfaces.map { surface in
            let retries = surface.retries.map { ", \($0) retries" } ?? ""
            let rate = surface.rate.map { ", \($0)" } ?? ""
            return "# surface \(surface.name): \(surface.channel), \(surface.maxConcurrent) at a time\(retries)\(rate)"
                + ", \(surface.timeout.text) each  # \(directory)/surfaces.d/\(surface.name).yaml"
        } + catalogue.audiences.sorted().map { "# audience \($0)  # \(directory)/audiences.d/\($0).yaml" }
    }
}
