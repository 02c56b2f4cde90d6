import Glibc

/// A system call that failed: which one, on what, and the error number it gave.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call's name as its man page has it, such as `sendto`.
    public let call: String

    /// What the call was about: a path, a descriptor, a variable.
    public let object: String

    /// The error number of errno(3), always positive.
    public let code: CInt

    /// Makes an error of a call's name, its object and an error number; the sign of `code` is ignored, since
    /// libsystemd returns negative ones.
    public init(call: String, object: String, code: CInt) {
        self.call = call
        self.object = object
        self.code = code.magnitude <= UInt32(CInt.max) ? CInt(code.magnitude) : CInt.max
    }

    /// `sendto /run/systemd/notify: Connection refused (errno 111)`
    public var description: String {
        "\(call) \(object): \(String(cString: strerror(code))) (errno \(code))"
    }
}
