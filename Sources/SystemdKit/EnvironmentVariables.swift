import Glibc

/// The environment variables of a process, as far as taking them over needs them.
///
/// A protocol, because the real environment is one for the whole process: a test gives its own.
public protocol EnvironmentVariables {
    /// The variable's value, nil where it is not set. An empty value is a value.
    func value(of name: String) -> String?

    /// Removes the variable; nothing happens where it is not set.
    mutating func remove(_ name: String)
}

/// The environment of this process, environ(7).
///
/// `remove` is unsetenv(3), which must not run beside a getenv(3) of another thread: use it before threads exist.
public struct ProcessVariables: EnvironmentVariables, Sendable {
    /// Looks at nothing yet.
    public init() {}

    /// getenv(3). Bytes that are not UTF-8 are replaced by U+FFFD.
    public func value(of name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// All of them, by name; of a name that comes twice the first, as getenv(3) has it.
    public var all: [String: String] {
        var found: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, found[String(parts[0])] == nil { found[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return found
    }

    /// unsetenv(3).
    public mutating func remove(_ name: String) {
        unsetenv(name)
    }
}
