import SendProtocol
import SendRecords
import SimulatedDisk

/// A peer that notes what it is told by a process that lives, and looks then whether that would outlive a power cut.
final class RecordingPeer: AnswerPeer {
    private(set) var isLost = false
    private(set) var answers: [SenderAnswer] = []
    private let disk: SimulatedDisk
    private let step: (String) -> Void
    private let look: (SenderAnswer) -> Void

    init(_ disk: SimulatedDisk, step: @escaping (String) -> Void, look: @escaping (SenderAnswer) -> Void) {
        self.disk = disk
        self.step = step
        self.look = look
    }

    func send(_ answer: SenderAnswer) {
        step("tell")
        guard disk.isAlive, !isLost else { return }
        answers.append(answer)
        look(answer)
    }

    func finish() {}

    func lose() { isLost = true }
}
