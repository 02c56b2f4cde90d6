import ArgumentParser
import ControlAPI
import Spelling

/// Names that campaignd knows: for completion by a shell, and to find what somebody meant.
enum Names {
    /// A person waits at the prompt.
    private static let patience: Duration = .milliseconds(500)

    private static let command = "campaignctl complete --names "

    /// Names of this kind may stand there. As the argument parser has no word for it, it is told as a command, which
    /// ``Completer`` reads again.
    static func completion(of kind: NamedKind) -> CompletionKind { .shellCommand(command + kind.rawValue) }

    static func kind(ofCommand text: String) -> NamedKind? {
        text.hasPrefix(command) ? NamedKind(rawValue: String(text.dropFirst(command.count))) : nil
    }

    /// The name that somebody meant; nil where none is near. Its first letter is taken to be right, as almost always.
    static func nearest(to name: String, of kind: NamedKind, socket: String) async -> String? {
        let limit = NamedKind.allowedLimits.upperBound
        let known = try? await names(of: kind, prefix: String(name.prefix(1)), limit: limit, socket: socket)
        return NearestWord.of(name, in: known ?? [])
    }

    static func names(
        of kind: NamedKind, prefix: String, limit: Int = NamedKind.allowedLimits.upperBound, socket: String
    ) async throws -> [String] {
        let client = try await ControlClient.connect(to: socket, timeout: patience)
        let names = try await client.names(of: kind, prefix: prefix, limit: limit)
        await client.close()
        return names
    }
}
