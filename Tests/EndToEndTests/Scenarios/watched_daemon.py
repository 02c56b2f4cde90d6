"""A daemon whose messages are kept: what it says to its administrator on standard error."""

import os

from daemon import Daemon


class WatchedDaemon(Daemon):
    def start(self, **variables):
        """Returns when the daemon is ready. Standard error is a file for it and for all that it starts."""
        standard = os.dup(2)
        with open(f"{self.folder}/messages", "ab") as messages:
            os.dup2(messages.fileno(), 2)
        try:
            super().start(**variables)
        finally:
            os.dup2(standard, 2)
            os.close(standard)

    def messages(self):
        with open(f"{self.folder}/messages") as file:
            return file.read().splitlines()
