import Glibc

/// The daemon's own directories: systemd and tmpfiles.d make them for a service; for a daemon by hand it does so
/// itself.
enum OwnDirectory {
    /// Makes the directory where it is missing; its parent has to be there. The mode holds whatever the umask is.
    ///
    /// - Throws: ``StartError``.
    static func make(_ path: String, mode: mode_t) throws(StartError) {
        if mkdir(path, mode) == 0, chmod(path, mode) == 0 { return }
        guard errno == EEXIST else {
            throw StartError(description: "\(path): can't be made: \(String(cString: strerror(errno)))")
        }
    }
}
