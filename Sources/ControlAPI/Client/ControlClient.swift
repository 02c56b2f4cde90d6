public import VarlinkKit

/// A connection to campaignd, with its methods by name.
///
/// Every method throws `VarlinkErrorReply` where the daemon refuses, `VarlinkClientError` where there is no answer,
/// ``ViewError`` where the answer is not understood, and `CancellationError`.
public struct ControlClient: Sendable {
    let connection: VarlinkClient

    /// Where campaignd listens unless told otherwise.
    public static let defaultSocket = "/run/campaignd/control.sock"
    /// Longer than the daemon waits for a sender (5 s), for an audience to be counted (10 s) and for a test to end
    /// (``SendTestView/patienceSeconds``).
    public static let answerTimeout: Duration = .seconds(30)

    public static func connect(
        to socket: String = defaultSocket, timeout: Duration = answerTimeout
    ) async throws(VarlinkClientError) -> ControlClient {
        ControlClient(connection: try await VarlinkClient.connect(to: socket, timeout: timeout))
    }

    public func close() async {
        await connection.close()
    }

    /// Makes one call of `org.campaignd`.
    func call(_ method: ControlMethod, _ parameters: JSONObject) async throws -> JSONObject {
        try await connection.call(ControlError.prefix + method.rawValue, parameters.withoutNulls)
    }

    /// Makes one call of `org.campaignd` that is answered with several replies, each of which may take as long as an
    /// answer.
    func callMore(
        _ method: ControlMethod, _ parameters: JSONObject, timeout: Duration = answerTimeout
    ) -> AsyncThrowingStream<JSONObject, any Error> {
        connection.callMore(ControlError.prefix + method.rawValue, parameters.withoutNulls, timeout: timeout)
    }
}

/// An object as the daemon sent it, and what it means.
public struct Received<View: Sendable>: Sendable {
    public let view: View
    public let json: JSONObject

    init(_ json: JSONObject, _ make: (JSONObject) throws(ViewError) -> View) throws(ViewError) {
        view = try make(json)
        self.json = json
    }
}

/// What every change may say.
public struct ChangeOptions: Sendable, Equatable {
    public var revision: Int?
    public var reason: String?
    public var isDryRun: Bool

    public init(revision: Int? = nil, reason: String? = nil, isDryRun: Bool = false) {
        self.revision = revision
        self.reason = reason
        self.isDryRun = isDryRun
    }

    var json: JSONObject {
        ["revision": JSONValue(revision), "reason": JSONValue(reason), "dry_run": isDryRun ? true : nil]
    }
}

extension JSONObject {
    /// Null and absent mean the same; a shorter call is read sooner.
    var withoutNulls: JSONObject { filter { !$0.value.isNull } }
}
