"""What every app's templates may use."""
