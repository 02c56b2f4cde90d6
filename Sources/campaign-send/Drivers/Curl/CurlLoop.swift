import CCurl
import Glibc

/// Carries transfers on, all on the thread that calls it, and waits for them and for others: a multi handle. Only names
/// are resolved on a thread of the library's own.
final class CurlLoop {
    private let library: CurlLibrary
    private let raw: UnsafeMutableRawPointer
    private var handles: [CurlHandle] = []

    init(_ library: CurlLibrary) throws(CurlLibrary.Failure) {
        guard let raw = library.functions.pointee.multi_init() else {
            throw CurlLibrary.Failure("libcurl is short of memory")
        }
        self.library = library
        self.raw = raw
    }

    deinit {
        for handle in handles { _ = library.functions.pointee.multi_remove_handle(raw, handle.raw) }
        _ = library.functions.pointee.multi_cleanup(raw)
    }

    func add(_ handle: CurlHandle) throws(CurlLibrary.Failure) {
        try library.check(library.functions.pointee.multi_add_handle(raw, handle.raw))
        handles.append(handle)
    }

    /// Closes its connection, whatever it is about.
    func remove(_ handle: CurlHandle) {
        guard let index = handles.firstIndex(where: { $0 === handle }) else { return }
        _ = library.functions.pointee.multi_remove_handle(raw, handle.raw)
        handles.remove(at: index)
    }

    /// Does what can be done without waiting.
    ///
    /// - Returns: the transfers that have come to their end since, and how.
    func advance() throws(CurlLibrary.Failure) -> [(handle: CurlHandle, code: CURLcode)] {
        var running: CInt = 0
        try library.check(library.functions.pointee.multi_perform(raw, &running))
        var ended: [(handle: CurlHandle, code: CURLcode)] = []
        var code = CURLE_OK
        while let one = ccurl_ended(library.functions, raw, &code) {
            if let handle = handles.first(where: { $0.raw == one }) { ended.append((handle, code)) }
        }
        return ended
    }

    /// Waits until there is something to do for ``advance()``, one of the descriptors is ready, or `timeout` is over.
    func wait(for interests: [(descriptor: CInt, events: Int32)], timeout: Duration) throws(CurlLibrary.Failure) {
        var entries = interests.map { interest in
            let reading = interest.events & POLLIN != 0 ? CURL_WAIT_POLLIN : 0
            let writing = interest.events & POLLOUT != 0 ? CURL_WAIT_POLLOUT : 0
            return curl_waitfd(fd: interest.descriptor, events: Int16(reading | writing), revents: 0)
        }
        try library.check(library.functions.pointee.multi_poll(
            raw, &entries, UInt32(entries.count), Poll.milliseconds(timeout), nil))
    }
}
