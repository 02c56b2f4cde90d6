import CampaignModel
import ControlAPI

/// How what a check finds is told in words.
enum AlertWords {
    /// `error: there is no message hello; … (message-missing, message)`: the sentence with its code and its field.
    ///
    /// - Parameter severity: as it is to be shown.
    static func line(severity: String, text: String, code: String, field: String?) -> String {
        let about = ([code] + [field].compactMap(\.self)).joined(separator: ", ")
        return "\(severity): \(text.escapedForDisplay) (\(about.escapedForDisplay))"
    }

    static func line(_ alert: AlertView, _ style: Style) -> String {
        line(severity: style.severity(alert.severity), text: alert.text, code: alert.code, field: alert.field)
    }
}
