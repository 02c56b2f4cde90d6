import ControlAPI
import Recurrence
import VarlinkKit

/// A send with its pace.
struct WatchedSend: Equatable {
    let seen: SeenSend
    /// Recipients a second; nil where it is not known, and of one that has ended.
    let rate: Double?
    /// How long it still takes at that rate.
    let secondsLeft: Double?

    var view: SendView { seen.view }

    /// The send's object with `rate` and `ends_at`.
    func json(at now: Instant) -> JSONObject {
        var object = seen.json
        object["rate"] = rate.map { .double(($0 * 1_000).rounded() / 1_000) } ?? .null
        object["ends_at"] = secondsLeft.map { .string((now + Int64($0.rounded(.up))).description) } ?? .null
        return object
    }
}
