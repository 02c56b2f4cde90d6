/// The parts of the library that take foreign bytes, each with the checks that hold whatever the bytes are.
///
/// The same checks run in the search (`Fuzz/run`) and, over the kept inputs in `Fuzz/Corpus`, in the tests.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Text to a recurrence rule, and the series that it makes.
    case rule
    /// The bytes of a TZif file to a zone, and what it answers.
    case zone
    /// Text to dates, times and instants.
    case text

    /// Runs the target over one input. Throws a `Finding` where a check does not hold; an input that is
    /// refused with an error of its own is fine.
    public func run(_ bytes: [UInt8]) throws(Finding) {
        switch self {
        case .rule: try RuleFuzz.run(bytes)
        case .zone: try ZoneFuzz.run(bytes)
        case .text: try TextFuzz.run(bytes)
        }
    }
}

/// A check that does not hold, in a sentence with the values that break it.
public struct Finding: Error, CustomStringConvertible {
    /// What should hold, and what was seen.
    public let description: String
}

func check(_ holds: Bool, _ description: @autoclosure () -> String) throws(Finding) {
    guard holds else { throw Finding(description: description()) }
}

/// Errors are read by people and kept in logs: they are short, whatever was refused. Two pieces of it are shown,
/// 40 characters each, and one that is escaped takes ten.
func checkRefusal(_ error: some Error) throws(Finding) {
    let text = "\(error)"
    let lengthLimitBytes = 1_000
    try check(text.utf8.count <= lengthLimitBytes, "a refusal has \(text.utf8.count) bytes: \(text.prefix(200))")
    try check(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F },
              "a refusal holds a control character: \(text.debugDescription)")
}
