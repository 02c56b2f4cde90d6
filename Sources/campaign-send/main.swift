import Glibc

// No concurrency here: the process has one thread, which lives as long as the process. The surface's death signal
// hangs on the thread that started it (PR_SET_PDEATHSIG of prctl(2)).
if CommandLine.arguments.dropFirst().first == SurfaceTrampoline.verb {
    SurfaceTrampoline.run(Array(CommandLine.arguments.dropFirst(2)))
}
exit(Sender.run(Array(CommandLine.arguments.dropFirst())))
