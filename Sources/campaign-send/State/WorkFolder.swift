import CampaignModel
import SystemdKit

/// The folder in which a surface finds the message file exactly as it was put, with the attachments beside it under
/// their names. Nobody else may look into it.
enum WorkFolder {
    static func make(_ path: String, message: MessageContent) throws(SystemError) {
        _ = try Disk.makeFolder(path)
        for file in [message.file] + message.attachments {
            let filePath = path + "/" + file.name
            let descriptor = try Disk.create(filePath)
            try Disk.write(file.bytes, to: descriptor.raw, filePath)
        }
    }
}
