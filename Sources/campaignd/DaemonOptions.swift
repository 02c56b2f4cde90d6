import ArgumentParser

/// How campaignd was started.
struct DaemonOptions: Sendable {
    enum Launcher: String, CaseIterable, ExpressibleByArgument, Sendable {
        case child, socket
    }

    let configurationDirectory: String
    let stateDirectory: String
    let runtimeDirectory: String
    let launcher: Launcher
    /// Nil: the system's.
    let zoneDirectory: String?
}
