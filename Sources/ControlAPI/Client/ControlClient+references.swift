public import CampaignModel
internal import VarlinkKit

/// What campaigns refer to.
extension ControlClient {
    /// The names of a kind that begin with `prefix`, in order.
    public func names(
        of kind: NamedKind, prefix: String, limit: Int = NamedKind.defaultLimit
    ) async throws -> [String] {
        let parameters: JSONObject = [
            "kind": .string(kind.rawValue), "prefix": .string(prefix), "limit": JSONValue(limit),
        ]
        return try JSONFields(try await call(.complete, parameters)).texts("names") ?? []
    }

    /// - Parameter revision: nil for the newest one.
    public func message(_ name: String, revision: Int? = nil) async throws -> Received<MessageContentView> {
        let parameters: JSONObject = ["name": .string(name), "revision": JSONValue(revision)]
        return try JSONFields(try await call(.showMessage, parameters)).view("message") { (json) throws(ViewError) in
            try Received(json, MessageContentView.init(json:))
        }
    }

    /// By name.
    public func surfaces() async throws -> [Received<SurfaceView>] {
        try JSONFields(try await call(.listSurfaces, [:])).views("surfaces") { (json) throws(ViewError) in
            try Received(json, SurfaceView.init(json:))
        }
    }

    /// By name.
    public func audiences() async throws -> [Received<AudienceView>] {
        try JSONFields(try await call(.listAudiences, [:])).views("audiences") { (json) throws(ViewError) in
            try Received(json, AudienceView.init(json:))
        }
    }

    public func countAudience(_ name: String) async throws -> Received<AudienceCountView> {
        try Received(try await call(.countAudience, ["name": .string(name)]), AudienceCountView.init(json:))
    }

    /// - Parameter limit: one of `AudienceSample.allowedLimits`.
    public func sampleAudience(
        _ name: String, limit: Int = AudienceSample.defaultLimit
    ) async throws -> Received<AudienceSampleView> {
        let parameters: JSONObject = ["name": .string(name), "limit": JSONValue(limit)]
        return try Received(try await call(.sampleAudience, parameters), AudienceSampleView.init(json:))
    }
}
