import ControlAPI

/// Metrics as the text that monitors read.
struct MetricsText {
    let format: Format

    /// What the reader understands.
    enum Format: String, CaseIterable {
        /// <https://prometheus.io/docs/specs/om/open_metrics_spec/>, version 1.0.0.
        case openmetrics
        /// <https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format>, version 0.0.4: it has no
        /// info and no units, and names counters with their ending.
        case prometheus
    }

    /// - Parameter families: as the daemon tells them.
    /// - Returns: lines, each with its end.
    func text(of families: [MetricFamily]) -> String {
        let lines = families.flatMap(lines) + (format == .openmetrics ? ["# EOF"] : [])
        return lines.map { $0 + "\n" }.joined()
    }

    private func lines(_ family: MetricFamily) -> [String] {
        var lines: [String]
        switch format {
        case .openmetrics:
            lines = ["# TYPE \(family.name) \(family.kind.rawValue)"]
            if let unit = family.unit { lines.append("# UNIT \(family.name) \(unit)") }
            lines.append("# HELP \(family.name) \(Self.escaped(family.help))")
        case .prometheus:
            // A family without a sample would be one with another meaning there.
            if family.samples.isEmpty { return [] }
            let name = family.name + family.kind.suffix
            lines = ["# HELP \(name) \(Self.escaped(family.help, quotes: false))", "# TYPE \(name) \(typeWord(family))"]
        }
        return lines + family.samples.map(Self.line)
    }

    private func typeWord(_ family: MetricFamily) -> String {
        family.kind == .info ? MetricFamily.Kind.gauge.rawValue : family.kind.rawValue
    }

    private static func line(_ sample: MetricSample) -> String {
        let labels = sample.labels.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
        return sample.name + (labels.isEmpty ? "" : "{\(labels)}") + " " + number(sample.value)
    }

    /// As short as it can be read back.
    private static func number(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }

    /// - Parameter quotes: whether they are marked too; a help text of Prometheus's own form has them as they are.
    private static func escaped(_ text: String, quotes: Bool = true) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quotes ? escaped.replacing("\"", with: "\\\"") : escaped
    }
}
