import CCurl
import CampaignModel
import Glibc

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
    private let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// Where the library writes why it failed.
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
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
        guard let easy = library.functions.pointee.easy_init(), let multi = library.functions.pointee.multi_init()
        else {
            throw CurlLibrary.Failure("libcurl is short of memory")
        }
        self.library = library
        self.easy = easy
        self.multi = multi
        self.bodyLimit = bodyLimit
        self.mayWrite = mayWrite
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try setRequest(request)
        try setConnection(request)
        try setCallbacks()
        let code = library.functions.pointee.multi_add_handle(multi, easy)
        guard code == CURLM_OK else { throw failure(code) }
    }

    deinit {
        let curl = library.functions.pointee
        _ = curl.multi_remove_handle(multi, easy)
        curl.easy_cleanup(easy)
        _ = curl.multi_cleanup(multi)
        curl.slist_free_all(headers)
        errorText.deallocate()
    }

    private func setRequest(_ request: Request) throws(CurlLibrary.Failure) {
        try set(CURLOPT_URL, request.url)
        try library.check(ccurl_set_body(library.functions, easy, request.body, request.body.count))
        // The name in the request line alone: it is written as a POST is.
        try set(CURLOPT_CUSTOMREQUEST, request.method)
        try set(CURLOPT_USERAGENT, "campaignd")
        for (name, value) in request.headers { try add("\(name): \(value)") }
        // No second request goes over this connection. RFC 9112, 9.6
        try add("Connection: close")
        // Not to be sent: a receiver that does not know it would cost a second of waiting.
        try add("Expect:")
        try library.check(ccurl_set_headers(library.functions, easy, headers))
    }

    private func add(_ header: String) throws(CurlLibrary.Failure) {
        guard let list = library.functions.pointee.slist_append(headers, header) else {
            throw CurlLibrary.Failure("libcurl is short of memory")
        }
        headers = list
    }

    /// Proxies are taken from the environment (`https_proxy`, …), the library's default.
    private func setConnection(_ request: Request) throws(CurlLibrary.Failure) {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_NOSIGNAL, 1)
        // A resolver that hangs is left to the end of the process, which is near.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout.wholeMilliseconds))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        // 2: the certificate must be for the host of the address.
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities = request.authorities {
            try set(CURLOPT_CAINFO, authorities)
            // Else the system's certificates, which lie there, would be trusted beside them.
            try set(CURLOPT_CAPATH, nil)
        }
    }

    private func setCallbacks() throws(CurlLibrary.Failure) {
        try library.check(ccurl_set_pointer(library.functions, easy, CURLOPT_ERRORBUFFER, errorText))
        let own = Unmanaged.passUnretained(self).toOpaque()
        try library.check(ccurl_set_write(
            library.functions, easy,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.take(UnsafeRawBufferPointer(start: bytes, count: size * count))
            }, own))
        try library.check(ccurl_set_head(
            library.functions, easy,
            { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return transfer.takeHead(line) ? line.count : 0
            }, own))
        try library.check(ccurl_set_prerequest(
            library.functions, easy,
            { context, _, _, _, _ in
                guard let context else { return CURL_PREREQFUNC_ABORT }
                let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.beginWriting() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }, own))
    }

    private func set(_ option: CURLoption, _ value: Int) throws(CurlLibrary.Failure) {
        try library.check(ccurl_set_long(library.functions, easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String?) throws(CurlLibrary.Failure) {
        try library.check(ccurl_set_text(library.functions, easy, option, value))
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
        var running: CInt = 0
        let code = library.functions.pointee.multi_perform(multi, &running)
        guard code == CURLM_OK else { throw failure(code) }
        var result = CURLE_OK
        guard ccurl_has_ended(library.functions, multi, &result) != 0 else { return false }
        guard result == CURLE_OK || isCut else {
            if headBytes > Self.headLimit {
                throw CurlLibrary.Failure("the answer's head has more than \(Self.headLimit) bytes")
            }
            let detail = String(cString: errorText)
            throw CurlLibrary.Failure(detail.isEmpty ? library.text(of: result) : detail)
        }
        guard hasHead else { throw CurlLibrary.Failure("the connection ended in the answer's head") }
        return true
    }

    /// Waits until there is something to do for ``advance()``, one of the descriptors is ready, or `timeout` is over.
    func wait(for interests: [(descriptor: CInt, events: Int32)], timeout: Duration) throws(CurlLibrary.Failure) {
        var entries = interests.map { interest in
            let reading = interest.events & POLLIN != 0 ? CURL_WAIT_POLLIN : 0
            let writing = interest.events & POLLOUT != 0 ? CURL_WAIT_POLLOUT : 0
            return curl_waitfd(fd: interest.descriptor, events: Int16(reading | writing), revents: 0)
        }
        let code = library.functions.pointee.multi_poll(
            multi, &entries, UInt32(entries.count), Poll.milliseconds(timeout), nil)
        guard code == CURLM_OK else { throw failure(code) }
    }

    private func failure(_ code: CURLMcode) -> CurlLibrary.Failure {
        let text = library.functions.pointee.multi_strerror(code).map { String(cString: $0) }
        return CurlLibrary.Failure(text ?? "error \(code.rawValue)")
    }

    // MARK: The answer

    var status: Int { ccurl_response_code(library.functions, easy) }

    /// The whole address to which a redirect would lead.
    var redirect: String? { ccurl_redirect_url(library.functions, easy).map { String(cString: $0) } }

    func header(_ name: String) -> String? {
        ccurl_header(library.functions, easy, name).map { String(cString: $0) }
    }

    /// Seconds since 1970 of a date in a header.
    func seconds(ofDate text: String) -> Int64? {
        let seconds = ccurl_date(library.functions, text)
        return seconds >= 0 ? seconds : nil
    }
}
