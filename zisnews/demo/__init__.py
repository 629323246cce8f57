"""The demonstration world: invented publishers who keep publishing, served on loopback. No internet needed."""
