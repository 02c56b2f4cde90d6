import Foundation
import SystemdKit
import Testing

@Suite("Machine")
struct MachineTests {
    @Test("the boot id is the kernel's")
    func bootID() throws {
        let kernel = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        #expect(try Machine.bootID() == kernel.filter(\.isHexDigit))
    }

    @Test("the machine id is that of /etc/machine-id, nil where there is none")
    func machineID() throws {
        let file = try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)
        let digits = file?.filter(\.isHexDigit) ?? ""
        #expect(try Machine.id() == (digits.count == 32 ? digits : nil))
    }

    @Test("the machine runs systemd where /run/systemd/system is a directory")
    func booted() {
        #expect(Machine.isBootedWithSystemd == FileManager.default.fileExists(atPath: "/run/systemd/system"))
    }
}
