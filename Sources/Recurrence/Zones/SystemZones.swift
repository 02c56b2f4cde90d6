import Synchronization

/// The zones of the system's database of TZif files, the one that the system's updates maintain.
///
///     let zones = SystemZones(directory: environment["TZDIR"])
///     let paris = try zones.zone(named: "Europe/Paris")
///
/// Every call looks at the file: a zone is read again when its file has changed, and a directory that is
/// replaced as a whole, or a link to it, is noticed by the next call.
public struct SystemZones: ZoneSource {
    /// Where Debian and most others keep the database.
    public static let defaultDirectory = "/usr/share/zoneinfo"
    /// The directory that is read.
    public let directory: String

    private let cache = Cache()

    /// The database in `directory`: pass the value of `$TZDIR`. Nil and empty mean `defaultDirectory`.
    public init(directory: String? = nil) {
        self.directory = directory.flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultDirectory
    }

    /// The zone of that name, links included; `name` stays the one that was asked for.
    ///
    /// Throws a `ZoneError` for everything that is no name of the database: paths, `..`, what is empty or
    /// longer than 255 bytes, files that are no zones, zones that count leap seconds.
    public func zone(named name: String) throws(ZoneError) -> Zone {
        guard ZoneNames.isValid(name) else { throw .invalidName(name) }
        // The two names in the directory that stand for a setting of the host, not for a zone.
        guard name != "localtime", name != "posixrules" else { throw .unknown(name, nearest: nil) }
        let result: Result<Zone, TZifError>
        do throws(ZoneFiles.Failure) {
            result = try read(name)
        } catch {
            throw explain(error, name)
        }
        switch result {
        case .success(let zone): return zone
        case .failure(let error): throw .damaged(name, error)
        }
    }

    private func read(_ name: String) throws(ZoneFiles.Failure) -> Result<Zone, TZifError> {
        try ZoneFiles.withFile(directory + "/" + name) { (identity, content) throws(ZoneFiles.Failure) in
            if let known = cache.zone(name, identity) { return .success(known) }
            let bytes = try content(.whole)
            return Result { () throws(TZifError) in
                let zone = try Zone(name: name, tzif: bytes)
                cache.keep(zone, identity)
                return zone
            }
        }
    }

    private func explain(_ failure: ZoneFiles.Failure, _ name: String) -> ZoneError {
        switch failure {
        case .unreadable(let reason): .unreadable(name, reason: reason)
        case .tooLarge: .unreadable(name, reason: "its file has more than \(ZoneFiles.sizeLimitBytes) bytes")
        case .absent where !ZoneFiles.isDirectory(directory):
            .unreadable(name, reason: "there is no directory \(directory)")
        case .absent:
            .unknown(name, nearest: ZoneNames.nearest(to: name, among: names))
        }
    }

    private var names: [String] {
        ((try? ZoneFiles.entries(below: directory)) ?? []).map(\.name)
    }

    /// What the first line of `tzdata.zi` says, such as `2025b`, or the file `+VERSION`; where neither is
    /// there, a hash over names, sizes and times of all files, such as `files-0123456789abcdef`. Each use
    /// reads it anew; where it cannot be read now, it is what it was last, or `unknown`.
    ///
    /// A zone whose file alone was replaced keeps this version and shows as another `Zone`.
    public var version: String {
        // A process that has no descriptor left would else find another database.
        guard let version = try? readVersion() else { return cache.version ?? "unknown" }
        cache.keep(version)
        return version
    }

    private func readVersion() throws(ZoneFiles.Failure) -> String {
        if let line = try firstLine(of: "tzdata.zi"), line.starts(with: "# version ") {
            return String(line.dropFirst("# version ".count))
        }
        if let line = try firstLine(of: "+VERSION"), !line.isEmpty { return line }
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for entry in try ZoneFiles.entries(below: directory) {
            let text = "\(entry.name) \(entry.sizeBytes) \(entry.modifiedSeconds) \(entry.modifiedNanoseconds)\n"
            // FNV-1a: it need only differ where the files do, nobody gains by a collision.
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return "files-" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The first line of a file of the directory; nil where there is none that is short printable ASCII.
    private func firstLine(of file: String) throws(ZoneFiles.Failure) -> String? {
        // "# version 2025b" has 15; a version that people make themselves may be longer.
        let limit = 80
        let bytes: [UInt8]
        do throws(ZoneFiles.Failure) {
            bytes = try ZoneFiles.withFile(directory + "/" + file) { (_, content) throws(ZoneFiles.Failure) in
                try content(.beginning(limit + 1))
            }
        } catch {
            if error == .absent { return nil }
            throw error
        }
        let line = bytes.prefix { $0 != 0x0A }
        guard line.count <= limit, line.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: line, as: UTF8.self)
    }
}

extension SystemZones {
    /// The zones read so far, by name, each with the file that it was read from.
    private final class Cache: Sendable {
        /// All of the database fits; a client that asks for more names than there are gains nothing. The
        /// largest zones take some 6 KB.
        private static let limit = 1_024

        private let zones = Mutex<[String: (ZoneFiles.Identity, Zone)]>([:])
        private let lastVersion = Mutex<String?>(nil)

        /// The last that could be read.
        var version: String? { lastVersion.withLock { $0 } }

        func keep(_ version: String) { lastVersion.withLock { $0 = version } }

        func zone(_ name: String, _ identity: ZoneFiles.Identity) -> Zone? {
            zones.withLock { $0[name].flatMap { $0.0 == identity ? $0.1 : nil } }
        }

        func keep(_ zone: Zone, _ identity: ZoneFiles.Identity) {
            zones.withLock {
                if $0.count >= Self.limit { $0.removeAll() }
                $0[zone.name] = (identity, zone)
            }
        }
    }
}
