import CCurl

/// One request by libcurl, and what comes back. It does nothing but in ``advance()``, on the thread that calls it;
/// only names are resolved on a thread of the library's own.
final class CurlTransfer {
    struct Request {
        let url: String
        let method: String
        let headers: [(name: String, value: String)]
        let body: [UInt8]
        let connectTimeout: Duration
        /// A file of certificates in place of the system's.
        let authorities: String?
    }

    private let library: CurlLibrary
    private let handle: CurlHandle
    private let loop: CurlLoop
    private var headers: UnsafeMutablePointer<curl_slist>?
    private let bodyLimit: Int
    private let mayWrite: () -> Bool

    /// All heads of an answer and its trailers; servers send below 16 KiB.
    private static let headLimit = 256 * 1_024

    private(set) var body: [UInt8] = []
    /// The answer's body goes on, and its rest is not wanted.
    private(set) var isCut = false
    /// Whether the last head came to its end. Where the connection ends before that, the library takes what it has for
    /// the answer (7.88).
    private var hasHead = false
    private var headBytes = 0
    /// Whether the library was let write the request.
    ///
    /// It asks when the connection stands, its TLS included, and before the first byte (CURLOPT_PREREQFUNCTION). From
    /// there on nothing tells how much the peer has read: what was written may lie in a buffer of either side, so that
    /// all of it counts as written.
    private(set) var mayBeWritten = false

    /// - Parameters:
    ///   - bodyLimit: the bytes of the answer's body that are read.
    ///   - mayWrite: asked once, right before the request is written; false ends the transfer.
    init(
        _ library: CurlLibrary, _ request: Request, bodyLimit: Int, mayWrite: @escaping () -> Bool
    ) throws(CurlLibrary.Failure) {
        self.library = library
        handle = try CurlHandle(library)
        loop = try CurlLoop(library)
        self.bodyLimit = bodyLimit
        self.mayWrite = mayWrite
        try setRequest(request)
        try setConnection(request)
        try setCallbacks()
        try loop.add(handle)
    }

    deinit {
        loop.remove(handle)
        library.functions.pointee.slist_free_all(headers)
    }

    private func setRequest(_ request: Request) throws(CurlLibrary.Failure) {
        try handle.set(CURLOPT_URL, request.url)
        try library.check(ccurl_set_body(library.functions, handle.raw, request.body, request.body.count))
        // The name in the request line alone: it is written as a POST is.
        try handle.set(CURLOPT_CUSTOMREQUEST, request.method)
        try handle.set(CURLOPT_USERAGENT, "campaignd")
        for (name, value) in request.headers { try add("\(name): \(value)") }
        // No second request goes over this connection. RFC 9112, 9.6
        try add("Connection: close")
        // Not to be sent: a receiver that does not know it would cost a second of waiting.
        try add("Expect:")
        try library.check(ccurl_set_headers(library.functions, handle.raw, headers))
    }

    private func add(_ header: String) throws(CurlLibrary.Failure) {
        guard let list = library.functions.pointee.slist_append(headers, header) else {
            throw CurlLibrary.Failure("libcurl is short of memory")
        }
        headers = list
    }

    /// Proxies are taken from the environment (`https_proxy`, …), the library's default.
    private func setConnection(_ request: Request) throws(CurlLibrary.Failure) {
        try handle.setConnection(
            protocols: "http,https", connectTimeout: request.connectTimeout, authorities: request.authorities)
        try handle.set(CURLOPT_FOLLOWLOCATION, 0)
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    }

    private func setCallbacks() throws(CurlLibrary.Failure) {
        let own = Unmanaged.passUnretained(self).toOpaque()
        try library.check(ccurl_set_write(
            library.functions, handle.raw,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }, own))
        try library.check(ccurl_set_head(
            library.functions, handle.raw,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer.takeHead(line) ? line.count : 0
            }, own))
        try library.check(ccurl_set_prerequest(
            library.functions, handle.raw,
            { context, _, _, _, _ in
                guard let context else { return CURL_PREREQFUNC_ABORT }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.beginWriting() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }, own))
    }

    private func beginWriting() -> Bool {
        guard mayWrite() else { return false }
        mayBeWritten = true
        return true
    }

    /// - Returns: false ends the transfer.
    private func takeHead(_ line: UnsafeRawBufferPointer) -> Bool {
        if line.elementsEqual("\r\n".utf8) || line.elementsEqual("\n".utf8) {
            hasHead = true
        } else if line.starts(with: "HTTP/".utf8) {
            // Another head, after an interim one. Other lines may be trailers, without an empty line at their end.
            hasHead = false
        }
        headBytes += line.count
        return headBytes <= Self.headLimit
    }

    /// - Returns: how many bytes were taken; fewer than there are end the transfer.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = bodyLimit - body.count
        body += bytes.prefix(room)
        guard bytes.count > room else { return bytes.count }
        isCut = true
        return 0
    }

    // MARK: Under way

    /// Does what can be done without waiting.
    ///
    /// - Returns: whether the answer is there.
    /// - Throws: why there is none and will be none.
    func advance() throws(CurlLibrary.Failure) -> Bool {
        guard let ended = try loop.advance().first else { return false }
        guard ended.code == CURLE_OK || isCut else {
            if headBytes > Self.headLimit {
                throw CurlLibrary.Failure("the answer's head has more than \(Self.headLimit) bytes")
            }
            throw CurlLibrary.Failure(handle.reason(ended.code))
        }
        guard hasHead else { throw CurlLibrary.Failure("the connection ended in the answer's head") }
        return true
    }

    /// Waits until there is something to do for ``advance()``, one of the descriptors is ready, or `timeout` is over.
    func wait(for interests: [(descriptor: CInt, events: Int32)], timeout: Duration) throws(CurlLibrary.Failure) {
        try loop.wait(for: interests, timeout: timeout)
    }

    // MARK: The answer

    var status: Int { ccurl_response_code(library.functions, handle.raw) }

    /// The whole address to which a redirect would lead.
    var redirect: String? { ccurl_redirect_url(library.functions, handle.raw).map { String(cString: $0) } }

    func header(_ name: String) -> String? {
        ccurl_header(library.functions, handle.raw, name).map { String(cString: $0) }
    }

    /// Seconds since 1970 of a date in a header.
    func seconds(ofDate text: String) -> Int64? {
        let seconds = ccurl_date(library.functions, text)
        return seconds >= 0 ? seconds : nil
    }
}
