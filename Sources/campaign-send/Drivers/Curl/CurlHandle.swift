import CCurl
import CampaignModel

/// One transfer of libcurl's, its settings and why it failed: an easy handle.
final class CurlHandle {
    let library: CurlLibrary
    let raw: UnsafeMutableRawPointer
    /// Where the library writes why it failed.
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    init(_ library: CurlLibrary) throws(CurlLibrary.Failure) {
        guard let raw = library.functions.pointee.easy_init() else {
            throw CurlLibrary.Failure("libcurl is short of memory")
        }
        self.library = library
        self.raw = raw
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try library.check(ccurl_set_pointer(library.functions, raw, CURLOPT_ERRORBUFFER, errorText))
    }

    deinit {
        library.functions.pointee.easy_cleanup(raw)
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) throws(CurlLibrary.Failure) {
        try library.check(ccurl_set_long(library.functions, raw, option, value))
    }

    /// - Parameter value: nil takes a default away.
    func set(_ option: CURLoption, _ value: String?) throws(CurlLibrary.Failure) {
        try library.check(ccurl_set_text(library.functions, raw, option, value))
    }

    /// What every connection has in common: how long it may take to stand, and whom it trusts.
    ///
    /// - Parameters:
    ///   - protocols: the schemes that the address may have, with commas between.
    ///   - authorities: a file of certificates in place of the system's.
    func setConnection(
        protocols: String, connectTimeout: Duration, authorities: String?
    ) throws(CurlLibrary.Failure) {
        try set(CURLOPT_PROTOCOLS_STR, protocols)
        try library.check(ccurl_set_close_on_exec(library.functions, raw))
        try set(CURLOPT_NOSIGNAL, 1)
        // A resolver that hangs is left to the end of the process, which is near.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(connectTimeout.wholeMilliseconds))
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        // 2: the certificate must be for the host of the address.
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if let authorities {
            try set(CURLOPT_CAINFO, authorities)
            // Else the system's certificates, which lie there, would be trusted beside them.
            try set(CURLOPT_CAPATH, nil)
        }
    }

    /// Why it failed, as exactly as the library says.
    func reason(_ code: CURLcode) -> String {
        let detail = String(cString: errorText)
        return detail.isEmpty ? library.text(of: code) : detail
    }
}
