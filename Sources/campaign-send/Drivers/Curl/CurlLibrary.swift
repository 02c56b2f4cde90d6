import CCurl

/// libcurl, loaded when a webhook or a mail relay needs it: see CCurl.
final class CurlLibrary {
    /// Filled once; the library itself stays to the end of the process.
    let functions: UnsafePointer<ccurl>

    private init(_ functions: UnsafePointer<ccurl>) {
        self.functions = functions
    }

    deinit { functions.deallocate() }

    /// Why there is no transfer, in words.
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    static func load() throws(Failure) -> CurlLibrary {
        let table = UnsafeMutablePointer<ccurl>.allocate(capacity: 1)
        table.initialize(to: ccurl())
        let library = CurlLibrary(UnsafePointer(table))
        if let reason = ccurl_load(table) {
            throw Failure("libcurl can't be used (package libcurl4): \(String(cString: reason))")
        }
        try library.check(table.pointee.global_init(Int(CURL_GLOBAL_DEFAULT)))
        return library
    }

    func check(_ code: CURLcode) throws(Failure) {
        guard code == CURLE_OK else { throw Failure(text(of: code)) }
    }

    func text(of code: CURLcode) -> String {
        functions.pointee.easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    }

    func check(_ code: CURLMcode) throws(Failure) {
        guard code == CURLM_OK else {
            let text = functions.pointee.multi_strerror(code).map { String(cString: $0) }
            throw Failure(text ?? "error \(code.rawValue)")
        }
    }
}
