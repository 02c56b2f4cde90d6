import ArgumentParser
import Recurrence

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
    /// The environment: settings may stand there too.
    let variables: [String: String]

    var configurationReader: ConfigurationReader {
        ConfigurationReader(
            directory: configurationDirectory, zones: SystemZones(directory: zoneDirectory), variables: variables)
    }
}
