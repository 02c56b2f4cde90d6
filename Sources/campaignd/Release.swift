import ControlAPI
import Recurrence

extension Release {
    /// A clock that reads earlier than this release was begun is wrong. A constant of the source, and not the time of
    /// the build, so that the same source gives the same program.
    static let earliestClock = Instant(secondsSinceEpoch: 1_767_225_600)  // 2026-01-01T00:00:00Z
}
