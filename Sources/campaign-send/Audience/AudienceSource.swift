import CampaignModel

/// Where the recipients of an audience come from: a file or the output of a program.
enum AudienceSource {
    case file(String)
    case command([String])

    /// What ``ChildProgram`` starts for it.
    var program: (file: String, words: [String]) {
        switch self {
        case .file(let path): ListFile.program(path)
        case .command(let words): (words[0], words)
        }
    }

    /// What a fault in the list is said of.
    var name: String {
        switch self {
        case .file(let path): path
        case .command(let words): "the output of \(words[0])"
        }
    }

    /// Why the end of its process is a failure; nil where it is none.
    func fault(_ exit: ProgramExit, audience: Slug) -> String? {
        switch self {
        case .file(let path):
            return ListFile.fault(exit, path: path, audience: audience)
        case .command(let words):
            if case .status(0) = exit { return nil }
            return "\(words[0]) \(exit.text); it must end with 0 once it has written the whole list"
        }
    }
}
