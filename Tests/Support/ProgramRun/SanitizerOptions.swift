import Foundation

/// What the sanitizers of this process are told (`make sanitized`): programs that it starts, built as it is, are to be
/// told the same, also those that are given all their variables.
public enum SanitizerOptions {
    public static let variables = ProcessInfo.processInfo.environment.filter { name, _ in
        ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains(name)
    }
}
