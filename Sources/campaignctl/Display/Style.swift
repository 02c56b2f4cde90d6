import CampaignModel
import ControlAPI

/// Colours for people; none where they are not wanted.
struct Style {
    let isColoured: Bool

    func bold(_ text: String) -> String { wrapped(text, "1") }
    func red(_ text: String) -> String { wrapped(text, "31") }
    func green(_ text: String) -> String { wrapped(text, "32") }
    func yellow(_ text: String) -> String { wrapped(text, "33") }
    func dim(_ text: String) -> String { wrapped(text, "2") }

    /// The colour of a status: green while it works, dim once it has ended.
    func status(_ text: String, _ status: Status) -> String {
        switch status {
        case .active: green(text)
        case .activating: yellow(text)
        case .stopped, .completed, .archived: dim(text)
        case .draft, .scheduled: text
        }
    }

    /// The colour of a send's state: green once it is sent, red where it asks for a person.
    func sendState(_ text: String, _ state: SendState) -> String {
        switch state {
        case .sent: green(text)
        case .failed, .missed, .interrupted: red(text)
        case .running, .waiting: yellow(text)
        case .claimed, .queued, .skipped, .cancelled: text
        }
    }

    func severity(_ severity: AlertSeverity) -> String { self.severity(severity.rawValue, severity) }

    /// The colour of the gravest of these alerts; as it is where there are none.
    func gravest(_ text: String, of alerts: [AlertView]) -> String {
        let severities = alerts.map(\.severity)
        guard !severities.isEmpty else { return text }
        return severity(text, severities.contains(.error) ? .error : .warning)
    }

    private func severity(_ text: String, _ severity: AlertSeverity) -> String {
        switch severity {
        case .error: red(text)
        case .warning: yellow(text)
        }
    }

    private func wrapped(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
