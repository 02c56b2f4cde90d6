import Glibc

/// An open descriptor with one owner; closed with it.
struct Descriptor: ~Copyable {
    let raw: CInt

    init(_ raw: CInt) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }
}
