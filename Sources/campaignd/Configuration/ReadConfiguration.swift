import CampaignModel

/// The configuration as it was read: its values, and where each comes from.
struct ReadConfiguration: Sendable {
    var configuration = DaemonConfiguration()
    /// The files with settings that there are, in the order in which they were read.
    var files: [String] = []
    /// What stands in no file is not here.
    private var sources: [String: String] = [:]
    /// What was passed over and was perhaps not meant so, in sentences.
    var remarks: [String] = []

    /// - Parameter source: a file and its line, or `$` and a variable's name.
    mutating func note(_ source: String, of setting: DaemonSetting) { sources[setting.key] = source }

    /// Where the value in force comes from: `default` where nothing says otherwise.
    func source(of setting: DaemonSetting) -> String { sources[setting.key] ?? "default" }
}
