import ControlAPI
import Glibc
import Recurrence
import Synchronization

/// The configuration in force, and what became of the newest try to read another one; asked at each call, replaced by a
/// reload.
final class CurrentConfiguration: Sendable {
    private struct State {
        var read: ReadConfiguration
        var readAt: Instant
        var policy: AccessPolicy
        /// Nil where the newest one is in force.
        var refusal: ConfigurationView.Refusal?

        init(_ read: ReadConfiguration, at now: Instant) {
            self.read = read
            readAt = now
            let access = read.configuration.access
            policy = AccessPolicy(daemonUID: getuid(), operatorGroups: access.operators, viewerGroups: access.viewers)
        }
    }

    private let state: Mutex<State>

    init(_ read: ReadConfiguration, at now: Instant) {
        state = Mutex(State(read, at: now))
    }

    /// Who may do what.
    var policy: AccessPolicy { state.withLock(\.policy) }

    func use(_ read: ReadConfiguration, at now: Instant) {
        state.withLock { $0 = State(read, at: now) }
    }

    /// - Parameter text: why another one can't be used; the one in force stays.
    func refuse(_ text: String, at now: Instant) {
        state.withLock { $0.refusal = ConfigurationView.Refusal(at: now, text: text) }
    }

    var view: ConfigurationView {
        state.withLock { state in
            ConfigurationView(
                readAt: state.readAt, files: state.read.files, refused: state.refusal,
                settings: DaemonSetting.all.map { setting in
                    ConfigurationView.Setting(
                        key: setting.key, value: setting.text(in: state.read.configuration),
                        source: state.read.source(of: setting))
                })
        }
    }
}
