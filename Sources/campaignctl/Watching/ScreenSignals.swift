import Glibc
import Synchronization

/// What signals mean while a ``LiveScreen`` draws. One that ends the program ends it still, so that a shell sees what
/// it is used to (130 after Ctrl-C, as with `kubectl get -w` and `journalctl -f`); only the line is cleared before.
enum ScreenSignals {
    /// Set when the program was stopped (Ctrl-Z) and goes on: the shell has written below what was drawn.
    private static let hasContinued = Atomic(false)

    static func install() {
        // Made before a handler needs it.
        hasContinued.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            let previous = signal(number, endOfScreen)
            // What nohup(1) or a shell's & has turned off stays off.
            if unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
        }
        signal(SIGCONT) { _ in ScreenSignals.hasContinued.store(true, ordering: .relaxed) }
    }

    /// Whether the program has gone on after a stop since this was last asked.
    static func takeContinued() -> Bool {
        hasContinued.exchange(false, ordering: .relaxed)
    }
}

/// Plain colours, the line's beginning, and nothing after it, also in the middle of a frame; then the signal does what
/// it does by default once this returns. All that it calls may be called by a handler (signal-safety(7)).
private func endOfScreen(_ number: Int32) {
    let sequence: StaticString = "\u{1B}[0m\r\u{1B}[J"
    _ = write(STDOUT_FILENO, sequence.utf8Start, sequence.utf8CodeUnitCount)
    signal(number, SIG_DFL)
    raise(number)
}
