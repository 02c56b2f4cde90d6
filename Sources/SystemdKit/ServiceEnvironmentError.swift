/// What the service manager passed does not make sense: the variable, its value and what is allowed.
public struct ServiceEnvironmentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The variable's name, such as `LISTEN_FDS`.
    public let variable: String

    /// Its value, or the part of it that is wrong.
    public let value: String

    /// What would have been right, as the end of a sentence.
    public let allowed: String

    /// Makes an error from its parts.
    public init(variable: String, value: String, allowed: String) {
        self.variable = variable
        self.value = value
        self.allowed = allowed
    }

    /// `NOTIFY_SOCKET: "" is not allowed; it must be …`
    public var description: String {
        "\(variable): \"\(value)\" is not allowed; \(allowed)"
    }
}
