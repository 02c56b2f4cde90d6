import Glibc
import SystemdKit

// No concurrency here: the process has one thread, which lives as long as the process. The surface's death signal
// hangs on the thread that started it (PR_SET_PDEATHSIG of prctl(2)).
let arguments = Array(ProcessArguments.all.dropFirst())
if arguments.first == ListFile.verb, arguments.count == 2 { ListFile.copy(arguments[1]) }
exit(Sender.run(arguments))
