import Glibc
import VarlinkKit

/// A server with the test service in a folder of its own, gone when the test has ended.
struct TestServer {
    let folder: TemporaryFolder
    let service: TestService
    let server: VarlinkServer

    var path: String {
        "\(folder.path)/s"
    }

    static let identity = VarlinkServerIdentity(
        vendor: "Example", product: "varlink tests", version: "1", url: "https://example.org")

    /// Runs `body` with a server, and stops it afterwards whatever happened.
    static func run<Value>(
        limits: VarlinkLimits = VarlinkLimits(), _ body: (TestServer) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder()
        let service = TestService()
        let server = try await VarlinkServer.start(
            on: .path("\(folder.path)/s"), services: [service], identity: identity, limits: limits)
        do {
            let value = try await body(TestServer(folder: folder, service: service, server: server))
            await server.stop(within: .zero)
            return value
        } catch {
            await server.stop(within: .zero)
            throw error
        }
    }

    /// Runs `body` with a client connected to the server.
    func withClient<Value>(
        timeout: Duration? = VarlinkClient.defaultTimeout, _ body: (VarlinkClient) async throws -> Value
    ) async throws -> Value {
        let client = try await VarlinkClient.connect(to: path, timeout: timeout)
        do {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }
}

/// A new folder, removed with its files when the last one lets go of it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/varlink-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw VarlinkServerError.invalidPath("mkdtemp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { unlink("\(path)/\(name)") }
            }
            closedir(folder)
        }
        rmdir(path)
    }
}
