/// What a server says of itself in `org.varlink.service.GetInfo`.
public struct VarlinkServerIdentity: Sendable, Equatable {
    public var vendor: String
    public var product: String
    public var version: String
    /// Where its documentation is.
    public var url: String

    public init(vendor: String, product: String, version: String, url: String) {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
    }
}
