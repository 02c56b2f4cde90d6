/// What is wrong in a YAML file, and where: `campaignd.yaml:3:5: max_concurent: unknown key; did you mean …`.
public struct YAMLError: Error, Hashable, Sendable, CustomStringConvertible {
    public let file: String
    /// Nil where the fault is the file's as a whole (its size, its encoding).
    public let place: YAMLPlace?
    /// The key, with dots for nesting; nil where no key is at fault.
    public let field: String?
    public let reason: String

    /// As much of a key, and of a reason with a value in it, as anybody reads; a file's may be megabytes.
    private static let fieldLimit = 100
    private static let reasonLimit = 500

    /// Field and reason are cut, and control characters in them written as `\u{1B}`: they come out of the file.
    public init(file: String, place: YAMLPlace?, field: String? = nil, reason: String) {
        self.file = file
        self.place = place
        self.field = field.map { Self.shown($0, limit: Self.fieldLimit) }
        self.reason = Self.shown(reason, limit: Self.reasonLimit)
    }

    private static func shown(_ text: String, limit: Int) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            if scalar.properties.generalCategory == .control {
                shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.dropFirst(limit).isEmpty ? shown : shown + "…"
    }

    public var description: String {
        let location = place.map { "\(file):\($0.line):\($0.column)" } ?? file
        return field.map { "\(location): \($0): \(reason)" } ?? "\(location): \(reason)"
    }
}

/// A place in a text file, both counted from 1.
public struct YAMLPlace: Hashable, Sendable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
