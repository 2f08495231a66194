"""The emulator's CloudFormation engine, put right where it differs from AWS's."""
