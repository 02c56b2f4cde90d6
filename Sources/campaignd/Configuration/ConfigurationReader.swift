import CampaignModel
import Recurrence
import SendProtocol
import Spelling
import StrictYAML
import SurfaceFiles

/// Reads the configuration directory and the variables that override it. Everything is checked before any of it is
/// used.
struct ConfigurationReader {
    let directory: String
    let zones: any ZoneSource
    /// The environment; names that do not begin with `CAMPAIGND_` are nobody's business here.
    var variables: [String: String] = [:]

    /// Surfaces, audiences or drop-ins: more than this is a mistake, and each costs a file to read.
    private static let entryLimit = 1_000

    /// Reads campaignd.yaml, then conf.d by name, then the variables: what comes later wins, key by key.
    func read() throws -> ReadConfiguration {
        var read = ReadConfiguration()
        read.configuration.catalogue = Catalogue(surfaces: try surfaces(), audiences: Set(try audiences()))
        for (path, bytes) in try files() {
            read.files.append(path)
            try fill(&read, from: YAMLDocument.read(bytes: bytes, file: path))
        }
        try override(&read)
        return read
    }

    private func files() throws -> [(path: String, bytes: [UInt8])] {
        let main = directory + "/campaignd.yaml"
        let first = try RegularFile.read(main, limit: YAMLDocument.sizeLimit).map { [(main, $0)] } ?? []
        return try first + paths("conf.d").map { ($0, try existing($0)) }
    }

    /// Takes what one file says; what it does not say stays.
    func fill(_ read: inout ReadConfiguration, from root: YAMLNode) throws {
        let keys = DaemonSetting.all(in: nil).map(\.name) + DaemonSetting.sections
        let mapping = try root.mapping(allowing: keys)
        try fill(&read, DaemonSetting.all(in: nil), from: mapping)
        for section in DaemonSetting.sections {
            let settings = DaemonSetting.all(in: section)
            guard let inner = try mapping[section]?.mapping(allowing: settings.map(\.name)) else { continue }
            try fill(&read, settings, from: inner)
        }
    }

    private func fill(_ read: inout ReadConfiguration, _ settings: [DaemonSetting], from mapping: YAMLMapping) throws {
        for setting in settings {
            guard let node = mapping[setting.name] else { continue }
            let words = setting.isList ? try node.texts() : [try node.text()]
            do throws(DaemonSetting.Fault) {
                try setting.take(words, into: &read.configuration, zones: zones)
            } catch {
                throw node.error(error.reason)
            }
            read.note("\(node.file):\(node.place.line)", of: setting)
        }
    }

    // MARK: Variables

    /// Those of the client, of the sender and of tests: nobody means a setting by them.
    private static let foreignVariables = ["CAMPAIGND_SOCKET", FaultPoint.variable]
    private static let foreignPrefix = "CAMPAIGND_TEST_"

    private func override(_ read: inout ReadConfiguration) throws {
        for setting in DaemonSetting.all {
            guard let text = variables[setting.variable] else { continue }
            // Group names have no commas (useradd(8)).
            let words = setting.isList ? text.split { $0 == "," || $0 == " " }.map(String.init) : [text]
            do throws(DaemonSetting.Fault) {
                try setting.take(words, into: &read.configuration, zones: zones)
            } catch {
                throw ConfigurationError(description: "$\(setting.variable): \(error.reason)")
            }
            read.note("$\(setting.variable)", of: setting)
        }
        read.remarks = remarks
    }

    /// A variable may stand in the environment for somebody else, so that it is no reason to end.
    private var remarks: [String] {
        let known = DaemonSetting.all.map(\.variable)
        let strange = variables.keys.filter { name in
            name.hasPrefix(DaemonSetting.variablePrefix) && !name.hasPrefix(Self.foreignPrefix)
                && !(known + Self.foreignVariables).contains(name)
        }
        return strange.sorted().map { name in
            let hint = NearestWord.of(name, in: known).map { "; did you mean $\($0)?" } ?? ""
            return "$\(FieldError.shown(name)) is no setting, and is passed over\(hint)"
        }
    }

    // MARK: surfaces.d and audiences.d

    /// The files are checked whole; what the daemon keeps of them is what it schedules by.
    private func surfaces() throws -> [Surface] {
        try entries("surfaces.d").map { name, path in
            let file = try SurfaceFile(
                name: name, YAMLDocument.read(bytes: try existing(path), file: path))
            return Surface(
                name: name, channel: file.channel, maxConcurrent: file.maxConcurrent ?? Surface.defaultMaxConcurrent,
                retries: file.retries, rate: file.rate, timeout: file.timeout)
        }
    }

    private func audiences() throws -> [Slug] {
        try entries("audiences.d").map { name, path in
            _ = try AudienceFile(YAMLDocument.read(bytes: try existing(path), file: path))
            return name
        }
    }

    private func existing(_ path: String) throws -> [UInt8] {
        guard let bytes = try RegularFile.read(path, limit: YAMLDocument.sizeLimit) else {
            throw ConfigurationError(description: "\(path): is gone while it is read")
        }
        return bytes
    }

    private func entries(_ folder: String) throws -> [(Slug, String)] {
        try paths(folder).map { path in
            let file = path.split(separator: "/").last ?? ""
            guard let name = Slug(String(file.dropLast(".yaml".count))) else {
                throw ConfigurationError(
                    description: "\(path): its name must be a-z, 0-9 and -, and end with .yaml")
            }
            return (name, path)
        }
    }

    /// The files of a folder that are read, by name; hidden ones, and those of other endings, are not.
    private func paths(_ folder: String) throws -> [String] {
        let path = directory + "/" + folder
        let files = try RegularFile.names(in: path).filter { $0.hasSuffix(".yaml") }.sorted()
        guard files.count <= Self.entryLimit else {
            throw ConfigurationError(
                description: "\(path): has \(files.count) files; \(Self.entryLimit) at most are allowed")
        }
        return files.map { "\(path)/\($0)" }
    }
}
