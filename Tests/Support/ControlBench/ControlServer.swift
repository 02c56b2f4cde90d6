import ControlAPI
import Foundation
import Synchronization
import VarlinkKit

/// A server with a `ControlService` in a folder of its own, for the time of a test.
enum ControlServer {
    private static let paths = Mutex<[ObjectIdentifier: String]>([:])

    static func path(of server: VarlinkServer) -> String {
        paths.withLock { $0[ObjectIdentifier(server)] ?? "" }
    }

    /// - Parameter policy: nil lets this process's user do everything.
    static func run(
        _ control: RecordingControl, policy: AccessPolicy? = nil,
        _ body: (ControlClient, VarlinkServer) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("control-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("s").path
        let access = policy ?? AccessPolicy(daemonUID: getuid())
        let server = try await VarlinkServer.start(
            on: .path(path),
            services: [ControlService(control: control, access: { access }, userName: { _ in "tester" })],
            identity: VarlinkServerIdentity(
                vendor: "campaignd", product: "test", version: "1", url: "https://example.org"))
        paths.withLock { $0[ObjectIdentifier(server)] = path }
        let client = try await ControlClient.connect(to: path)
        let result = await Result { try await body(client, server) }
        await client.close()
        await server.stop(within: .seconds(5))
        paths.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(server)) }
        try result.get()
    }
}

extension Result where Failure == any Error, Success == Void {
    fileprivate init(_ body: () async throws -> Void) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
