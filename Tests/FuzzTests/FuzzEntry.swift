import Dispatch
import Glibc

/// The target that `$FUZZ_TARGET` names.
private let target: FuzzTarget = {
    guard let name = getenv("FUZZ_TARGET").map({ String(cString: $0) }), let target = FuzzTarget(rawValue: name) else {
        fatalError("FUZZ_TARGET is to name one of \(FuzzTarget.allCases.map(\.rawValue))")
    }
    return target
}()

/// The search's way in: libFuzzer calls it with one input after the other (`Fuzz/run`). The tests never do.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
        do {
            try await target.run(bytes)
        } catch {
            fatalError("\(error)")
        }
        isDone.signal()
    }
    isDone.wait()
    return 0
}
