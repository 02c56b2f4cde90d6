import Glibc
import SendProtocol

/// The environment of the programs that are started here.
enum ProgramEnvironment {
    /// Variables that tell of this process and not of the program. Those of sd_notify(3), sd_listen_fds(3) and the
    /// watchdog are gone since the start (``ServiceEnvironment``).
    private static let ownVariables = [FaultPoint.variable, "STATE_DIRECTORY", "CONFIGURATION_DIRECTORY"]

    /// Our own environment less what is about us, and less other names.
    static func inherited(without names: [String] = []) -> [String] {
        let left = Set(names + ownVariables)
        var entries: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            let name = line.prefix { $0 != "=" }
            if !left.contains(String(name)) { entries.append(line) }
            entry += 1
        }
        return entries
    }
}
