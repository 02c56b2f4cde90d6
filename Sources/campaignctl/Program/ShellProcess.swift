import Glibc

/// A program that runs on this terminal for the person, by a shell: an editor, a pager.
struct ShellProcess {
    private let id: pid_t

    /// What the operating system said no to.
    struct Failed: Error {
        let code: Int32
    }

    /// Starts it, with the signals that this program ignores at their defaults: an ignored one would stay ignored in it
    /// and in all that it starts.
    ///
    /// - Parameters:
    ///   - arguments: of sh(1), behind its name.
    ///   - input: what it has as its standard input; nil for this program's.
    static func start(_ arguments: [String], input: Int32? = nil) throws(Failed) -> ShellProcess {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGINT, SIGQUIT, SIGPIPE] { sigaddset(&defaults, number) }
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) }
        let argv = (["/bin/sh"] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in argv { free(pointer) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, "/bin/sh", &actions, &attributes, argv, environ)
        guard code == 0 else { throw Failed(code: code) }
        return ShellProcess(id: id)
    }

    /// Waits for its end, for as long as the person takes.
    ///
    /// - Returns: how it ended, as waitpid(2) tells it.
    func wait() throws(Failed) -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            if errno != EINTR { throw Failed(code: errno) }
        }
        return status
    }
}
