import ControlAPI
import VarlinkKit

/// One argument of a verb, as the argument parser describes it.
struct VerbArgument {
    /// `--tag`, `-f`; none of an argument that stands by its place.
    let names: [String]
    let about: String
    let isRepeating: Bool
    let takesValue: Bool
    let values: Values

    /// What its value can be.
    enum Values: Equatable {
        case words([String])
        case names(NamedKind)
        case files
        case any
    }

    /// - Parameter description: an argument of `--experimental-dump-help`.
    init(_ description: JSONValue) {
        names = (description["names"]?.arrayValue ?? []).compactMap { name in
            name["name"]?.stringValue.map { name["kind"] == "short" ? "-\($0)" : "--\($0)" }
        }
        about = description["abstract"]?.stringValue ?? ""
        isRepeating = description["isRepeating"] == true
        takesValue = description["kind"] != "flag"
        let completion = description["completionKind"]
        if let words = completion?["list"]?["values"]?.arrayValue {
            values = .words(words.compactMap(\.stringValue))
        } else if let kind = completion?["shellCommand"]?["command"]?.stringValue.flatMap(Names.kind(ofCommand:)) {
            values = .names(kind)
        } else {
            values = completion?["file"] == nil ? .any : .files
        }
    }
}
