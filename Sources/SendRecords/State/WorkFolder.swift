internal import CampaignModel
internal import SystemdKit

/// The folder in which a surface finds the message file exactly as it was put, with the attachments beside it under
/// their names. Nobody else may look into it.
enum WorkFolder {
    static func make(_ path: String, message: MessageContent, on disk: any RecordDisk) throws(SystemError) {
        try disk.makeFolder(path)
        for file in [message.file] + message.attachments {
            try disk.create(path + "/" + file.name).write(file.bytes)
        }
    }
}
