import CampaignModel

/// What the files of the configuration directory say: campaignd.yaml, and the names in surfaces.d and audiences.d.
struct DaemonConfiguration: Hashable, Sendable {
    var settings = Settings()
    var catalogue = Catalogue()
    var access = Access()

    /// Groups whose members may do everything, and who may only read.
    struct Access: Hashable, Sendable {
        var operators = ["campaignd"]
        var viewers = ["campaignd-view"]
    }
}

/// A configuration that can't be used, with file, line and key; the program ends with 78 (EX_CONFIG of sysexits(3)).
struct ConfigurationError: Error, CustomStringConvertible {
    let description: String
}
