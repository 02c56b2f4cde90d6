import SystemdKit

/// An environment of a test's own; it remembers what was removed.
struct DictionaryVariables: EnvironmentVariables {
    var values: [String: String]
    var removed: Set<String> = []

    init(_ values: [String: String]) { self.values = values }

    func value(of name: String) -> String? { values[name] }

    mutating func remove(_ name: String) {
        values[name] = nil
        removed.insert(name)
    }
}
