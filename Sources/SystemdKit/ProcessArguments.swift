import Glibc

/// The words that this program was started with.
public enum ProcessArguments {
    /// Longer than the kernel lets a command line be with its default stack (execve(2)).
    private static let limitBytes = 4 * 1_024 * 1_024

    /// The program's name and its arguments, as the kernel has them (proc(5): /proc/self/cmdline).
    ///
    /// Swift finds them beside the environment's place in memory and answers none at all where a preloaded library has
    /// moved the environment by setenv(3) before main, as libraries that shift the clock for a test do. A daemon that
    /// ran with its defaults instead of what it was told would be worse than one that does not start.
    public static var all: [String] {
        let swifts = CommandLine.arguments
        return swifts.isEmpty ? read() : swifts
    }

    static func read() -> [String] {
        let descriptor = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limitBytes {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        // Each word is ended by a NUL, the last one too.
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
