"""Tests that would notice: change one small thing at a time, and see whether a test fails."""
