import CampaignModel
import ControlAPI

/// How it is told how long a send takes that has not begun.
enum ForecastWords {
    /// `12,000 recipients at 10/s: about 20 min, from 2026-12-07 09:00 Europe/Paris to about 09:20`; without a rate the
    /// number of recipients alone.
    static func line(_ forecast: ForecastView, _ times: Times, zoneName: String?) -> String {
        var text = "\(PaceWords.count(Int64(forecast.recipients))) recipient\(forecast.recipients == 1 ? "" : "s")"
        guard let rate = forecast.rate, let seconds = forecast.seconds, seconds > 0 else { return text }
        text += " at \(rate.escapedForDisplay): \(PaceWords.about(Double(seconds)))"
        guard let start = forecast.startsAt, let end = forecast.endsAt else { return text }
        let until = times.roughText(end, beside: start, zoneName: zoneName)
        return text + ", from \(times.text(start, zoneName: zoneName)) to about \(until)"
    }
}
