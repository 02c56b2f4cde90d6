import FoundationEssentials
import Glibc

/// The files that are meant by paths: a folder stands for the campaign files in it.
enum CampaignFiles {
    /// - Returns: the paths, a folder's by name; what is not a folder as it is.
    /// - Throws: ``Failure`` for a folder that can't be read, and for one without a campaign file.
    static func paths(_ paths: [String]) throws(Failure) -> [String] {
        var files: [String] = []
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                files.append(path)
                continue
            }
            files += try names(in: path).map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
        }
        return files
    }

    private static func names(in folder: String) throws(Failure) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw failure(folder, "can't be read")
        }
        let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
        if files.isEmpty { throw failure(folder, "has no file whose name ends with .yaml or .yml") }
        return files
    }

    private static func failure(_ folder: String, _ reason: String) -> Failure {
        .invalidFile(folder, field: "file", value: folder, reason: reason, text: "\(folder): \(reason)")
    }
}
