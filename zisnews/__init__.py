"""The project: settings, schedule, addresses. Importing it loads nothing: `./zis` answers fast and stays small."""
