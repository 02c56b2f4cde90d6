import ControlAPI
import Recurrence
import VarlinkKit

/// A send with its pace.
struct WatchedSend: Equatable {
    let seen: SeenSend
    /// Recipients a second; nil where it is not known, and of one that has ended.
    let rate: Double?
    /// How long it still takes at that rate, or at its surface's before it has one of its own.
    let secondsLeft: Double?
    /// Whether the daemon has the alert that what its campaign is sending can't end in time.
    var endsTooLate = false

    var view: SendView { seen.view }

    /// The send's object with `rate`, `ends_at` and `ends_too_late`.
    func json(at now: Instant) -> JSONObject {
        var object = seen.json
        object["rate"] = rate.map { .double(($0 * 1_000).rounded() / 1_000) } ?? .null
        object["ends_at"] = secondsLeft.map { .string((now + Int64($0.rounded(.up))).description) } ?? .null
        object["ends_too_late"] = .bool(endsTooLate)
        return object
    }
}
